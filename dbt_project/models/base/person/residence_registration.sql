{{ golden_record('residence_registration') }}
