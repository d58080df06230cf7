{{ open_rules('person') }}
