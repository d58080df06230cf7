-- Guards: the theme holds nobody under sixty and nobody whose death any source states. An allowance paid on the theme's word
-- to a dead person would be this failing silently.
select e.entity_id
from {{ ref('elderly_person') }} as e
inner join {{ ref('person') }} as p on p.entity_id = e.entity_id
where e.age_years < 60 or p.death_date is not null
