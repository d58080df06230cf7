{# Where each attribute of each golden record comes from, down to delivery and row (D04): the winning rank, decoded. #}
{% macro provenance(database) %}
{{- config(materialized='incremental', incremental_strategy='append', pre_hook="{{ forget_changed() }}") -}}
-- depends_on: {{ ref('changed') }}
with
{%- for name in entities_of(database) %}
{{ winners(name) }}{{ ',' if not loop.last }}
{%- endfor %}
{% for name in entities_of(database) %}
select
    '{{ name }}' as entity,
    w.entity_id,
    w.attribute,
    p.department,
    p.resource,
    d.delivery_id,
    cast({{ rank_row('w.winning') }} as bigint) as row_number,
    d.as_of
from winner_{{ name }} as w
inner join place_{{ name }} as p on p.attribute = w.attribute and p.place = {{ rank_place('w.winning') }}
inner join delivery_{{ name }} as d on d.delivery_seq = {{ rank_delivery('w.winning') }}
where w.winning is not null
{{ 'union all' if not loop.last }}
{%- endfor %}
{% endmacro %}

{# CTEs: the winning rank of each attribute of each entity, and what decodes it. #}
{% macro winners(name) %}
{%- set entity = authority_of(name) -%}
ranked_{{ name }} as (
    -- The id is computed here, once an entity; below there is a row for each of its attributes.
    select
        {{ entity_id('entity_key') }} as entity_id,
        {%- for attribute, claimed in entity.attributes.items() %}
        min({{ attribute_rank(attribute, claimed.sources) }}) as {{ attribute }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('claim_' ~ name) }}
    group by entity_key
),

winner_{{ name }} as (
    select
        r.entity_id,
        a.attribute,
        case a.attribute
            {%- for attribute in entity.attributes %}
            when '{{ attribute }}' then r.{{ attribute }}
            {%- endfor %}
        end as winning
    from ranked_{{ name }} as r
    cross join {{ attribute_names(entity) }} as a
),

place_{{ name }} as (
    {%- for attribute, claimed in entity.attributes.items() %}{% set outer = loop %}
    {%- for source_ in claimed.sources %}
    select '{{ attribute }}' as attribute, {{ loop.index0 }} as place, '{{ source_.department }}' as department, '{{ source_.resource }}' as resource
    {{- ' union all' if not (outer.last and loop.last) }}
    {%- endfor %}
    {%- endfor %}
),

delivery_{{ name }} as (
    select distinct delivery_seq, delivery_id, as_of from {{ ref('claim_' ~ name) }}
)
{%- endmacro %}
