{# The references of the authority list whose target is not there, one row each: the entity that refers, by its id, never by an identifier.
   A target is there under any identifier it has gone by, so that an old number still leads to it. required: 1 or 0, which of them. All that
   refer to one entity are asked together: who it is known as is looked up once. #}
{% macro dangling_references(required) %}
{%- set targets = {} -%}
{%- for name, entity in authority().items() -%}
{%- for attribute, reference in entity.references.items() if reference.required == required -%}
{%- do targets.setdefault(reference.entity, []).append(referring(name, attribute, reference)) -%}
{%- endfor -%}
{%- endfor -%}
{%- for name, selects in targets.items() %}
{%- set target = authority_of(name) %}
select r.entity, r.attribute, '{{ name }}' as refers_to, r.entity_id
from (
    {{ selects | join('\nunion all\n') }}
) as r
left join {{ ref(target.database ~ '_identity') }} as i on i.entity = '{{ name }}' and i.kind = '{{ target.kind }}' and i.identifier = r.identifier
where i.entity_id is null
{{ 'union all' if not loop.last }}
{%- endfor -%}
{% endmacro %}

{% macro referring(name, attribute, reference) -%}
select '{{ name }}' as entity, '{{ attribute }}' as attribute, entity_id, {{ attribute }} as identifier
from {{ ref(name) }}
where {{ attribute }} is not null
{%- if reference.required %}
    and {{ attribute }} not in (
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
