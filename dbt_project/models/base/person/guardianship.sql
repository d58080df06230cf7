{{ golden_record('guardianship') }}
