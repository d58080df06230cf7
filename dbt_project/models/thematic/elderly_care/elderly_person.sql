-- Who is sixty or older on the pin's date and not known to be dead (老年人权益保障法 article 2: 60 周岁以上).
with moment as (
    select max(as_of) as as_of from {{ source('lake', 'pin') }}
),

living as (
    -- A person known only to departments that keep no birth date still has one: GB 11643 writes it into the valid number.
    select
        *,
        coalesce(
            birth_date,
            try_cast(concat(substr(citizen_id, 7, 4), '-', substr(citizen_id, 11, 2), '-', substr(citizen_id, 13, 2)) as date)
        ) as born_date
    from {{ ref('person') }}
    -- Who has no citizen id is known by a travel document: a guest of the city, whom the law on the elderly does not speak of.
    where death_date is null and citizen_id is not null
),

household as (
    select household_no, count(*) as member_count
    from living
    where household_no is not null
    group by household_no
),

allowance as (
    select citizen_id, allowance_level, monthly_amount_yuan
    from {{ source('pool', 'civil_affairs__elderly_allowance') }} as p
    where status = '1' and citizen_id is not null and not {{ broken('p', 'citizen_id') }}
),

elderly as (
    select
        p.*,
        {{ age_years('p.born_date', 'm.as_of') }} as age_years,
        coalesce(p.residence_division_code, p.registered_division_code) as division_code,
        coalesce(p.residence_address, p.registered_address) as address
    from living as p
    cross join moment as m
    where {{ age_years('p.born_date', 'm.as_of') }} >= 60
)

select
    e.entity_id,
    e.citizen_id,
    e.full_name,
    e.sex,
    sex_code.name as sex_name,
    e.born_date as birth_date,
    cast(e.age_years as int) as age_years,
    e.division_code,
    division.name as division_name,
    e.address,
    e.phone,
    a.citizen_id is not null as receives_allowance,
    a.allowance_level,
    allowance_code.name as allowance_level_name,
    a.monthly_amount_yuan,
    e.pension_insured_status,
    insured_code.name as pension_insured_status_name,
    e.pension_payment_status,
    e.pension_payment_status_name,
    e.pension_monthly_yuan,
    h.member_count = 1 as lives_alone,
    e.under_check
from elderly as e
left join household as h on h.household_no = e.household_no
left join allowance as a on a.citizen_id = e.citizen_id
left join {{ code_names('gb_t_2261_1') }} as sex_code on sex_code.code = e.sex
left join {{ code_names('gb_t_2260') }} as division on division.code = e.division_code
left join {{ code_names('local_allowance_level') }} as allowance_code on allowance_code.code = a.allowance_level
left join {{ code_names('local_insured_status') }} as insured_code on insured_code.code = e.pension_insured_status
