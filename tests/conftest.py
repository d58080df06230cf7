"""Hypothesis' profiles stand before the first module is read, wherever a run begins."""

import tests.examples  # noqa: F401
