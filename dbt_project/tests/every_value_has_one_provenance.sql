-- Guards: each value of a golden record resolves to exactly one source row (D04). If ranks collided or a delivery number
-- named two deliveries, a correction ticket would go to the wrong department, or to two.
{%- for name, entity in authority().items() %}
select '{{ name }}' as entity, s.attribute, s.stated, coalesce(p.resolved, 0) as resolved, p.repeated
from (
    select a.attribute, count(case a.attribute
        {%- for attribute in entity.attributes %} when '{{ attribute }}' then cast(g.{{ attribute }} as string){% endfor %} end) as stated
    from {{ ref(name) }} as g
    cross join {{ attribute_names(name) }} as a
    group by a.attribute
) as s
left join (
    select attribute, count(*) as resolved, count(*) - count(distinct entity_id) as repeated
    from {{ ref(entity.database ~ '_provenance') }}
    where entity = '{{ name }}'
    group by attribute
) as p on p.attribute = s.attribute
where s.stated <> coalesce(p.resolved, 0) or p.repeated > 0
{{- ' union all' if not loop.last }}
{%- endfor %}
