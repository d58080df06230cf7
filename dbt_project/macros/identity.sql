{# Every identifier an entity has gone by, with its days (C02, D04): those that aliases tell of, and for all other entities the one
   they are known by, as long as they are known. The entity's id is made of the first and stays. #}
{% macro identity(database) %}
{%- for name in entities_of(database) %}
{%- set entity = authority()[name] %}
select
    '{{ name }}' as entity,
    g.entity_id,
    {%- if entity.kind %}
    coalesce(a.kind, '{{ entity.kind }}') as kind,
    coalesce(a.identifier, g.{{ entity.kind }}) as identifier,
    coalesce(a.since, g.known_since) as valid_from,
    a.until as valid_to,
    coalesce(a.basis, '-') as basis
    {%- else %}
    '{{ entity['keys'].keys() | join('|') }}' as kind,
    {% for key in entity['keys'] %}cast(g.{{ key }} as string){{ " || '|' || " if not loop.last }}{% endfor %} as identifier,
    g.known_since as valid_from,
    cast(null as date) as valid_to,
    '-' as basis
    {%- endif %}
from {{ ref(name) }} as g
{%- if entity.kind %}
left join (
    select {{ entity_id('entity_key') }} as entity_id, kind, identifier, since, until, basis
    from {{ source('lake', 'alias') }}
    where kind = '{{ entity.kind }}'
) as a on a.entity_id = g.entity_id
{%- endif %}
{{ 'union all' if not loop.last }}
{%- endfor %}
{% endmacro %}
