{{ open_rules('spatial') }}
