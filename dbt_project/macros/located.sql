{# Where entities lie: of the points that their sources state, the one in the city before one outside it, then by the order of the
   authority list (A06, D04). `lake.located` has each row's point in CGCS2000 and its divisions (yishu/spatial). #}
{% macro located_points() %}
{%- set branches = [] -%}
{%- for name, entity in authority().items() -%}
{%- for source_ in entity.sources if source_.points -%}
{%- do branches.append((name, source_, loop.index)) -%}
{%- endfor -%}
{%- endfor -%}
with stated as (
    {%- for name, source_, place in branches %}
    select
        '{{ name }}' as entity,
        {{ entity_key(name, source_, 'p') }} as entity_key,
        {{ place }} as place,
        '{{ source_.department }}' as department,
        '{{ source_.resource }}' as resource,
        p._key as source_key,
        {{ located_columns('l') }}
    from {{ source('pool', source_.relation) }} as p
    inner join {{ source('lake', 'located') }} as l on l.relation = '{{ source_.relation }}' and l.key = p._key
    {{- link_joins(name, source_, 'p') }}
    where l.longitude is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

ranked as (
    select
        s.*,
        row_number() over (
            partition by s.entity, s.entity_key order by case when s.state = 'located' then 0 else 1 end, s.place, s.source_key
        ) as choice
    from stated as s
    where s.entity_key is not null
)

select
    r.entity,
    {{ entity_id('r.entity_key') }} as entity_id,
    {{ located_columns('r') }},
    r.department,
    r.resource
from ranked as r
where r.choice = 1
{% endmacro %}

{# What was found of a point, and the figures it was found from. #}
{% macro located_columns(row) -%}
{%- for column in ['longitude', 'latitude', 'division', 'town', 'village', 'state', 'system', 'source_east', 'source_north'] -%}
{{ row }}.{{ column }}{{ ', ' if not loop.last }}
{%- endfor -%}
{%- endmacro %}
