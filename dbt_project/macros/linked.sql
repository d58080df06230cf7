{# Which entity a source row belongs to: what a person has confirmed (`lake.link`), else its identifier, resolved to the first
   identifier the entity was known by (`lake.alias`), so that an entity keeps its id when a number changes or two are merged. #}

{# The row's identifier as text, the parts of a composite key joined by a bar. #}
{% macro key_text(source_, row) -%}
{%- for column in source_.key_columns -%}
cast({{ row }}.{{ column }} as string){{ " || '|' || " if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{# Is the identifier there, and did it pass its rule? #}
{% macro has_key(source_, row) -%}
{%- for column in source_.key_columns -%}
{{ row }}.{{ column }} is not null and not {{ broken(row, column) }}{{ ' and ' if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{% macro link_joins(name, source_, row) %}
    left join {{ source('lake', 'link') }} as linked
        on linked.entity = '{{ name }}' and linked.department = '{{ source_.department }}' and linked.resource = '{{ source_.resource }}'
        and linked.source_key = {{ row }}._key
    {%- if authority()[name].kind %}
    left join {{ source('lake', 'alias') }} as called on called.kind = '{{ authority()[name].kind }}' and called.identifier = {{ row }}.{{ source_.key_columns[0] }}
    {%- endif %}
{%- endmacro %}

{# Null where the row cannot be linked: it waits in `unlinked`. #}
{% macro entity_key(name, source_, row) -%}
coalesce(linked.entity_key, case when {{ has_key(source_, row) }} then
{%- if authority()[name].kind %} coalesce(called.entity_key, {{ key_text(source_, row) }}){% else %} {{ key_text(source_, row) }}{% endif %} end)
{%- endmacro %}
