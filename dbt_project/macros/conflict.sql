{# Every claim of an attribute on which an entity's sources disagree, the chosen one marked: the losers are kept (D03). #}
{% macro conflict(database) %}
{{- config(materialized='incremental', incremental_strategy='append', pre_hook="{{ forget_changed() }}") -}}
-- depends_on: {{ ref('changed') }}
with
{%- for name in entities_of(database) %}
{{ disputes(name) }}{{ ',' if not loop.last }}
{%- endfor %}
{% for name in entities_of(database) %}
select
    '{{ name }}' as entity,
    {{ entity_id('entity_key') }} as entity_id,
    attribute,
    value,
    department,
    resource,
    delivery_id,
    row_number,
    claim_rank = winning as chosen
from compared_{{ name }}
where least_value <> greatest_value
{{ 'union all' if not loop.last }}
{%- endfor %}
{% endmacro %}

{# CTEs: the entities with any dispute, their claims turned into rows, and the rows compared. #}
{% macro disputes(name) %}
{%- set entity = authority_of(name) -%}
disputed_{{ name }} as (
    select entity_key
    from {{ ref('claim_' ~ name) }}
    group by entity_key
    having
        {%- for attribute in entity.attributes %}
        {{ 'or ' if not loop.first }}min({{ attribute }}) <> max({{ attribute }})
        {%- endfor %}
),

stated_{{ name }} as (
    select
        c.entity_key,
        a.attribute,
        case a.attribute
            {%- for attribute in entity.attributes %}
            when '{{ attribute }}' then cast(c.{{ attribute }} as string)
            {%- endfor %}
        end as value,
        case a.attribute
            {%- for attribute, claimed in entity.attributes.items() %}
            when '{{ attribute }}' then {{ attribute_rank('c.' ~ attribute, claimed.sources) }}
            {%- endfor %}
        end as claim_rank,
        c.department,
        c.resource,
        c.delivery_id,
        c.row_number
    from {{ ref('claim_' ~ name) }} as c
    inner join disputed_{{ name }} as d on d.entity_key = c.entity_key
    cross join {{ attribute_names(entity) }} as a
),

compared_{{ name }} as (
    select
        *,
        min(value) over (partition by entity_key, attribute) as least_value,
        max(value) over (partition by entity_key, attribute) as greatest_value,
        min(claim_rank) over (partition by entity_key, attribute) as winning
    from stated_{{ name }}
    where value is not null
)
{%- endmacro %}
