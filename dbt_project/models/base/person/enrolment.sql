{{ golden_record('enrolment') }}
