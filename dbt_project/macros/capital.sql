{# Registered capital as registers write it (500万元, 5,000,000.00元, 100(万元人民币), 9.9万美元): an amount in 万 of a currency, and the
   currency (GB/T 12406). A text of any other shape, and a bare number, which has no unit, is null and told by `capital_unread`. Nothing is
   guessed, nothing converted between currencies. #}

{# The code in catalogue/codes/gb_t_12406.csv -> what registers call the currency. #}
{% macro currency_words() %}
{{ return({'156': '人民币|RMB|CNY', '840': '美元|美金|USD', '344': '港元|港币|HKD', '978': '欧元|EUR', '392': '日元|日币|JPY', '826': '英镑|GBP',
           '410': '韩元|韩币|KRW', '702': '新加坡元|新加坡币|新元|SGD', '901': '新台币|台币|TWD', '036': '澳大利亚元|澳元|AUD', '124': '加拿大元|加元|CAD',
           '756': '瑞士法郎|CHF', '446': '澳门元|澳门币|MOP'}) }}
{% endmacro %}

{# The amount in 万 of its currency, as double. #}
{% macro capital_wan_yuan(column) -%}
{%- set text = capital_text(column) -%}
case when {{ capital_read(column) }} then
        cast(replace(regexp_extract({{ text }}, '([0-9][0-9,.]*)', 1), ',', '') as double)
        * case when instr({{ text }}, '亿') > 0 then 10000 when instr({{ text }}, '千万') > 0 then 1000 when instr({{ text }}, '百万') > 0 then 100 else 1 end
        / case when {{ matches(text, '[亿万]') }} then 1 when instr({{ text }}, '千') > 0 then 10 else 10000 end
    end
{%- endmacro %}

{# The code of the currency: the one that is named, else the renminbi's where 元 is; 万 alone names none: null, as with any shape not read. #}
{% macro capital_currency(column) -%}
{%- set text = capital_text(column) -%}
case when {{ capital_read(column) }} then case
        {%- for code, words in currency_words().items() %}
        when {{ matches(text, words) }} then '{{ code }}'
        {%- endfor %}
        when {{ matches(text, '[元圆]') }} then '156'
    end end
{%- endmacro %}

{# Is something stated that is not read? To be counted and told beside the amount. Words for nothing are null in a pool already. #}
{% macro capital_unread(column) -%}
({{ column }} is not null and not {{ capital_read(column) }})
{%- endmacro %}

{% macro capital_text(column) -%}
replace(replace({{ narrow_characters(column) }}, '萬', '万'), '圓', '圆')
{%- endmacro %}

{# One number, its thousands grouped by three or not at all (5,000000 is nobody's number); a scale, 元 and one currency, not all absent. #}
{% macro capital_read(column) -%}
{%- set number = '([0-9]{1,3}(,[0-9]{3})+|[0-9]+)([.][0-9]+)?' -%}
{%- set scale = '(亿|千万|百万|万|千)' -%}
{%- set currency = '(' ~ currency_words().values() | join('|') ~ ')' -%}
({{ matches(capital_text(column), '^(' ~ currency ~ ':?' ~ number ~ '[(]?' ~ scale ~ '?[元圆]?[)]?|'
    ~ number ~ '[(]?(' ~ scale ~ '[元圆]?|[元圆])[)]?|' ~ number ~ '[(]?' ~ scale ~ '?[元圆]?[(]?' ~ currency ~ '元?[)]?[)]?)[整正]?$') }})
{%- endmacro %}
