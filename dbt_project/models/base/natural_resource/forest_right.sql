{{ golden_record('forest_right') }}
