{# Family relations as the golden rows of several entities state them (`relations:` in catalogue/authority): the person is the `relation`
   (GB/T 4761) of the relative. A row of an entity may state several. Every statement is kept with its source; of those about the same two
   persons, in this direction, one is chosen: by rank, then the later day, then the statement's own id (A06, D03). Whoever changed their
   number is one person, by the ids that all base tables share. #}
{% macro family_relations() %}
{%- set parts = [] -%}
{%- for name, entity in authority().items() -%}
{%- for relation in entity.relations -%}{%- do parts.append(stated_relations(name, entity, relation)) -%}{%- endfor -%}
{%- endfor -%}
with stated as (
{{ parts | join('\nunion all\n') }}
),

identified as (
    select
        s.*,
        {{ entity_id('coalesce(p.entity_key, s.citizen_id)') }} as person_id,
        {{ entity_id('coalesce(r.entity_key, s.relative_citizen_id)') }} as relative_id
    from stated as s
    left join {{ source('lake', 'alias') }} as p on p.kind = 'citizen_id' and p.identifier = s.citizen_id
    left join {{ source('lake', 'alias') }} as r on r.kind = 'citizen_id' and r.identifier = s.relative_citizen_id
),

ranked as (
    select
        i.*,
        row_number() over (
            partition by i.person_id, i.relative_id order by i.place, i.since_date desc nulls last, i.basis, i.basis_id, i.relation
        ) as choice
    from identified as i
    where i.person_id <> i.relative_id
)

select
    f.person_id,
    f.relative_id,
    f.citizen_id,
    f.relative_citizen_id,
    f.relation,
    n.name as relation_name,
    f.since_date,
    f.until_date,
    f.basis,
    f.basis_id,
    f.department,
    f.resource,
    f.delivery_id,
    f.row_number,
    f.choice = 1 as chosen,
    f.under_check
from ranked as f
left join {{ code_names('gb_t_4761') }} as n on n.code = f.relation
{% endmacro %}

{% macro stated_relations(name, entity, relation) -%}
select
    {{ relation.rank }} as place,
    '{{ name }}' as basis,
    g.entity_id as basis_id,
    g.{{ relation.person }} as citizen_id,
    {{ 'h.head' if relation.household else 'g.' ~ relation.relative }} as relative_citizen_id,
    {{ 'g.' ~ relation.relation if relation.relation else "'" ~ relation.code ~ "'" }} as relation,
    {{ 'g.' ~ relation.since if relation.since else 'cast(null as date)' }} as since_date,
    {{ 'g.' ~ relation.until if relation.until else 'cast(null as date)' }} as until_date,
    w.department,
    w.resource,
    w.delivery_id,
    w.row_number,
    g.under_check
from {{ ref(name) }} as g
{%- if relation.household %}
inner join (
    -- Of a household with two heads nobody can tell whose relative a member is.
    select {{ relation.household }} as household, min({{ relation.person }}) as head
    from {{ ref(name) }}
    where {{ relation.relation }} in ('01', '02')
    group by {{ relation.household }}
    having count(*) = 1
) as h on h.household = g.{{ relation.household }}
{%- endif %}
inner join {{ ref(entity.database ~ '_provenance') }} as w
    on w.entity = '{{ name }}' and w.attribute = '{{ relation.told_by }}' and w.entity_id = g.entity_id
where g.{{ relation.person }} is not null
    and {{ 'h.head' if relation.household else 'g.' ~ relation.relative }} is not null
    and {{ 'g.' ~ relation.relation ~ ' is not null' if relation.relation else 'true' }}
{%- endmacro %}
