{# Every claim of an attribute on which an entity's sources disagree, the chosen one marked: the losers are kept (D03). #}
{% macro conflict(base) %}
{%- set database = authority()[base] -%}
with {{ claims(base) }},

disputed as (
    select entity_key
    from claim
    group by entity_key
    having
        {%- for attribute in database.attributes %}
        {{ 'or ' if not loop.first }}min({{ attribute }}) <> max({{ attribute }})
        {%- endfor %}
),

stated as (
    select
        c.entity_key,
        a.attribute,
        case a.attribute
            {%- for attribute in database.attributes %}
            when '{{ attribute }}' then cast(c.{{ attribute }} as string)
            {%- endfor %}
        end as value,
        case a.attribute
            {%- for attribute, claimed in database.attributes.items() %}
            when '{{ attribute }}' then {{ attribute_rank('c.' ~ attribute, claimed.sources) }}
            {%- endfor %}
        end as claim_rank,
        c.department,
        c.resource,
        c.delivery_id,
        c.row_number
    from claim as c
    inner join disputed as d on d.entity_key = c.entity_key
    cross join {{ attribute_names(base) }} as a
),

compared as (
    select
        *,
        min(value) over (partition by entity_key, attribute) as least_value,
        max(value) over (partition by entity_key, attribute) as greatest_value,
        min(claim_rank) over (partition by entity_key, attribute) as winning
    from stated
    where value is not null
)

select
    {{ entity_id('entity_key') }} as entity_id,
    attribute,
    value,
    department,
    resource,
    delivery_id,
    row_number,
    claim_rank = winning as chosen
from compared
where least_value <> greatest_value
{% endmacro %}
