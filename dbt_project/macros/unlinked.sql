{# Source rows that cannot be linked to an entity: the identifier is missing, or broke its rule (C02), and nobody has confirmed whose
   the row is. They wait here. #}
{% macro unlinked(database) %}
{%- for name in entities_of(database) %}{% set outer = loop %}
{%- for source_ in authority_of(name).sources %}
select
    '{{ name }}' as entity,
    '{{ source_.department }}' as department,
    '{{ source_.resource }}' as resource,
    p._delivery_id as delivery_id,
    p._row_number as row_number,
    case when {% for column in source_.key_columns %}{{ broken('p', column) }}{{ ' or ' if not loop.last }}{% endfor %} then 'invalid' else 'missing' end as reason,
    {{ key_text(source_.key_columns, 'p') }} as key_text,
    p._key as source_key
from {{ source('pool', source_.relation) }} as p
{{- link_joins(name, source_, 'p') }}
where {{ entity_key(name, source_, 'p') }} is null
{%- if not (outer.last and loop.last) %}
union all
{%- endif %}
{%- endfor %}
{%- endfor %}
{% endmacro %}
