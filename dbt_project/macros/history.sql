{# What was known before (D04): for each group of attributes the content that the build replaces, with the days from which and until
   which it was served. What is known now stands in the golden table, since the group's day. Days are those of the data, in the order
   in which nights took it in; no clock is asked. A content that came and went within one day was never served at its end. #}
{% macro history(database) %}
{{- config(materialized='incremental', incremental_strategy='append', full_refresh=false) -}}
with {{ moment() }}
{%- for name in entities_of(database) %},

now_{{ name }} as (
    -- Looked for once, not for every group of attributes again.
    select * from {{ ref(name) }} where entity_id in (select entity_id from {{ before(name) }})
)
{%- endfor %}
{% for name in entities_of(database) %}
{%- set outer = loop -%}
{%- for group, members in authority_of(name).groups.items() %}
select
    '{{ name }}' as entity,
    b.entity_id,
    '{{ group }}' as attribute_group,
    {{ json_object('b', members) }} as content,
    b.{{ group }}_since as valid_from,
    m.as_of as valid_to
from {{ before(name) }} as b
cross join moment as m
left join now_{{ name }} as g on g.entity_id = b.entity_id
where b.{{ group }}_since < m.as_of and not (g.entity_id is not null and {{ same_group(members, 'g', 'b') }})
{{ 'union all' if not (outer.last and loop.last) }}
{%- endfor %}
{%- endfor %}
{% endmacro %}

{# The golden rows that this build replaces, as they were: those of what changed, or all of them where the table is made anew. #}
{% macro before(name) %}before.{{ name }}{% endmacro %}

{% macro keep_before(name) %}
{%- set there = load_relation(this) is not none -%}
{%- set known = [] -%}
{%- if there -%}{%- for column in adapter.get_columns_in_relation(this) -%}{%- do known.append(column.name) -%}{%- endfor -%}{%- endif -%}
{%- set entity = authority_of(name) -%}
create or replace table {{ before(name) }} as
select
    {%- for column, type in kept_columns(entity).items() %}
    cast({{ 'g.' ~ column if column in known else 'null' }} as {{ type }}) as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- if there %}
from {{ this }} as g
{%- if is_incremental() %} where g.entity_id in (select entity_id from {{ ref('changed') }} where entity = '{{ name }}'){% endif %}
{%- else %}
where false
{%- endif %}
{% endmacro %}

{# What must be known of a golden row to tell what has become different. #}
{% macro kept_columns(entity) %}
{%- set columns = {'entity_id': 'string', 'known_since': 'date'} -%}
{%- for attribute, claimed in entity.attributes.items() -%}{%- do columns.update({attribute: claimed.type}) -%}{%- endfor -%}
{%- for group in entity.groups -%}{%- do columns.update({group ~ '_since': 'date'}) -%}{%- endfor -%}
{{ return(columns) }}
{% endmacro %}
