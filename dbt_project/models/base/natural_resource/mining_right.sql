{{ golden_record('mining_right') }}
