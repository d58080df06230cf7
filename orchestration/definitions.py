"""The code location: assembles what stands in defs/. Nothing is defined here, and nothing happens at import."""

from pathlib import Path

import dagster as dg


@dg.definitions
def defs() -> dg.Definitions:
    """All assets, checks, the job and its schedule; the catalogue and the dbt manifest are read when this is called."""
    return dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
