{{ provenance('legal_entity') }}
