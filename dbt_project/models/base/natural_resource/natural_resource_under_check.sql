{{ open_rules('natural_resource') }}
