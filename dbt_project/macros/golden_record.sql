{# One row an entity: each attribute from the source the authority list ranks first, then the most recent, then the written
   tie-break; nulls never win (A06, D03). A coded attribute is followed by its name in the code list, each group of attributes by
   the day since which it is what it is. A group that no source touched keeps its day, also where the table is made anew. #}
{% macro golden_record(name) %}
{%- set entity = authority_of(name) -%}
{{- config(materialized='incremental', incremental_strategy='append', pre_hook=["{{ keep_before('" ~ name ~ "') }}", "{{ forget_changed('" ~ name ~ "') }}"]) -}}
-- depends_on: {{ ref('changed') }}
with {{ moment() }},

golden as (
    select
        {{ entity_id('entity_key') }} as entity_id,
        entity_key,
        {%- if not entity.kind %}
        {%- for key in entity['keys'] %}
        min({{ key }}) as {{ key }},
        {%- endfor %}
        {%- endif %}
        {%- for attribute, claimed in entity.attributes.items() %}
        min_by({{ attribute }}, {{ attribute_rank(attribute, claimed.sources) }}) as {{ attribute }},
        {%- endfor %}
        bool_or(under_check) as under_check
    from {{ ref('claim_' ~ name) }}
    group by entity_key
)

select
    g.entity_id,
    {%- if entity.kind %}
    coalesce(called.identifier, {{ own_key(entity, 'g.entity_key') }}) as {{ entity.kind }},
    {%- else %}
    {%- for key in entity['keys'] %}
    g.{{ key }},
    {%- if key in entity.coded_keys %}
    {{ key }}_list.name as {{ entity.coded_keys[key].name_column }},
    {%- endif %}
    {%- endfor %}
    {%- endif %}
    {%- for attribute, claimed in entity.attributes.items() %}
    g.{{ attribute }},
    {%- if claimed.codes %}
    {{ attribute }}_list.name as {{ claimed.name_column }},
    {%- endif %}
    {%- if claimed.form %}
    {{ in_one_form(claimed.form, 'g.' ~ attribute) }} as normal_{{ attribute }},
    {%- endif %}
    {%- endfor %}
    coalesce(b.known_since, m.as_of) as known_since,
    {%- for group, members in entity.groups.items() %}
    case when b.entity_id is not null and {{ same_group(members, 'g', 'b') }} then b.{{ group }}_since else m.as_of end as {{ group }}_since,
    {%- endfor %}
    g.under_check
from golden as g
cross join moment as m
left join {{ before(name) }} as b on b.entity_id = g.entity_id
{%- if entity.kind %}
left join {{ source('lake', 'alias') }} as called on called.kind = '{{ entity.kind }}' and called.is_current and called.entity_key = g.entity_key
{%- endif %}
{%- for key, coded in entity.coded_keys.items() %}
left join {{ code_names(coded.codes) }} as {{ key }}_list on {{ key }}_list.code = g.{{ key }}
{%- endfor %}
{%- for attribute, claimed in entity.attributes.items() if claimed.codes %}
left join {{ code_names(claimed.codes) }} as {{ attribute }}_list on {{ attribute }}_list.code = g.{{ attribute }}
{%- endfor %}
{% endmacro %}

{% macro same_group(members, one, other) -%}
{%- for member in members %}{{ one }}.{{ member }} is not distinct from {{ other }}.{{ member }}{{ ' and ' if not loop.last }}{% endfor -%}
{%- endmacro %}
