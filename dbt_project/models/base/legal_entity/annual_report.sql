{{ golden_record('annual_report') }}
