{# Who has no key: an entity may be identified by something else where a row lacks its key (`otherwise:` in catalogue/authority), a person who
   has only a passport by the document's kind and number. The entity's key is then these joined by a bar, as no key of one part can be. #}

{# One more way to the entity of a row, the last: nothing but its document says who it is. A stated key that broke its rule waits instead. #}
{% macro by_document(source_, row) -%}
{%- for way in source_.ways if way.kind in source_.otherwise -%}
, case when {{ row }}.{{ source_.key_columns[0] }} is null and {{ has_key(way.columns, row) }} then {{ key_text(way.columns, row) }} end
{%- endfor -%}
{%- endmacro %}

{# The key itself, null for who has none. #}
{% macro own_key(entity, entity_key) -%}
{%- if entity.otherwise -%}
case when instr({{ entity_key }}, '|') = 0 then {{ entity_key }} end
{%- else -%}
{{ entity_key }}
{%- endif -%}
{%- endmacro %}

{# Of a golden row `g`: what it is known by. #}
{% macro kind_known_by(entity) -%}
{%- set kind = "'" ~ entity['keys'].keys() | join('|') ~ "'" -%}
{%- if entity.otherwise -%}
case when g.{{ entity.kind }} is null then '{{ entity.otherwise.keys() | first }}' else {{ kind }} end
{%- else -%}
{{ kind }}
{%- endif -%}
{%- endmacro %}

{% macro identifier_known_by(entity) -%}
{%- if entity.otherwise -%}
coalesce(g.{{ entity.kind }}, {{ key_text(entity.otherwise.values() | first, 'g') }})
{%- else -%}
{{ key_text(entity['keys'].keys(), 'g') }}
{%- endif -%}
{%- endmacro %}
