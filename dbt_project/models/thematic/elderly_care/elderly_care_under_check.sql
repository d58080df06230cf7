-- Why a person of this theme is under check: the open rules of the base database, for those who are in the theme (E07).
select
    r.entity_id,
    r.department,
    r.resource,
    r.rule,
    r.since
from {{ ref('person_under_check') }} as r
inner join {{ ref('elderly_person') }} as e on e.entity_id = r.entity_id
