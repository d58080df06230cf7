{{ golden_record('administrative_penalty') }}
