{{ golden_record('person') }}
