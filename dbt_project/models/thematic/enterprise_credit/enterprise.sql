-- One row a legal entity: what authorities, tax office and court have decided about it. The rating is a local reading aid, no legal
-- finding: 失信 = on the court's list; 关注 = no longer active, penalised within three years (1095 days), or tax grade D;
-- 守信 = tax grade A, known to be active, and none of these; 一般 = the rest.
with moment as (
    select max(as_of) as as_of from {{ source('lake', 'pin') }}
),

permit as (
    select
        p.credit_code,
        count(*) as valid_permit_count,
        min(case when p.valid_until_date < cast('2099-12-31' as date) then p.valid_until_date end) as next_permit_expiry_date
    from {{ ref('administrative_permit') }} as p
    cross join moment as m
    where p.credit_code is not null and p.state = '1' and p.valid_until_date >= m.as_of
    group by p.credit_code
),

penalty as (
    select
        p.credit_code,
        count(*) as penalty_count,
        count(case when {{ days_between('p.decided_date', 'm.as_of') }} <= 1095 then 1 end) as recent_penalty_count,
        -- An amount in doubt (yuan written for 万元, ten thousand times too much) would drown all others: it counts once it is settled.
        sum(case when {{ days_between('p.decided_date', 'm.as_of') }} <= 1095 and not p.under_check then p.fine_wan_yuan end) as recent_fine_wan_yuan
    from {{ ref('administrative_penalty') }} as p
    cross join moment as m
    where p.credit_code is not null
    group by p.credit_code
),

known as (
    select
        e.*,
        coalesce(p.valid_permit_count, 0) as valid_permit_count,
        p.next_permit_expiry_date,
        coalesce(n.penalty_count, 0) as penalty_count,
        coalesce(n.recent_penalty_count, 0) as recent_penalty_count,
        coalesce(n.recent_fine_wan_yuan, 0) as recent_fine_wan_yuan,
        s.tax_grade,
        s.tax_grade_name,
        s.defaulter_case_no is not null as is_defaulter,
        s.defaulter_listed_date,
        e.under_check or coalesce(s.under_check, false) as any_under_check
    from {{ ref('legal_entity') }} as e
    left join permit as p on p.credit_code = e.credit_code
    left join penalty as n on n.credit_code = e.credit_code
    left join {{ ref('credit_subject') }} as s on s.credit_code = e.credit_code
)

select
    entity_id,
    credit_code,
    name,
    entity_type,
    entity_type_name,
    industry_code,
    industry_name,
    division_code,
    division_name,
    status,
    status_name,
    established_date,
    registered_capital_wan_yuan,
    representative_name,
    insured_count,
    valid_permit_count,
    next_permit_expiry_date,
    penalty_count,
    recent_penalty_count,
    recent_fine_wan_yuan,
    tax_grade,
    tax_grade_name,
    is_defaulter,
    defaulter_listed_date,
    case
        when is_defaulter then '失信'
        when status <> '1' or recent_penalty_count > 0 or tax_grade = 'D' then '关注'
        when tax_grade = 'A' and status = '1' then '守信'
        else '一般'
    end as rating,
    any_under_check as under_check
from known
