{{ config(schema='lake', alias='changed_relation', contract={'enforced': false}) }}
{{ changed_relations() }}
