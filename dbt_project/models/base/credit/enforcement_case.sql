{{ golden_record('enforcement_case') }}
