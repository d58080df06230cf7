{{ golden_record('division') }}
