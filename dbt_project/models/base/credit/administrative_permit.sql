{{ golden_record('administrative_permit') }}
