-- Guards: the bands of a division add up to its indicator. A person counted twice, or lost between two bands, would show here.
select i.division_code, i.person_count, b.person_count as in_bands
from {{ ref('division_indicator') }} as i
left join (select division_code, sum(person_count) as person_count from {{ ref('division_population') }} group by division_code) as b
    on b.division_code = i.division_code
where b.person_count is null or b.person_count <> i.person_count
