{{ golden_record('identifier_change') }}
