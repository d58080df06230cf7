{{ unlinked('certificate') }}
