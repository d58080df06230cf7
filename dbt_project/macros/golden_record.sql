{# One row an entity: each attribute from the source the authority list ranks first, then the most recent, then the written
   tie-break; nulls never win (A06, D03). #}
{% macro golden_record(base) %}
{%- set database = authority()[base] -%}
with {{ claims(base) }}

select
    {{ entity_id('entity_key') }} as entity_id,
    entity_key as {{ database.key }},
    {%- for attribute, claimed in database.attributes.items() %}
    min_by({{ attribute }}, {{ attribute_rank(attribute, claimed.sources) }}) as {{ attribute }},
    {%- endfor %}
    bool_or(under_check) as under_check
from claim
group by entity_key
{% endmacro %}
