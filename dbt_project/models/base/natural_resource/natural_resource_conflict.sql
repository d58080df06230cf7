{{ conflict('natural_resource') }}
