{# A written address in the one form by which addresses are compared: plain characters, 三幢 and 3# and 3栋 as 3号楼, 户 and 房 as 室, the yard
   of a number as the number. Null for nothing. Not here: its levels (yishu/normalise splits it), or what it leaves out. #}
{% macro normal_address(column) -%}
{%- set plain = plain_characters(column) -%}
{%- set unit = '(号|幢|栋|座|单元|层|室|组)' -%}
{#- guarded by the column: thirty-seven replacements are for the few rows that hold a figure in characters -#}
{%- set counted = "case when " ~ matches(column, '[一二三四五六七八九十〇零]') ~ " then " ~ arabic_counts(plain, unit) ~ " else " ~ plain ~ " end" -%}
{%- set built = replaced(counted, '([0-9A-Z]+)(号楼|号幢|号栋|#楼|#|幢|栋|座)', '{1}号楼') -%}
{%- set room = replaced(built, '([0-9])(户|房间|房)($|[,(])', '{1}室{3}') -%}
nullif({{ replaced(room, '([0-9])号院', '{1}号') }}, '')
{%- endmacro %}

{# 二十三号 as 23号, up to ninety-nine; three times through the figures, so that 五〇一室 becomes 501室 as well. #}
{% macro arabic_counts(text, unit) -%}
{%- set figure = '([一二三四五六七八九])' -%}
{%- set made = namespace(text=text) -%}
{%- set made.text = replaced(made.text, figure ~ '十' ~ figure ~ unit, '{1}{2}{3}') -%}
{%- set made.text = replaced(made.text, figure ~ '十' ~ unit, '{1}0{2}') -%}
{%- set made.text = replaced(made.text, '十' ~ figure ~ unit, '1{1}{2}') -%}
{%- set made.text = replaced(made.text, '十' ~ unit, '10{1}') -%}
{%- for _ in range(3) -%}
{%- for name in '〇一二三四五六七八九零' -%}
{%- set made.text = replaced(made.text, name ~ '([0-9]?[0-9]?)' ~ unit, loop.index0 % 10 ~ '{1}{2}') -%}
{%- endfor -%}
{%- endfor -%}
{{ made.text }}
{%- endmacro %}
