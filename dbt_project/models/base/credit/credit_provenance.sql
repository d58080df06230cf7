{{ provenance('credit') }}
