{{ golden_record('defaulter') }}
