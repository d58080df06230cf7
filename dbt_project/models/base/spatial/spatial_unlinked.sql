{{ unlinked('spatial') }}
