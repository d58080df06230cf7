{# After each model: which pin it was built from. `publish` refuses a release whose tables name different ones. #}
{% macro forget_pin(relation) %}delete from lake.built where table_name = '{{ relation.schema }}.{{ relation.identifier }}'{% endmacro %}

{% macro record_pin(relation) -%}
insert into lake.built select '{{ relation.schema }}.{{ relation.identifier }}', max(pin), max(as_of) from lake.pin
{%- endmacro %}
