{{ golden_record('travel_document') }}
