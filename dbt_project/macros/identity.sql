{# Every identifier an entity has gone by, with its days (C02, D04): the one it is known by, and those that aliases tell of. The entity's
   id is made of the first and stays. #}
{% macro identity(database) %}
{{- config(materialized='incremental', incremental_strategy='append', pre_hook="{{ forget_changed() }}") -}}
-- depends_on: {{ ref('changed') }}
with called as (
    select {{ entity_id('entity_key') }} as entity_id, kind, identifier, since, until, basis
    from {{ source('lake', 'alias') }}
)
{%- for name in entities_of(database) %}
{%- set entity = authority_of(name) %}

select
    '{{ name }}' as entity,
    g.entity_id,
    {{ kind_known_by(entity) }} as kind,
    {{ identifier_known_by(entity) }} as identifier,
    g.known_since as valid_from,
    cast(null as date) as valid_to,
    '-' as basis
from {{ ref(name) }} as g
where {{ asked(name) }}
    {%- if entity.kind %} and g.entity_id not in (select entity_id from called where kind = '{{ entity.kind }}')
union all
select
    '{{ name }}' as entity,
    g.entity_id,
    a.kind,
    a.identifier,
    coalesce(a.since, g.known_since) as valid_from,
    a.until as valid_to,
    a.basis
from {{ ref(name) }} as g
inner join called as a on a.entity_id = g.entity_id
where a.kind in ('{{ entity.kinds | join("', '") }}') and {{ asked(name) }}
    {%- endif %}
{{ 'union all' if not loop.last }}
{%- endfor %}
{% endmacro %}

{# In an incremental build: is the golden row one of those that have changed? #}
{% macro asked(name) -%}
{%- if is_incremental() -%}
g.entity_id in (select entity_id from {{ ref('changed') }} where entity = '{{ name }}')
{%- else -%}
g.entity_id is not null
{%- endif -%}
{%- endmacro %}
