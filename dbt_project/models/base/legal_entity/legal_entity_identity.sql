{{ identity('legal_entity') }}
