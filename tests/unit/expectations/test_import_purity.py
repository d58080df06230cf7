"""What may be imported cheaply must stay cheap: GX costs seconds, and Dagster imports our code at every definitions
load."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"great_expectations", "pandas", "pyarrow", "yishu"}
ENTRANCES = [
    "expectations",
    "expectations.suites",
    "expectations.suite",
    "expectations.rules.identifiers",
    "expectations.rules.dates",
    "expectations.engine.run",
    "expectations.engine.coverage",
]

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("module", ENTRANCES)
def test_importing_loads_neither_gx_nor_pandas(module: str) -> None:
    code = f"import sys, {module}; sys.exit(' '.join({HEAVY} & set(sys.modules)) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


def test_the_package_imports_none_of_our_others() -> None:
    code = "import sys; from expectations.engine.coverage import declarations; declarations(); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout.split()
    assert not {"yishu", "portal", "orchestration", "great_expectations", "pandas"} & set(loaded)
