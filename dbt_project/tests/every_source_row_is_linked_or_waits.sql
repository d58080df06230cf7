-- Guards: a source row either supports a golden record or waits in `unlinked`; none falls between (E07: nobody disappears).
-- Would break silently if a key were compared untrimmed, or a source were added to the authority list without its key.
-- Where the last build is built upon, the rows of entities that were made again are asked; the others stand as they were found.
-- depends_on: {{ ref('changed') }}
{%- for name, entity in authority().items() -%}{%- set outer = loop -%}
{%- for source_ in entity.sources %}
select '{{ name }}' as entity, '{{ source_.relation }}' as source_name, p.source_key
from (
    select keyed.source_key, keyed.entity_key
    from (
        select p._key as source_key, {{ entity_key(name, source_, 'p') }} as entity_key
        from {{ source('pool', source_.relation) }} as p
        {{- link_joins(name, source_, 'p') }}
    ) as keyed
    {%- if not flags.FULL_REFRESH %}
    where keyed.entity_key is null or keyed.entity_key in (select entity_key from {{ ref('changed') }} where entity = '{{ name }}')
    {%- endif %}
) as p
left join {{ ref(name) }} as g on g.entity_id = {{ entity_id('p.entity_key') }}
left join {{ ref(entity.database ~ '_unlinked') }} as w
    on w.entity = '{{ name }}' and w.department = '{{ source_.department }}' and w.resource = '{{ source_.resource }}' and w.source_key = p.source_key
where g.entity_id is null and w.source_key is null
{{- ' union all' if not (outer.last and loop.last) }}
{%- endfor -%}
{%- endfor %}
