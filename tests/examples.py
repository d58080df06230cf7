"""How many examples hypothesis takes of a property that costs tenths of a second apiece.

Few in `make test`; many where a profile is chosen, as `make fuzz` and `make conformance` do. Properties that are cheap say nothing
here: they take hypothesis' own number, or the profile's.
"""

from hypothesis import HealthCheck, settings

ORDINARY = 100  # hypothesis' own number

# A machine that is busy with something else is slow, not wrong.
settings.register_profile("ordinary", deadline=None)
settings.load_profile("ordinary")
for name, examples in (("fuzz", 5_000), ("conformance", 400)):
    settings.register_profile(name, max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


def dear(few: int, many: int) -> settings:
    """`few` examples, or `many` under a profile that asks for more than hypothesis' own number; no deadline, no health checks."""
    chosen = many if settings().max_examples > ORDINARY else few
    return settings(max_examples=chosen, deadline=None, suppress_health_check=list(HealthCheck))
