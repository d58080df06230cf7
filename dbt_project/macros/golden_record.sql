{# One row an entity: each attribute from the source the authority list ranks first, then the most recent, then the written
   tie-break; nulls never win (A06, D03). A coded attribute is followed by its name in the code list. #}
{% macro golden_record(name) %}
{%- set entity = authority()[name] -%}
with {{ moment() }},

{{ claims(name) }},

golden as (
    select
        {{ entity_id('entity_key') }} as entity_id,
        entity_key as {{ entity.key }},
        {%- for attribute, claimed in entity.attributes.items() %}
        min_by({{ attribute }}, {{ attribute_rank(attribute, claimed.sources) }}) as {{ attribute }},
        {%- endfor %}
        bool_or(under_check) as under_check
    from claim_{{ name }}
    group by entity_key
)

select
    g.entity_id,
    g.{{ entity.key }},
    {%- for attribute, claimed in entity.attributes.items() %}
    g.{{ attribute }},
    {%- if claimed.codes %}
    {{ attribute }}_list.name as {{ claimed.name_column }},
    {%- endif %}
    {%- endfor %}
    g.under_check
from golden as g
{%- for attribute, claimed in entity.attributes.items() if claimed.codes %}
left join {{ code_names(claimed.codes) }} as {{ attribute }}_list on {{ attribute }}_list.code = g.{{ attribute }}
{%- endfor %}
{% endmacro %}
