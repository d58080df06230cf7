{{ conflict('certificate') }}
