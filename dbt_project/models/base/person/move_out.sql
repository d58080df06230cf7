{{ golden_record('move_out') }}
