{{ golden_record('assistance') }}
