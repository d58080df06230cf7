{{ unlinked('legal_entity') }}
