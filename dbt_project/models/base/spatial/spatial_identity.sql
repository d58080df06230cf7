{{ identity('spatial') }}
