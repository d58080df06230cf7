{{ history('spatial') }}
