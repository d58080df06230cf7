{{ conflict('credit') }}
