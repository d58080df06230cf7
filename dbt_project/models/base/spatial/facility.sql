{{ golden_record('facility') }}
