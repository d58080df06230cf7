{{ golden_record('address') }}
