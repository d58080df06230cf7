{# RFC 4122 UUID, version 5: SHA-1 over namespace and key, with the version and variant bits set. The namespace is this
   project's own and must never change, or every entity changes its identity. Python: uuid.uuid5(NAMESPACE, key). #}
{% macro entity_namespace() %}{{ return('6f1c2a54-8d0b-5c1e-9a37-2f4be1d07c83') }}{% endmacro %}

{% macro entity_id(key) %}
{#- hex() of text is of its UTF-8 bytes on both engines -#}
{%- set digest = "sha1(unhex(concat('" ~ entity_namespace() | replace('-', '') ~ "', hex(" ~ key ~ "))))" -%}
concat(
      substr({{ digest }}, 1, 8), '-', substr({{ digest }}, 9, 4), '-5', substr({{ digest }}, 14, 3), '-',
      translate(substr({{ digest }}, 17, 1), '0123456789abcdef', '89ab89ab89ab89ab'), substr({{ digest }}, 18, 3), '-',
      substr({{ digest }}, 21, 12)
    )
{%- endmacro %}
