{# A person's or an organisation's name in the one form by which names are compared: plain characters, and the dot between the parts of a
   minority or foreign name as GB 18030 has it (·). Null for nothing. The written name stays what is shown. #}
{% macro normal_name(column) -%}
nullif({{ replaced(plain_characters(column), '([一-龥])[.]', '{1}·') }}, '')
{%- endmacro %}

{# By the kind of text, as the authority list has it (`forms:`). #}
{% macro in_one_form(form, column) %}{{ {'name': normal_name, 'address': normal_address}[form](column) }}{% endmacro %}
