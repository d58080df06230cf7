{{ conflict('spatial') }}
