-- Guards: each value of a golden record resolves to exactly one source row (D04). If ranks collided or a delivery number
-- named two deliveries, a correction ticket would go to the wrong department, or to two.
-- Where the last build is built upon, entities that were made again are asked; the others stand as they were found.
-- depends_on: {{ ref('changed') }}
{%- set stated, databases = [], [] -%}
{%- for name, entity in authority().items() -%}
{%- if entity.database not in databases -%}{%- do databases.append(entity.database) -%}{%- endif -%}
{%- set counted -%}
select '{{ name }}' as entity, attribute, stated
from (
    select{% for attribute in entity.attributes %} count({{ attribute }}) as {{ attribute }}{{ ',' if not loop.last }}{% endfor %}
    from {{ ref(name) }} {{ of_changed(name) }}
) as counted
unpivot (stated for attribute in ({{ entity.attributes.keys() | join(', ') }}))
{%- endset -%}
{%- do stated.append(counted) -%}
{%- endfor %}
select s.entity, s.attribute, s.stated, coalesce(p.resolved, 0) as resolved, p.repeated
from (
    {{ stated | join('\nunion all\n') }}
) as s
left join (
    {%- for database in databases %}
    select entity, attribute, count(*) as resolved, count(*) - count(distinct entity_id) as repeated
    from {{ ref(database ~ '_provenance') }}
    {%- if not flags.FULL_REFRESH %}
    where (entity, entity_id) in (select entity, entity_id from {{ ref('changed') }})
    {%- endif %}
    group by entity, attribute
    {{ 'union all' if not loop.last }}
    {%- endfor %}
) as p on p.entity = s.entity and p.attribute = s.attribute
where s.stated <> coalesce(p.resolved, 0) or p.repeated > 0
