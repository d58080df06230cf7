{{ identity('natural_resource') }}
