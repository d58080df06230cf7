{{ unlinked('credit') }}
