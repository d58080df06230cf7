{{ golden_record('parcel') }}
