{# The registered living, with age and whether they live elsewhere: what the tables of the population theme count. CTEs, without `with`. #}
{% macro inhabitants() -%}
moment as (
    select max(as_of) as as_of from {{ source('lake', 'pin') }}
),

inhabitant as (
    select
        p.registered_division_code as division_code,
        p.registered_division_name as division_name,
        coalesce(p.sex, '9') as sex,
        coalesce(p.sex_name, '未说明的性别') as sex_name,
        {{ age_years('p.birth_date', 'm.as_of') }} as age_years,
        p.household_no,
        p.residence_division_code is not null and p.residence_division_code <> p.registered_division_code as lives_elsewhere,
        p.under_check
    from {{ ref('person') }} as p
    cross join moment as m
    where p.death_date is null and p.registered_division_code is not null and p.birth_date is not null
)
{%- endmacro %}
