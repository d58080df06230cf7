-- Registered living persons by division, sex and band of five years.
with {{ inhabitants() }}

select
    division_code,
    division_name,
    sex,
    sex_name,
    cast(case when age_years >= 100 then 100 else age_years - age_years % 5 end as int) as age_from_years,
    case
        when age_years >= 100 then '100+'
        else concat(cast(age_years - age_years % 5 as string), '-', cast(age_years - age_years % 5 + 4 as string))
    end as age_band,
    count(*) as person_count
from inhabitant
group by
    division_code,
    division_name,
    sex,
    sex_name,
    cast(case when age_years >= 100 then 100 else age_years - age_years % 5 end as int),
    case
        when age_years >= 100 then '100+'
        else concat(cast(age_years - age_years % 5 as string), '-', cast(age_years - age_years % 5 + 4 as string))
    end
