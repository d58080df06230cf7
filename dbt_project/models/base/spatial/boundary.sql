{{ golden_record('boundary') }}
