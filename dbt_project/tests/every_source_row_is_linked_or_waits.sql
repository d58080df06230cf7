-- Guards: a source row either supports a golden record or waits in `unlinked`; none falls between (E07: nobody disappears).
-- Would break silently if a key were compared untrimmed, or a source were added to the authority list without its key.
-- Where the last build is built upon: every row that moved, and every row that speaks of an entity that was made again.
-- depends_on: {{ ref('changed') }}
{%- for name, entity in authority().items() %}
select '{{ name }}' as entity, p.source_name, p.source_key
from (
    {%- for source_ in entity.sources %}
    select '{{ source_.relation }}' as source_name, '{{ source_.department }}' as department, '{{ source_.resource }}' as resource,
        p._key as source_key, {{ entity_key(name, source_, 'p') }} as entity_key
    from {{ source('pool' if flags.FULL_REFRESH else 'moved', source_.relation) }} as p
    {{- link_joins(name, source_, 'p') }}
    {%- if not flags.FULL_REFRESH %}
    where p._stands
    {%- endif %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
) as p
left join {{ ref(name) }} as g on g.entity_id = {{ entity_id('p.entity_key') }}
left join {{ ref(entity.database ~ '_unlinked') }} as w
    on w.entity = '{{ name }}' and w.department = p.department and w.resource = p.resource and w.source_key = p.source_key
where g.entity_id is null and w.source_key is null
union all
select '{{ name }}' as entity, c.source_name, c.entity_key as source_key
from {{ ref('claim_' ~ name) }} as c
inner join {{ ref('changed') }} as k on k.entity = '{{ name }}' and k.entity_key = c.entity_key
left join {{ ref(name) }} as g on g.entity_id = k.entity_id
where g.entity_id is null
{{- ' union all' if not loop.last }}
{%- endfor %}
