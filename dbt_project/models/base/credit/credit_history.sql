{{ history('credit') }}
