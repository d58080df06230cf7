{# Where each attribute of each golden record comes from, down to delivery and row (D04): the winning rank, decoded. #}
{% macro provenance(base) %}
{%- set database = authority()[base] -%}
with {{ claims(base) }},

ranked as (
    -- The id is computed here, once an entity; below there is a row for each of its attributes.
    select
        {{ entity_id('entity_key') }} as entity_id,
        {%- for attribute, claimed in database.attributes.items() %}
        min({{ attribute_rank(attribute, claimed.sources) }}) as {{ attribute }}{{ ',' if not loop.last }}
        {%- endfor %}
    from claim
    group by entity_key
),

winner as (
    select
        r.entity_id,
        a.attribute,
        case a.attribute
            {%- for attribute in database.attributes %}
            when '{{ attribute }}' then r.{{ attribute }}
            {%- endfor %}
        end as winning
    from ranked as r
    cross join {{ attribute_names(base) }} as a
),

place as (
    {%- for attribute, claimed in database.attributes.items() %}{% set outer = loop %}
    {%- for source_ in claimed.sources %}
    select '{{ attribute }}' as attribute, {{ loop.index0 }} as place, '{{ source_.department }}' as department, '{{ source_.resource }}' as resource
    {{- ' union all' if not (outer.last and loop.last) }}
    {%- endfor %}
    {%- endfor %}
),

delivery as (
    select distinct delivery_seq, delivery_id, as_of from claim
)

select
    w.entity_id,
    w.attribute,
    p.department,
    p.resource,
    d.delivery_id,
    {{ rank_row('w.winning') }} as row_number,
    d.as_of
from winner as w
inner join place as p on p.attribute = w.attribute and p.place = {{ rank_place('w.winning') }}
inner join delivery as d on d.delivery_seq = {{ rank_delivery('w.winning') }}
where w.winning is not null
{% endmacro %}
