{{ golden_record('water_permit') }}
