"""How many frames the engines are compared on: few in `make test`, many in `make conformance`."""

from hypothesis import HealthCheck, settings

settings.register_profile("conformance", max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
