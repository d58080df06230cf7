{{ history('certificate') }}
