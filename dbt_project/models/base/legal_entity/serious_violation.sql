{{ golden_record('serious_violation') }}
