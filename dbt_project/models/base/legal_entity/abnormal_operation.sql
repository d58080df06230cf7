{{ golden_record('abnormal_operation') }}
