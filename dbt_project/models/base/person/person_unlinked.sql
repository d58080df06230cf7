{{ unlinked('person') }}
