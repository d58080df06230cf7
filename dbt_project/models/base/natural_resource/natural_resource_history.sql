{{ history('natural_resource') }}
