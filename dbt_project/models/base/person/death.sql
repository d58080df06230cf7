{{ golden_record('death') }}
