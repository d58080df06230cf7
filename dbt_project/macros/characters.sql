{# One form for characters that registers write in several: what names, addresses and amounts of capital begin with. What may not be
   folded (a character that the table of 2013 gives back to names, as 喆 beside 哲) is not in the list. Not here: words.
   `variant_characters()` is generated from catalogue/codes/variant_character.csv. Python: yishu/normalise/texts.py; a test holds both
   together. No apostrophe, no backslash: the engines quote them differently. Order matters: what has no counterpart is removed. #}
{% macro folded_characters() %}
{{ return({
    'written': 'abcdefghijklmnopqrstuvwxyz０１２３４５６７８９ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ'
        ~ '【〔［｛】〕］｝，．：；／＃＆＋＊＝％？！－—–―─～•・･‧∙⋅●' ~ '\t\n\r\u00a0\u00ad\u2002\u2003\u2009\u200b\u200c\u200d\u3000\ufeff',
    'plain': 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ'
        ~ '(((())))' ~ ',.:;/#&+*=%?!-----' ~ '-·······'
}) }}
{% endmacro %}

{# Half width, capitals, round brackets, one dash, one middle dot, no white space. Measured: DuckDB's translate builds its table anew for every
   row (12 s for a million), so what is common (（） and spaces) is replaced by itself, and the rest only in rows that hold it. The guard asks the
   column: of a longer expression the text, and the work, would double. #}
{% macro narrow_characters(column) -%}
{%- set folded, common = folded_characters(), "replace(replace(replace(" ~ column ~ ", '（', '('), '）', ')'), ' ', '')" -%}
case when {{ matches(column, '[' ~ folded.written ~ ']') }} then translate({{ common }}, '{{ folded.written }}', '{{ folded.plain }}') else {{ common }} end
{%- endmacro %}

{# The same, and in standard characters: 0.4 ms a row that holds another, next to nothing for the others. #}
{% macro plain_characters(column) -%}
{%- set listed, narrow = variant_characters(), narrow_characters(column) -%}
case when {{ matches(column, '[' ~ listed.variants ~ ']') }} then translate({{ narrow }}, '{{ listed.variants }}', '{{ listed.standards }}') else {{ narrow }} end
{%- endmacro %}

{# Does the text hold a match of the pattern? Patterns are written without backslashes. #}
{% macro matches(text, pattern) %}{{ return(adapter.dispatch('matches')(text, pattern)) }}{% endmacro %}
{% macro default__matches(text, pattern) %}regexp_matches({{ text }}, '{{ pattern }}'){% endmacro %}
{% macro spark__matches(text, pattern) %}{{ text }} rlike '{{ pattern }}'{% endmacro %}

{# Every match replaced; {1} in the replacement is the first group. #}
{% macro replaced(text, pattern, replacement) %}{{ return(adapter.dispatch('replaced')(text, pattern, replacement)) }}{% endmacro %}
{% macro default__replaced(text, pattern, replacement) -%}
regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement | replace('{', '\\') | replace('}', '') }}', 'g')
{%- endmacro %}
{% macro spark__replaced(text, pattern, replacement) -%}
regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement | replace('{', '$') | replace('}', '') }}')
{%- endmacro %}
