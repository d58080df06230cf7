"""What each step of a run cost: seconds and peak memory. Listens to the run's events in the process that executes it."""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_RESET_PEAK = "5"


@dataclass(frozen=True)
class StepCost:
    """One step. `peak_mb` is the process's own peak while it ran; None where the system does not tell."""

    step: str
    succeeded: bool
    seconds: float
    peak_mb: float | None


class StepWatch:
    """Give `listen` to Dagster as the listener of a run; `on_step(cost)` is called as each step ends, `on_start(step)` as it begins."""

    def __init__(self, on_start: Callable[[str], None], on_step: Callable[[StepCost], None]) -> None:
        self.costs: list[StepCost] = []
        self._on_start, self._on_step = on_start, on_step
        self._began: dict[str, float] = {}

    def listen(self, entry: Any) -> None:
        event = entry.dagster_event
        if event is None or event.step_key is None:
            return
        if event.event_type_value == "STEP_START":
            self._began[event.step_key] = time.perf_counter()
            reset_peak()
            self._on_start(event.step_key)
        elif event.event_type_value in ("STEP_SUCCESS", "STEP_FAILURE"):
            began = self._began.get(event.step_key, time.perf_counter())
            cost = StepCost(event.step_key, event.event_type_value == "STEP_SUCCESS", time.perf_counter() - began, peak_megabytes())
            self.costs.append(cost)
            self._on_step(cost)


def reset_peak() -> None:
    """Let the system count the peak from now on; where it cannot, peaks only ever grow."""
    with contextlib.suppress(OSError):
        _CLEAR.write_text(_RESET_PEAK)


def peak_megabytes() -> float | None:
    """The highest resident memory of this process since the last reset."""
    with contextlib.suppress(OSError):
        for line in _STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return None
