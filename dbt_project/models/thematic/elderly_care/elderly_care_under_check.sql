-- Why a person of this theme is under check: the open rules of the base database, for those who are in the theme (E07). One row may speak of
-- several entities of the same person, a disability and its subsidy say; here it is one person's.
select
    r.entity_id,
    r.department,
    r.resource,
    r.rule,
    min(r.since) as since
from {{ ref('person_under_check') }} as r
inner join {{ ref('elderly_person') }} as e on e.entity_id = r.entity_id
group by r.entity_id, r.department, r.resource, r.rule
