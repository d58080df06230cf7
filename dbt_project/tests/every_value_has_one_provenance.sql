-- Guards: each value of a golden record resolves to exactly one source row (D04). If ranks collided or a delivery number
-- named two deliveries, a correction ticket would go to the wrong department, or to two.
{%- set pairs = {'person': [ref('person'), ref('person_provenance')], 'legal_entity': [ref('legal_entity'), ref('legal_entity_provenance')]} -%}
{%- for base, pair in pairs.items() %}
select '{{ base }}' as base, s.attribute, s.stated, coalesce(p.resolved, 0) as resolved, p.repeated
from (
    select a.attribute, count(case a.attribute
        {%- for attribute in authority()[base].attributes %} when '{{ attribute }}' then cast(g.{{ attribute }} as string){% endfor %} end) as stated
    from {{ pair[0] }} as g
    cross join {{ attribute_names(base) }} as a
    group by a.attribute
) as s
left join (
    select attribute, count(*) as resolved, count(*) - count(distinct entity_id) as repeated from {{ pair[1] }} group by attribute
) as p on p.attribute = s.attribute
where s.stated <> coalesce(p.resolved, 0) or p.repeated > 0
{{- ' union all' if not loop.last }}
{%- endfor %}
