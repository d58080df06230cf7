{# The date of the build, as a CTE. #}
{% macro moment() -%}
moment as (
    select max(as_of) as as_of from {{ source('lake', 'pin') }}
)
{%- endmacro %}

{# What the sources of an entity claim: one row a source row that is linked to one, one column an attribute (null where the source
   does not feed it, or its value broke the item's type rule). A table of the build (models/generated/claim), as golden records, provenance
   and conflicts all ask it; where the last build is built upon, of what has changed only. #}
{% macro claims(name) %}
{{- config(materialized='table', schema='claim', alias=name) -}}
{%- set entity, upon = authority_of(name), builds_upon(name) -%}
-- depends_on: {{ ref('changed') }}
select *
from (
    {%- for source_ in entity.sources %}
    select
        '{{ source_.relation }}' as source_name,
        '{{ source_.department }}' as department,
        '{{ source_.resource }}' as resource,
        p._delivery_id as delivery_id,
        p._delivery_seq as delivery_seq,
        p._row_number as row_number,
        p._as_of as as_of,
        {{ recency('p') }} as recency,
        u.key is not null as under_check,
        {%- for attribute, claimed in entity.attributes.items() %}
        {{ claimed_value(claimed, source_.relation) }} as {{ attribute }},
        {%- endfor %}
        {%- for key, type in entity['keys'].items() %}
        cast(p.{{ source_.key_columns[loop.index0] }} as {{ type }}) as {{ key }},
        {%- endfor %}
        {{ entity_key(name, source_, 'p') }} as entity_key
    from {{ source('pool', source_.relation) }} as p
    {{- link_joins(name, source_, 'p') }}
    left join (
        select distinct key
        from {{ source('lake', 'under_check') }}
        where department = '{{ source_.department }}' and resource = '{{ source_.resource }}'
    ) as u on u.key = p._key
    {%- if upon %}
    where {{ entity_key(name, source_, 'p') }} in (select entity_key from {{ ref('changed') }} where entity = '{{ name }}')
    {%- endif %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
) as stated
where entity_key is not null
{% endmacro %}

{# Is the entity's golden table there, to be brought up to date? As is_incremental() of that table. #}
{% macro builds_upon(name) %}
{%- set there = adapter.get_relation(database=this.database, schema=authority_of(name).schema, identifier=name) if execute else none -%}
{{ return(there is not none and not flags.FULL_REFRESH) }}
{% endmacro %}

{% macro claimed_value(attribute, relation) -%}
{%- set mine = attribute.sources | selectattr('relation', 'equalto', relation) | list -%}
{%- if mine -%}
case when not {{ broken('p', mine[0].column) }} then cast(p.{{ mine[0].column }} as {{ attribute.type }}) end
{%- else -%}
cast(null as {{ attribute.type }})
{%- endif -%}
{%- endmacro %}

{# Did the item's value break its type's rule? The gate marks such items in `_invalid`, between bars. #}
{% macro broken(row, item) %}instr(coalesce({{ row }}._invalid, ''), '|{{ item }}|') > 0{% endmacro %}

{# One row an attribute, for turning columns into rows in a single pass. #}
{% macro attribute_names(entity) -%}
(
        {%- for attribute in entity.attributes %}
        select '{{ attribute }}' as attribute{{ ' union all' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{# The entities of a base database, by name: what the tables beside the golden ones go through. #}
{% macro entities_of(database) %}
{%- set found = [] -%}
{%- for name, entity in authority().items() if entity.database == database -%}{%- do found.append(name) -%}{%- endfor -%}
{{ return(found) }}
{% endmacro %}
