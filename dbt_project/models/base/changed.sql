{{ config(schema='lake', alias='changed', contract={'enforced': false}) }}
{{ changed_entities() }}
