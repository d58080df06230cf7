{# What dbt does to every table although only a table made anew needs it. One that is built upon has its comments already; that it has the
   columns of its contract `on_schema_change: fail` sees, without planning the model's query once more. #}
{% macro duckdb__persist_docs(relation, model, for_relation, for_columns) -%}
{%- if not is_incremental() -%}{{ default__persist_docs(relation, model, for_relation, for_columns) }}{%- endif -%}
{%- endmacro %}

{% macro duckdb__get_assert_columns_equivalent(sql) -%}
{%- if not is_incremental() -%}{{ default__get_assert_columns_equivalent(sql) }}{%- endif -%}
{%- endmacro %}
