-- Guards: what the macros of names, addresses and capital promise holds on the engine that runs them. Patterns and translate differ in
-- small ways between engines; a name compared in another form would silently link nobody, or the wrong one.
with name as (
    select '阿卜杜拉•买买提' as text, '阿卜杜拉·买买提' as expected
    union all select ' 劉　備（ａ）', '刘备(A)'
),

address as (
    select '建设路１２号院三幢二单元五〇一室' as text, '建设路12号3号楼2单元501室' as expected
    union all select '和顺苑二十三栋 502户', '和顺苑23号楼502室'
),

capital as (
    select '5,000,000.00元' as text, 500.0 as wan_yuan, '156' as currency
    union all select '9.9万美元', 9.9, '840'
    union all select '5,000000元', null, null
)

select text, expected from name where coalesce({{ normal_name('text') }}, '-') <> expected
union all
select text, expected from address where coalesce({{ normal_address('text') }}, '-') <> expected
union all
select text, currency as expected
from capital
where coalesce({{ capital_wan_yuan('text') }}, -1) <> coalesce(wan_yuan, -1)
    or coalesce({{ capital_currency('text') }}, '-') <> coalesce(currency, '-')
    or {{ capital_unread('text') }} <> (wan_yuan is null)
