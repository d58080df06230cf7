-- Guards: a source row either supports a golden record or waits in `unlinked`; none falls between (E07: nobody disappears).
-- Would break silently if a key were compared untrimmed, or a source were added to the authority list without its key.
{%- set checked = {'person': ref('person'), 'legal_entity': ref('legal_entity')} -%}
{%- set waiting = {'person': ref('person_unlinked'), 'legal_entity': ref('legal_entity_unlinked')} -%}
{%- for base, golden in checked.items() -%}{%- set outer = loop -%}
{%- for source_ in authority()[base].sources %}
select '{{ base }}' as base, '{{ source_.relation }}' as source_name, p._key as source_key
from {{ source('pool', source_.relation) }} as p
left join {{ golden }} as g on g.{{ authority()[base].key }} = p.{{ source_.key_column }}
left join {{ waiting[base] }} as w
    on w.department = '{{ source_.department }}' and w.resource = '{{ source_.resource }}' and w.source_key = p._key
where g.entity_id is null and w.source_key is null
{{- ' union all' if not (outer.last and loop.last) }}
{%- endfor -%}
{%- endfor %}
