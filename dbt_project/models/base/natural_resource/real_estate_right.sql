{{ golden_record('real_estate_right') }}
