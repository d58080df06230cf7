-- Guards: a source row either supports a golden record or waits in `unlinked`; none falls between (E07: nobody disappears).
-- Would break silently if a key were compared untrimmed, or a source were added to the authority list without its key.
-- Where the last build is built upon, the rows of entities that were made again are asked; the others stand as they were found.
-- depends_on: {{ ref('changed') }}
{%- for name, entity in authority().items() %}
select '{{ name }}' as entity, p.source_name, p.source_key
from (
    select * from (
    {%- for source_ in entity.sources %}
    select '{{ source_.relation }}' as source_name, '{{ source_.department }}' as department, '{{ source_.resource }}' as resource,
        p._key as source_key, {{ entity_key(name, source_, 'p') }} as entity_key
    from {{ source('pool', source_.relation) }} as p
    {{- link_joins(name, source_, 'p') }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
    ) as keyed
    {%- if not flags.FULL_REFRESH %}
    where entity_key is null or entity_key in (select entity_key from {{ ref('changed') }} where entity = '{{ name }}')
    {%- endif %}
) as p
left join {{ ref(name) }} as g on g.entity_id = {{ entity_id('p.entity_key') }}
left join {{ ref(entity.database ~ '_unlinked') }} as w
    on w.entity = '{{ name }}' and w.department = p.department and w.resource = p.resource and w.source_key = p.source_key
where g.entity_id is null and w.source_key is null
{{- ' union all' if not loop.last }}
{%- endfor %}
