{# The date of the build, as a CTE that the claims refer to. #}
{% macro moment() -%}
moment as (
    select max(as_of) as as_of from {{ source('lake', 'pin') }}
)
{%- endmacro %}

{# What the sources of an entity claim: one row a source row with a valid key, one column an attribute (null where the source
   does not feed it, or its value broke the item's type rule). A CTE `claim_<entity>`, after `moment`, without `with`. #}
{% macro claims(name) %}
{%- set entity = authority()[name] -%}
claim_{{ name }} as (
    {%- for source_ in entity.sources %}
    select
        '{{ source_.relation }}' as source_name,
        '{{ source_.department }}' as department,
        '{{ source_.resource }}' as resource,
        p._delivery_id as delivery_id,
        p._delivery_seq as delivery_seq,
        p._row_number as row_number,
        p._as_of as as_of,
        {{ recency('p', 'm.as_of') }} as recency,
        u.key is not null as under_check,
        {%- for attribute, claimed in entity.attributes.items() %}
        {{ claimed_value(claimed, source_.relation) }} as {{ attribute }},
        {%- endfor %}
        p.{{ source_.key_column }} as entity_key
    from {{ source('pool', source_.relation) }} as p
    cross join moment as m
    left join (
        select distinct key
        from {{ source('lake', 'under_check') }}
        where department = '{{ source_.department }}' and resource = '{{ source_.resource }}'
    ) as u on u.key = p._key
    where p.{{ source_.key_column }} is not null and not {{ broken('p', source_.key_column) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)
{%- endmacro %}

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
{% macro attribute_names(name) -%}
(
        {%- for attribute in authority()[name].attributes %}
        select '{{ attribute }}' as attribute{{ ' union all' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{# The entities of a base database, by name: what `provenance`, `conflict` and `unlinked` go through. #}
{% macro entities_of(database) %}
{%- set found = [] -%}
{%- for name, entity in authority().items() if entity.database == database -%}{%- do found.append(name) -%}{%- endfor -%}
{{ return(found) }}
{% endmacro %}
