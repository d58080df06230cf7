{{ conflict('legal_entity') }}
