-- Guards: where each row that refers feeds its target as well (`required: true` in catalogue/authority), the target is there. If identities or
-- keys were resolved in two ways, a death would be registered of nobody.
{{ dangling_references(1) }}
