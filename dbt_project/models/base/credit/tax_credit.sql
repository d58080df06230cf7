{{ golden_record('tax_credit') }}
