{# Bringing a table up to date without what only a table made anew needs. dbt's own way puts the new rows into a table beside it, asks for the
   columns of both, copies, swaps, and writes comments: as much work for ten rows as for a million, at a hundred tables every night. Where
   the build is built upon, models and authority list are those that made the table (yishu/lake/warehouse.py), so that its columns, its
   contract and its comments stand. Spark keeps dbt's own way. #}
{% materialization incremental, adapter='duckdb' %}
{%- if load_cached_relation(this) is none or should_full_refresh() or not config.get('contract').enforced -%}
{{ return(dbt.materialization_incremental_duckdb()) }}
{%- endif -%}
{{ return(filled_again("insert into " ~ this ~ get_column_names() ~ get_select_subquery(compiled_code))) }}
{% endmaterialization %}

{% materialization table, adapter='duckdb' %}
{%- if load_cached_relation(this) is none or should_full_refresh() -%}
{{ return(dbt.materialization_table_duckdb()) }}
{%- elif config.get('contract').enforced -%}
{{ return(filled_again("delete from " ~ this ~ "; insert into " ~ this ~ get_column_names() ~ get_select_subquery(compiled_code))) }}
{%- else -%}
{{ return(filled_again("create or replace table " ~ this ~ " as " ~ compiled_code)) }}
{%- endif -%}
{% endmaterialization %}

{# The hooks and the statement in one transaction. #}
{% macro filled_again(filling) %}
{{ run_hooks(pre_hooks, inside_transaction=True) }}
{%- call statement('main') -%}{{ filling }}{%- endcall -%}
{{ run_hooks(post_hooks, inside_transaction=True) }}
{%- do adapter.commit() -%}
{{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmacro %}
