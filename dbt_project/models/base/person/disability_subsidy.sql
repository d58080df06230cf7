{{ golden_record('disability_subsidy') }}
