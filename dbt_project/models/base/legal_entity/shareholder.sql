{{ golden_record('shareholder') }}
