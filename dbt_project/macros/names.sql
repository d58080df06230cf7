{# A person's or an organisation's name in the one form by which names are compared: plain characters, and the dot between the parts of a
   minority or foreign name as GB 18030 has it (·). Null for nothing. The written name stays what is shown. #}
{% macro normal_name(column) -%}
nullif({{ replaced(plain_characters(column), '([一-龥])[.]', '{1}·') }}, '')
{%- endmacro %}
