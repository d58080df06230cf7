{{ open_rules('certificate') }}
