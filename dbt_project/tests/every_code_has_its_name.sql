-- Guards: codes are served as code and name. A code list renamed in the catalogue, or a source that codes by another list, would
-- leave the name empty and the code unreadable.
{%- set coded = [] -%}
{%- for name, entity in authority().items() -%}
{%- for attribute, claimed in entity.attributes.items() if claimed.codes -%}{%- do coded.append([name, attribute, claimed.name_column]) -%}{%- endfor -%}
{%- endfor %}
{%- for name, attribute, name_column in coded %}
select '{{ name }}' as entity, '{{ attribute }}' as attribute, {{ attribute }} as code, count(*) as nameless
from {{ ref(name) }}
where {{ attribute }} is not null and {{ name_column }} is null
group by {{ attribute }}
{{- ' union all' if not loop.last }}
{%- endfor %}
