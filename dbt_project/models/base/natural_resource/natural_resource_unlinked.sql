{{ unlinked('natural_resource') }}
