-- Guards: how many references lead to nobody we know, where the target may be absent (catalogue/authority says why): told, never a reason to
-- keep a release back. A key that a source began to write in another form would show here as a flood. Who refers: lake.dangling_reference.
{{ config(severity='warn', store_failures=true, schema='lake', alias='dangling_reference') }}
{{ dangling_references(0) }}
