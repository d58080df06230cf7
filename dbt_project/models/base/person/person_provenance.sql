{{ provenance('person') }}
