{# Which entity a source row belongs to: the one its identifier names, resolved to the first identifier the entity was known by
   (`lake.alias`), so that an entity keeps its id when a number changes or two are merged; or what a person has confirmed (`lake.link`). #}

{# An identifier of the row as text, its parts joined by a bar. #}
{% macro key_text(columns, row) -%}
{%- for column in columns -%}
cast({{ row }}.{{ column }} as string){{ " || '|' || " if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{# Is the identifier there, and did it pass its rule? #}
{% macro has_key(columns, row) -%}
{%- for column in columns -%}
{{ row }}.{{ column }} is not null and not {{ broken(row, column) }}{{ ' and ' if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{% macro link_joins(name, source_, row) %}
    left join {{ source('lake', 'link') }} as linked
        on linked.entity = '{{ name }}' and linked.department = '{{ source_.department }}' and linked.resource = '{{ source_.resource }}'
        and linked.source_key = {{ row }}._key
    {%- if source_.kind %}
    left join {{ source('lake', 'alias') }} as called on called.kind = '{{ source_.kind }}' and called.identifier = {{ row }}.{{ source_.key_columns[0] }}
    {%- endif %}
    {%- for way in source_.ways %}
    left join {{ source('lake', 'alias') }} as by_{{ way.kind }} on by_{{ way.kind }}.kind = '{{ way.kind }}' and by_{{ way.kind }}.identifier = {{ key_text(way.columns, row) }}
    {%- endfor %}
{%- endmacro %}

{# Null where the row cannot be linked: it waits in `unlinked`. A valid key decides, unless a person has split the row off from the entity
   it names. A number of another kind, an old registration number say, links a row that lacks the key to whom the register gave it; what
   a person confirmed about a row without a key counts last, so that a key that was corrected since needs it no more.
   splits=false: whose the row would be had nobody decided about it. #}
{% macro entity_key(name, source_, row, splits=true) -%}
coalesce({% if splits %}case when linked.is_split then linked.entity_key end, {% endif %}case when {{ has_key(source_.key_columns, row) }} then
{%- if source_.kind %} coalesce(called.entity_key, {{ key_text(source_.key_columns, row) }}){% else %} {{ key_text(source_.key_columns, row) }}{% endif %} end
{%- for way in source_.ways %}, case when {{ has_key(way.columns, row) }} then by_{{ way.kind }}.entity_key end{% endfor %}{% if splits %}, linked.entity_key{% endif %}{{ by_document(source_, row) }})
{%- endmacro %}
