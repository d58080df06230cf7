{{ golden_record('credit_subject') }}
