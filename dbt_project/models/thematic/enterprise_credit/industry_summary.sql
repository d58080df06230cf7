-- Counts for supervision: where penalties gather.
select
    coalesce(industry_code, '-') as industry_code,
    coalesce(industry_name, '未登记行业') as industry_name,
    count(*) as entity_count,
    count(case when status = '1' then 1 end) as active_count,
    cast(sum(valid_permit_count) as bigint) as valid_permit_count,
    cast(sum(recent_penalty_count) as bigint) as recent_penalty_count,
    sum(recent_fine_wan_yuan) as recent_fine_wan_yuan,
    count(case when is_defaulter then 1 end) as defaulter_count,
    count(case when rating = '守信' then 1 end) as trustworthy_count
from {{ ref('enterprise') }}
group by coalesce(industry_code, '-'), coalesce(industry_name, '未登记行业')
