{# After each model: which pin it was built from. `publish` refuses a release whose tables name different ones. #}
{% macro record_pin(relation) -%}
{%- set name = "'" ~ relation.schema ~ '.' ~ relation.identifier ~ "'" -%}
delete from lake.built where table_name = {{ name }};
insert into lake.built select {{ name }}, max(pin), max(as_of) from lake.pin
{%- endmacro %}
