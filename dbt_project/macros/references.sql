{# The references of the authority list whose target is not there, one row each: the entity that refers, by its id, never by an identifier.
   A target is there under any identifier it has gone by, so that an old number still leads to it. required: 1 or 0, which of them. #}
{% macro dangling_references(required) %}
{%- set selects = [] -%}
{%- for name, entity in authority().items() -%}
{%- for attribute, reference in entity.references.items() if reference.required == required -%}
{%- do selects.append(dangling(name, attribute, reference)) -%}
{%- endfor -%}
{%- endfor -%}
{{ selects | join('\nunion all\n') }}
{% endmacro %}

{% macro dangling(name, attribute, reference) -%}
{%- set target = authority_of(reference.entity) -%}
select '{{ name }}' as entity, '{{ attribute }}' as attribute, '{{ reference.entity }}' as refers_to, g.entity_id
from {{ ref(name) }} as g
left join {{ ref(target.database ~ '_identity') }} as i
    on i.entity = '{{ reference.entity }}' and i.kind = '{{ target.kind }}' and i.identifier = g.{{ attribute }}
where g.{{ attribute }} is not null and i.entity_id is null
{%- if reference.required %}
    and g.{{ attribute }} not in (
        {{ reference_split_off(reference) }}
    )
{%- endif %}
{%- endmacro %}

{# The values of rows that a person has split off from whom the value names: they belong to another entity on purpose. #}
{% macro reference_split_off(reference) -%}
{%- for source_ in reference.sources %}
select p.{{ source_.column }}
        from {{ source('pool', source_.relation) }} as p
        inner join {{ source('lake', 'link') }} as l on l.source_key = p._key
        where p.{{ source_.column }} is not null and l.entity = '{{ reference.entity }}' and l.department = '{{ source_.department }}'
            and l.resource = '{{ source_.resource }}' and l.is_split
        {{ 'union all ' if not loop.last }}
{%- endfor %}
{%- endmacro %}
