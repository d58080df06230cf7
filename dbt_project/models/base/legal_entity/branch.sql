{{ golden_record('branch') }}
