-- Guards: a source row either supports a golden record or waits in `unlinked`; none falls between (E07: nobody disappears).
-- Would break silently if a key were compared untrimmed, or a source were added to the authority list without its key.
{%- for name, entity in authority().items() -%}{%- set outer = loop -%}
{%- for source_ in entity.sources %}
select '{{ name }}' as entity, '{{ source_.relation }}' as source_name, p._key as source_key
from {{ source('pool', source_.relation) }} as p
{{- link_joins(name, source_, 'p') }}
left join {{ ref(name) }} as g on g.entity_id = {{ entity_id(entity_key(name, source_, 'p')) }}
left join {{ ref(entity.database ~ '_unlinked') }} as w
    on w.entity = '{{ name }}' and w.department = '{{ source_.department }}' and w.resource = '{{ source_.resource }}' and w.source_key = p._key
where g.entity_id is null and w.source_key is null
{{- ' union all' if not (outer.last and loop.last) }}
{%- endfor -%}
{%- endfor %}
