{# Family relations as the golden rows of several entities state them (`relations:` in catalogue/authority): the person is the `relation`
   (GB/T 4761) of the relative. A row of an entity may state several. Every statement is kept with its source; of those about the same two
   persons, in this direction, one is chosen: by rank, then the later day, then the statement's own id (A06, D03). Whoever changed their
   number is one person, by the ids that all base tables share. Where the last build is built upon, only pairs about which a statement came,
   went or has other sources are said again. #}
{% macro family_relations() %}
{{- config(materialized='incremental', incremental_strategy='append', pre_hook="{{ forget_changed_relations() }}") -}}
-- depends_on: {{ ref('changed_relation') }}
with stated as (
{{ stated_relations() }}
),

ranked as (
    select
        s.*,
        row_number() over (
            partition by s.person_key, s.relative_key order by s.place, s.since_date desc nulls last, s.basis, s.basis_id, s.relation
        ) as choice
    from stated as s
    {%- if is_incremental() %}
    inner join (
        select distinct person_key, relative_key from {{ ref('changed_relation') }}
    ) as c on c.person_key = s.person_key and c.relative_key = s.relative_key
    {%- endif %}
),

{#- One source a statement: that of the attribute that tells it. #}
told as (
    {%- for database in relation_databases() %}
    select entity, entity_id, attribute, department, resource, delivery_id, row_number
    from {{ ref(database ~ '_provenance') }}
    where attribute in ('{{ told_by() | join("', '") }}')
    {%- if is_incremental() %} and entity_id in (select basis_id from ranked){% endif %}
    {{- ' union all' if not loop.last }}
    {%- endfor %}
)

select
    {{ entity_id('f.person_key') }} as person_id,
    {{ entity_id('f.relative_key') }} as relative_id,
    f.citizen_id,
    f.relative_citizen_id,
    f.relation,
    n.name as relation_name,
    f.since_date,
    f.until_date,
    f.basis,
    f.basis_id,
    w.department,
    w.resource,
    w.delivery_id,
    w.row_number,
    f.choice = 1 as chosen,
    f.under_check
from ranked as f
inner join told as w on w.entity = f.basis and w.attribute = f.told_by and w.entity_id = f.basis_id
left join {{ code_names('gb_t_4761') }} as n on n.code = f.relation
{% endmacro %}

{# The pairs of persons of whom `family_relation` no longer says what is stated, by the ids it knows them by and by their keys of now (none
   where nothing is stated under those ids any more): asked before it is brought up to date. Only entities that were made again can state
   something else, and whoever shares a household with one, before or now: when its head leaves, a household states something else of every
   member. Statements are compared before ids are made. #}
{% macro changed_relations() %}
{%- set there = adapter.get_relation(database=this.database, schema='base_person', identifier='family_relation') if execute else none -%}
{%- set every, again, changed = stated_relations(), stated_relations(again=true), ref('changed') -%}
{%- set compared = 'citizen_id, relative_citizen_id, relation, since_date, until_date, basis, basis_id, under_check' -%}
{%- if flags.FULL_REFRESH or there is none -%}
select
    cast(null as string) as person_id, cast(null as string) as relative_id, cast(null as string) as person_key, cast(null as string) as relative_key
where false
{%- else -%}
with
{%- for name, household in households_that_relate() %}
household_of_{{ name }} as (
    {%- for those in [ref(name), before(name)] %}
    select {{ household }} as household
    from {{ those }}
    where entity_id in (select entity_id from {{ changed }} where entity = '{{ name }}')
    {{ 'union' if not loop.last }}
    {%- endfor %}
),
{%- endfor %}

again as (
    select entity, entity_id from {{ changed }}
    {%- for name, household in households_that_relate() %}
    union
    select '{{ name }}' as entity, entity_id from {{ ref(name) }} where {{ household }} in (select household from household_of_{{ name }})
    {%- endfor %}
),

stated as (
{{ again }}
),

said as (
    select person_id, relative_id, {{ compared }}
    from {{ there }}
    where (basis, basis_id) in (select entity, entity_id from again)
),

renamed as (
    select entity_key, {{ entity_id('entity_key') }} as entity_id from {{ source('lake', 'renamed') }} where kind = 'citizen_id'
),

otherwise as (
    select citizen_id, relative_citizen_id
    from (select {{ compared }} from stated except select {{ compared }} from said) as come
    union
    select citizen_id, relative_citizen_id
    from (select {{ compared }} from said except select {{ compared }} from stated) as gone
    union
    select citizen_id, relative_citizen_id
    from said
    where (basis, basis_id) in (select entity, entity_id from {{ changed }})
),

pairs as (
    select {{ first_number('p', 'o.citizen_id') }} as person_key, {{ first_number('r', 'o.relative_citizen_id') }} as relative_key
    from otherwise as o
    {{- first_numbers('o') }}
    {#- Whoever has another number now may be named by any entity. #}
    {%- for side in ['person_key', 'relative_key'] %}
    union
    select person_key, relative_key
    from (
{{ every }}
    ) as s
    where {{ side }} in (select entity_key from renamed)
    {%- endfor %}
)

select {{ entity_id('person_key') }} as person_id, {{ entity_id('relative_key') }} as relative_id, person_key, relative_key
from pairs
union all
select person_id, relative_id, cast(null as string) as person_key, cast(null as string) as relative_key
from {{ there }}
where person_id in (select entity_id from renamed) or relative_id in (select entity_id from renamed)
{%- endif -%}
{% endmacro %}

{% macro forget_changed_relations() -%}
{%- if is_incremental() -%}
delete from {{ this }} where (person_id, relative_id) in (select person_id, relative_id from {{ ref('changed_relation') }})
{%- else -%}
select 1
{%- endif -%}
{%- endmacro %}

{# Every statement, of persons by the first number they were known by. again: of the entities of that CTE only. #}
{% macro stated_relations(again=false) %}
{%- set parts = [] -%}
{%- for name, entity in authority().items() -%}
{%- for relation in entity.relations -%}{%- do parts.append(stated_relation(name, relation, again)) -%}{%- endfor -%}
{%- endfor -%}
select *
from (
    select s.*, {{ first_number('p', 's.citizen_id') }} as person_key, {{ first_number('r', 's.relative_citizen_id') }} as relative_key
    from (
{{ parts | join('\nunion all\n') }}
    ) as s
    {{- first_numbers('s') }}
) as identified
where person_key <> relative_key
{% endmacro %}

{% macro first_numbers(row) %}
    left join {{ source('lake', 'alias') }} as p on p.kind = 'citizen_id' and p.identifier = {{ row }}.citizen_id
    left join {{ source('lake', 'alias') }} as r on r.kind = 'citizen_id' and r.identifier = {{ row }}.relative_citizen_id
{%- endmacro %}

{% macro first_number(alias, number) %}coalesce({{ alias }}.entity_key, {{ number }}){% endmacro %}

{% macro stated_relation(name, relation, again) -%}
select
    {{ relation.rank }} as place,
    '{{ name }}' as basis,
    g.entity_id as basis_id,
    '{{ relation.told_by }}' as told_by,
    g.{{ relation.person }} as citizen_id,
    {{ 'h.head' if relation.household else 'g.' ~ relation.relative }} as relative_citizen_id,
    {{ 'g.' ~ relation.relation if relation.relation else "'" ~ relation.code ~ "'" }} as relation,
    {{ 'g.' ~ relation.since if relation.since else 'cast(null as date)' }} as since_date,
    {{ 'g.' ~ relation.until if relation.until else 'cast(null as date)' }} as until_date,
    g.under_check
from {{ ref(name) }} as g
{%- if relation.household %}
inner join (
    -- Of a household with two heads nobody can tell whose relative a member is.
    select {{ relation.household }} as household, min({{ relation.person }}) as head
    from {{ ref(name) }}
    where {{ relation.relation }} in ('01', '02')
        {%- if again %} and {{ relation.household }} in (select household from household_of_{{ name }}){% endif %}
    group by {{ relation.household }}
    having count(*) = 1
) as h on h.household = g.{{ relation.household }}
{%- endif %}
where g.{{ relation.person }} is not null
    and {{ 'h.head' if relation.household else 'g.' ~ relation.relative }} is not null
    and {{ 'g.' ~ relation.relation ~ ' is not null' if relation.relation else 'true' }}
    {%- if again %}
    and g.entity_id in (select entity_id from again where entity = '{{ name }}')
    {%- endif %}
{%- endmacro %}

{# Each entity whose relations are those of a household, with the attribute that names it. #}
{% macro households_that_relate() %}
{%- set found = [] -%}
{%- for name, entity in authority().items() -%}
{%- for relation in entity.relations if relation.household and (name, relation.household) not in found -%}
{%- do found.append((name, relation.household)) -%}
{%- endfor -%}
{%- endfor -%}
{{ return(found) }}
{% endmacro %}

{# The attributes by which relations are told. #}
{% macro told_by() %}
{%- set found = [] -%}
{%- for name, entity in authority().items() -%}{%- for one in entity.relations if one.told_by not in found -%}{%- do found.append(one.told_by) -%}{%- endfor -%}{%- endfor -%}
{{ return(found) }}
{% endmacro %}

{# The databases whose entities state relations, each once. #}
{% macro relation_databases() %}
{%- set found = [] -%}
{%- for name, entity in authority().items() if entity.relations and entity.database not in found -%}{%- do found.append(entity.database) -%}{%- endfor -%}
{{ return(found) }}
{% endmacro %}
