{# Survivorship as one number, smaller is better (measured: one GROUP BY over packed ranks costs a quarter of a window per
   attribute). From the high bits down: 4 bits place in the authority list, 14 bits day of the delivery (later first), 20 bits
   delivery (later first), 25 bits row number (the written tie-break). tests/ranks_fit_their_bits.sql guards the widths.
   Days count from a fixed date, not back from the build's: the rank of a row that nothing touches stays what it was. #}
{% macro place_unit() %}{{ return('576460752303423488') }}{% endmacro %}
{% macro day_unit() %}{{ return('35184372088832') }}{% endmacro %}
{% macro delivery_unit() %}{{ return('33554432') }}{% endmacro %}
{% macro last_delivery() %}{{ return('1048575') }}{% endmacro %}
{% macro first_day() %}{{ return("date '2015-01-01'") }}{% endmacro %}

{# The part that all attributes of a source row share. Days before the first count as it, days after 2059 as the last. #}
{% macro recency(row) -%}
(16383 - least(greatest({{ days_between(first_day(), row ~ '._as_of') }}, 0), 16383)) * {{ day_unit() }}
      + ({{ last_delivery() }} - {{ row }}._delivery_seq) * {{ delivery_unit() }} + {{ row }}._row_number
{%- endmacro %}

{# The rank of a claim's value of one attribute; null where the claim has none, so that nulls never win on either engine. #}
{% macro attribute_rank(attribute, sources) -%}
case when {{ attribute }} is not null then case source_name
{%- for source_ in sources %} when '{{ source_.relation }}' then {{ loop.index0 }}{% endfor %} end * {{ place_unit() }} + recency end
{%- endmacro %}

{# Decoding divides exact multiples of a power of two: exact in a double as well, so `/` may differ between engines. #}
{% macro rank_place(rank) %}cast(({{ rank }} - {{ rank }} % {{ place_unit() }}) / {{ place_unit() }} as int){% endmacro %}
{% macro rank_delivery(rank) -%}
{{ last_delivery() }} - cast(({{ rank }} % {{ day_unit() }} - {{ rank }} % {{ delivery_unit() }}) / {{ delivery_unit() }} as bigint)
{%- endmacro %}
{% macro rank_row(rank) %}{{ rank }} % {{ delivery_unit() }}{% endmacro %}
