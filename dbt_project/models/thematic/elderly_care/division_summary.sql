-- Counts for planning: no row is a person.
select
    division_code,
    division_name,
    case
        when age_years >= 100 then '100+'
        when age_years >= 90 then '90-99'
        when age_years >= 80 then '80-89'
        when age_years >= 70 then '70-79'
        else '60-69'
    end as age_band,
    count(*) as person_count,
    count(case when receives_allowance then 1 end) as allowance_count,
    coalesce(sum(monthly_amount_yuan), 0) as monthly_amount_yuan,
    count(case when pension_insured_status is not null then 1 end) as insured_count,
    count(case when lives_alone then 1 end) as lives_alone_count,
    count(case when under_check then 1 end) as under_check_count
from {{ ref('elderly_person') }}
group by
    division_code,
    division_name,
    case
        when age_years >= 100 then '100+'
        when age_years >= 90 then '90-99'
        when age_years >= 80 then '80-89'
        when age_years >= 70 then '70-79'
        else '60-69'
    end
