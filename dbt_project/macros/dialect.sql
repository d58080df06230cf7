{# What DuckDB and Spark 4 write differently; everything else in this project runs on both. #}

{# The columns of a row as one text, {"column": value, …}, nulls kept. #}
{% macro json_object(row, columns) %}{{ return(adapter.dispatch('json_object')(row, columns)) }}{% endmacro %}
{% macro default__json_object(row, columns) -%}
cast(json_object({% for column in columns %}'{{ column }}', {{ row }}.{{ column }}{{ ', ' if not loop.last }}{% endfor %}) as string)
{%- endmacro %}
{% macro spark__json_object(row, columns) -%}
to_json(named_struct({% for column in columns %}'{{ column }}', {{ row }}.{{ column }}{{ ', ' if not loop.last }}{% endfor %}), map('ignoreNullFields', 'false'))
{%- endmacro %}

{% macro days_between(earlier, later) %}{{ return(adapter.dispatch('days_between')(earlier, later)) }}{% endmacro %}
{% macro default__days_between(earlier, later) %}date_diff('day', {{ earlier }}, {{ later }}){% endmacro %}
{% macro spark__days_between(earlier, later) %}datediff({{ later }}, {{ earlier }}){% endmacro %}
