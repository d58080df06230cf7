{{ open_rules('credit') }}
