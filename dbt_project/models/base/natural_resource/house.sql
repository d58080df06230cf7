{{ golden_record('house') }}
