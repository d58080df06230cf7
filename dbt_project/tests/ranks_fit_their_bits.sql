-- Guards: row numbers below 2^25, delivery numbers up to 2^20 - 1, at most 16 sources an attribute (macros/rank.sql).
-- Beyond that a field would run into its neighbour and another source would silently win.
{%- set relations = [] -%}
{%- for base, database in authority().items() -%}
{%- for source_ in database.sources -%}{%- do relations.append(source_.relation) if source_.relation not in relations -%}{%- endfor -%}
{%- for attribute, claimed in database.attributes.items() if claimed.sources | length > 16 %}
select '{{ base }}.{{ attribute }}' as place, cast({{ claimed.sources | length }} as bigint) as value
union all
{%- endfor -%}
{%- endfor %}
{%- for relation in relations %}
select '{{ relation }}' as place, greatest(max(_row_number), max(_delivery_seq)) as value
from {{ source('pool', relation) }}
having max(_row_number) >= {{ delivery_unit() }} or max(_delivery_seq) > {{ last_delivery() }} or min(_row_number) < 0 or min(_delivery_seq) < 0
{{- ' union all' if not loop.last }}
{%- endfor %}
