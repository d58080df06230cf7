{{ golden_record('certificate') }}
