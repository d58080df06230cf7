{{ golden_record('place_name') }}
