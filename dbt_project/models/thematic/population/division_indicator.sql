-- What a planner asks of a division: how many, how old, how dependent, in how many households.
with {{ inhabitants() }},

counted as (
    select
        division_code,
        division_name,
        count(*) as person_count,
        count(case when sex = '1' then 1 end) as male_count,
        count(case when sex = '2' then 1 end) as female_count,
        count(case when age_years < 15 then 1 end) as child_count,
        count(case when age_years >= 60 then 1 end) as aged_60_count,
        count(case when age_years >= 65 then 1 end) as aged_65_count,
        count(distinct household_no) as household_count,
        count(case when lives_elsewhere then 1 end) as lives_elsewhere_count,
        count(case when under_check then 1 end) as under_check_count
    from inhabitant
    group by division_code, division_name
)

select
    division_code,
    division_name,
    person_count,
    male_count,
    female_count,
    cast(male_count as double) / nullif(female_count, 0) * 100 as sex_ratio,
    child_count,
    aged_60_count,
    aged_65_count,
    cast(aged_60_count as double) / person_count as aged_60_share,
    cast(aged_65_count as double) / person_count as aged_65_share,
    cast(child_count + aged_65_count as double) / nullif(person_count - child_count - aged_65_count, 0) as dependency_ratio,
    household_count,
    cast(person_count as double) / nullif(household_count, 0) as mean_household_size,
    lives_elsewhere_count,
    under_check_count
from counted
