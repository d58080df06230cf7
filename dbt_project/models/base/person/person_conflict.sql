{{ conflict('person') }}
