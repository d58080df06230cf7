{# Full years (周岁) at a date. #}
{% macro age_years(born, on_date) -%}
year({{ on_date }}) - year({{ born }})
    - case when month({{ on_date }}) * 100 + day({{ on_date }}) < month({{ born }}) * 100 + day({{ born }}) then 1 else 0 end
{%- endmacro %}

{# The code list's names, to be joined as `<alias>.code`, `<alias>.name`. #}
{% macro code_names(code_list) -%}
(select code, name from {{ source('lake', 'code') }} where list = '{{ code_list }}')
{%- endmacro %}
