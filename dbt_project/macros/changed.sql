{# What an incremental build touches: the entities of which a source row, an open rule, a link or an identifier is not what it was at
   the last build. All that a base table says of an entity follows from these four, so every other row stays as it is (tested against
   a build from nothing over random changes). A row that came again unchanged keeps its origin in the pool, and has not moved.
   `moved` (rows that differ, and rows whose doubts or links do) and `lake.renamed` are made by the lake, which knows both builds
   (yishu/lake/moved.py, warehouse.py). A row that was split off concerns also whose it would be without. #}
{% macro changed_entities() %}
{%- for name, entity in authority().items() %}
{%- if flags.FULL_REFRESH %}
select '{{ name }}' as entity, cast(null as string) as entity_key, cast(null as string) as entity_id
where false
{%- else %}
select '{{ name }}' as entity, entity_key, {{ entity_id('entity_key') }} as entity_id
from (
    {%- for source_ in entity.sources %}
    {%- for splits in [true, false] %}
    select {{ entity_key(name, source_, 'p', splits=splits) }} as entity_key
    from {{ source('moved', source_.relation) }} as p
    {{- link_joins(name, source_, 'p') }}
    union
    {%- endfor %}
    {%- endfor %}
    select entity_key
    from {{ source('lake', 'renamed') }}
    where kind in ('{{ name }}'{% for kind in entity.kinds %}, '{{ kind }}'{% endfor %})
) as keys
where entity_key is not null
{%- endif %}
{{ 'union all' if not loop.last }}
{%- endfor %}
{% endmacro %}

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

{# For a test: only the entities that were made again, where the last build is built upon. #}
{% macro of_changed(name, word='where') -%}
{%- if not flags.FULL_REFRESH -%}
{{ word }} entity_id in (select entity_id from {{ ref('changed') }} where entity = '{{ name }}')
{%- endif -%}
{%- endmacro %}
