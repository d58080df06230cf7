{# What an incremental build touches: the entities of which a source row, an open rule, a link or an identifier is not what it was at
   the last build. All that a base table says of an entity follows from these four, so every other row stays as it is (tested against
   a rebuild over random changes). A row that came again unchanged keeps its origin in the pool, and has not moved. #}
{% macro changed_entities() %}
{%- for name, entity in authority().items() %}{% set outer = loop %}
select '{{ name }}' as entity, entity_key, {{ entity_id('entity_key') }} as entity_id
from (
    {%- for source_ in entity.sources %}
    select {{ entity_key(name, source_, 'p') }} as entity_key
    from {{ source('moved', source_.relation) }} as p
    {{- link_joins(name, source_, 'p') }}
    union
    {%- for now, then in (('under_check', 'under_check_before'), ('under_check_before', 'under_check')) %}
    select {{ entity_key(name, source_, 'p') }} as entity_key
    from {{ source('lake', now) }} as u
    inner join {{ source('pool', source_.relation) }} as p on p._key = u.key
    {{- link_joins(name, source_, 'p') }}
    where u.department = '{{ source_.department }}' and u.resource = '{{ source_.resource }}' and not exists (
        select 1 from {{ source('lake', then) }} as o
        where o.department = u.department and o.resource = u.resource and o.key = u.key and o.rule = u.rule
    )
    union
    {%- endfor %}
    select {{ key_text(source_.key_columns, 'p') }} as entity_key
    from {{ differing('link', ['entity', 'department', 'resource', 'source_key', 'entity_key']) }} as l
    inner join {{ source('pool', source_.relation) }} as p on p._key = l.source_key
    where l.entity = '{{ name }}' and l.department = '{{ source_.department }}' and l.resource = '{{ source_.resource }}'
    union
    {%- endfor %}
    select entity_key
    from {{ differing('link', ['entity', 'department', 'resource', 'source_key', 'entity_key']) }} as l
    where l.entity = '{{ name }}'
    {%- if entity.kind %}
    union
    select entity_key
    from {{ differing('alias', ['kind', 'identifier', 'entity_key', 'is_current', 'since', 'until', 'basis']) }} as a
    where a.kind in ('{{ entity.kinds | join("', '") }}')
    union
    select identifier as entity_key
    from {{ differing('alias', ['kind', 'identifier', 'entity_key']) }} as a
    where a.kind = '{{ entity.kind }}'
    {%- endif %}
) as keys
where entity_key is not null
{{ 'union all' if not loop.last }}
{%- endfor %}
{% endmacro %}

{# Rows that a table of the lake has now and had not at the last build, or had and has not. #}
{% macro differing(table, columns) -%}
(
        {%- for now, then in ((table, table ~ '_before'), (table ~ '_before', table)) %}
        select * from {{ source('lake', now) }} as n where not exists (
            select 1 from {{ source('lake', then) }} as o where {% for column in columns %}o.{{ column }} is not distinct from n.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
        )
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{# Before a base table is built upon: what it says of changed entities leaves it. Without a name, of each entity by itself: one key may
   identify in two of them (a legal entity and its credit), and have changed in one. #}
{% macro forget_changed(name=none) -%}
{%- if not is_incremental() -%}
select 1
{%- elif name -%}
delete from {{ this }} where entity_id in (select entity_id from {{ ref('changed') }} where entity = '{{ name }}')
{%- else -%}
delete from {{ this }} where (entity, entity_id) in (select entity, entity_id from {{ ref('changed') }})
{%- endif -%}
{%- endmacro %}
