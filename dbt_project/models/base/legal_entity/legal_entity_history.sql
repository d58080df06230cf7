{{ history('legal_entity') }}
