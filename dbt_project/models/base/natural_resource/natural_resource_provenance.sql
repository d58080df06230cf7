{{ provenance('natural_resource') }}
