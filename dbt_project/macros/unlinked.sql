{# Source rows that cannot be linked to an entity: the identifier is missing, or broke its rule (C02). They wait here. #}
{% macro unlinked(database) %}
{%- for name in entities_of(database) %}{% set outer = loop %}
{%- for source_ in authority()[name].sources %}
select
    '{{ name }}' as entity,
    '{{ source_.department }}' as department,
    '{{ source_.resource }}' as resource,
    p._delivery_id as delivery_id,
    p._row_number as row_number,
    case when {{ broken('p', source_.key_column) }} then 'invalid' else 'missing' end as reason,
    p.{{ source_.key_column }} as key_text,
    p._key as source_key
from {{ source('pool', source_.relation) }} as p
where p.{{ source_.key_column }} is null or {{ broken('p', source_.key_column) }}
{%- if not (outer.last and loop.last) %}
union all
{%- endif %}
{%- endfor %}
{%- endfor %}
{% endmacro %}
