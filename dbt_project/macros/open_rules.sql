{# The open rules behind `under_check`: for each entity, which rule accuses which department's record since when (E07). They
   leave with the violation. A row that is linked to no entity is nobody's: it waits in `unlinked`. #}
{% macro open_rules(database) %}
with doubted as (
    {%- for name in entities_of(database) %}{% set outer = loop %}
    {%- for source_ in authority_of(name).sources %}
    select
        '{{ name }}' as entity,
        {{ entity_key(name, source_, 'p') }} as entity_key,
        u.department,
        u.resource,
        u.rule,
        u.since
    from {{ source('lake', 'under_check') }} as u
    inner join {{ source('pool', source_.relation) }} as p on p._key = u.key
    {{- link_joins(name, source_, 'p') }}
    where u.department = '{{ source_.department }}' and u.resource = '{{ source_.resource }}'
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
where entity_key is not null
group by entity, entity_key, department, resource, rule
{% endmacro %}
