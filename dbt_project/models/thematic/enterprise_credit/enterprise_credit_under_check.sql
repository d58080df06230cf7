-- Why an enterprise of this theme is under check: the open rules of both base databases that it is read from (E07).
with opened as (
    select entity_id, department, resource, rule, since
    from {{ ref('legal_entity_under_check') }}
    union all
    select entity_id, department, resource, rule, since
    from {{ ref('credit_under_check') }}
    where entity = 'credit_subject'
)

select
    r.entity_id,
    r.department,
    r.resource,
    r.rule,
    min(r.since) as since
from opened as r
inner join {{ ref('enterprise') }} as e on e.entity_id = r.entity_id
group by r.entity_id, r.department, r.resource, r.rule
