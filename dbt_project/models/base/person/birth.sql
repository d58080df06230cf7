{{ golden_record('birth') }}
