{{ golden_record('move_in') }}
