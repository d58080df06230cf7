-- Guards: each value of a golden record resolves to exactly one source row (D04). If ranks collided or a delivery number
-- named two deliveries, a correction ticket would go to the wrong department, or to two.
-- Where the last build is built upon, entities that were made again are asked; the others stand as they were found.
-- depends_on: {{ ref('changed') }}
{%- for name, entity in authority().items() %}
select '{{ name }}' as entity, s.attribute, s.stated, coalesce(p.resolved, 0) as resolved, p.repeated
from (
    select attribute, stated
    from (
        select{% for attribute in entity.attributes %} count({{ attribute }}) as {{ attribute }}{{ ',' if not loop.last }}{% endfor %}
        from {{ ref(name) }} {{ of_changed(name) }}
    ) as counted
    unpivot (stated for attribute in ({{ entity.attributes.keys() | join(', ') }}))
) as s
left join (
    select attribute, count(*) as resolved, count(*) - count(distinct entity_id) as repeated
    from {{ ref(entity.database ~ '_provenance') }}
    where entity = '{{ name }}' {{ of_changed(name, 'and') }}
    group by attribute
) as p on p.attribute = s.attribute
where s.stated <> coalesce(p.resolved, 0) or p.repeated > 0
{{- ' union all' if not loop.last }}
{%- endfor %}
