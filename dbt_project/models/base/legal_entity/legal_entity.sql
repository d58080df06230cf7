{{ golden_record('legal_entity') }}
