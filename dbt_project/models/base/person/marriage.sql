{{ golden_record('marriage') }}
