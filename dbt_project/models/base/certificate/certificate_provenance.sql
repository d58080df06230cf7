{{ provenance('certificate') }}
