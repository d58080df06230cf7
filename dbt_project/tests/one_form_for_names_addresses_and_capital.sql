-- Guards: what the macros of names, addresses and capital promise holds on the engine that runs them. Patterns and translate differ in
-- small ways between engines; a name compared in another form would silently link nobody, or the wrong one.
with written as (
    select 'name' as kind, '阿卜杜拉•买买提' as text, '阿卜杜拉·买买提' as expected
    union all select 'name', ' 劉　備（ａ）', '刘备(A)'
    union all select 'address', '建设路１２号院三幢二单元五〇一室', '建设路12号3号楼2单元501室'
    union all select 'address', '和顺苑二十三栋 502户', '和顺苑23号楼502室'
    union all select 'capital', '5,000,000.00元', '500.0 156'
    union all select 'capital', '9.9万美元', '9.9 840'
    union all select 'capital', '5,000000元', 'unread'
),

read as (
    select
        kind,
        text,
        expected,
        case kind
            when 'name' then {{ normal_name('text') }}
            when 'address' then {{ normal_address('text') }}
            when 'capital' then case
                when {{ capital_unread('text') }} then 'unread'
                else concat(cast({{ capital_wan_yuan('text') }} as string), ' ', {{ capital_currency('text') }})
            end
        end as found
    from written
)

select kind, text, expected, found
from read
where coalesce(found, '-') <> expected
