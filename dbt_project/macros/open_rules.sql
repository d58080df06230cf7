{# The open rules behind `under_check`: for each entity, which rule accuses which department's record since when (E07). They
   leave with the violation. A row without a valid key is nobody's: it waits in `unlinked`. #}
{% macro open_rules(database) %}
with doubted as (
    {%- for name in entities_of(database) %}{% set outer = loop %}
    {%- for source_ in authority()[name].sources %}
    select
        '{{ name }}' as entity,
        p.{{ source_.key_column }} as entity_key,
        u.department,
        u.resource,
        u.rule,
        u.since
    from {{ source('pool', source_.relation) }} as p
    inner join {{ source('lake', 'under_check') }} as u
        on u.key = p._key and u.department = '{{ source_.department }}' and u.resource = '{{ source_.resource }}'
    where p.{{ source_.key_column }} is not null and not {{ broken('p', source_.key_column) }}
    {%- if not (outer.last and loop.last) %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- endfor %}
)

select
    entity,
    {{ entity_id('entity_key') }} as entity_id,
    department,
    resource,
    rule,
    min(since) as since
from doubted
group by entity, entity_key, department, resource, rule
{% endmacro %}
