{{ provenance('spatial') }}
