"""Progress of a run on the terminal: one line a finished step, and what is running now."""

from rich.console import Console
from rich.status import Status

from orchestration.outcome import step_title
from orchestration.step_watch import StepCost, StepWatch
from yishu.catalogue import Catalogue


def watching(console: Console, catalogue: Catalogue, running: Status) -> StepWatch:
    """A watch that prints each step as it ends."""

    def on_start(step: str) -> None:
        running.update(f"正在执行：{step_title(step, catalogue)}")

    def on_step(cost: StepCost) -> None:
        mark = "[green]✓[/]" if cost.succeeded else "[red]✗[/]"
        console.print(f"  {mark} {cost.seconds:6.2f} 秒  {step_title(cost.step, catalogue)}")

    return StepWatch(on_start, on_step)
