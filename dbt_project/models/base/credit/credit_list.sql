{{ golden_record('credit_list') }}
