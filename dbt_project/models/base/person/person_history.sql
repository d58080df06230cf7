{{ history('person') }}
