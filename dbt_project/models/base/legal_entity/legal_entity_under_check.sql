{{ open_rules('legal_entity') }}
