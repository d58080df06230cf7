"""How a night stands: succeeded, degraded or failed, and why. From the ledger and the run's failed steps, in words without any row's value."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yishu.catalogue.models import Catalogue

SUCCEEDED, DEGRADED, FAILED = "succeeded", "degraded", "failed"
TITLES = {SUCCEEDED: "正常完成", DEGRADED: "降级完成", FAILED: "失败"}
STEPS = {"raw": "入湖", "pool": "入池", "gate": "跨部门门禁", "under_check": "核实中的记录", "warehouse": "构建", "release": "发布",
         "tickets": "更正工单", "linkage": "推断关联", "supervision": "督查表", "night": "夜间报告",
         "data_docs": "数据质量文档", "desk": "更正工单台的决定"}


@dataclass(frozen=True)
class NightOutcome:
    """`faults`: one line each, step and resource; what exactly went wrong stands in the ledger and in Dagster."""

    kind: str
    faults: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        return self.kind == SUCCEEDED

    @property
    def title(self) -> str:
        return TITLES[self.kind]


def judge_night(faults: Sequence[dict[str, Any]], failed_steps: Sequence[str], catalogue: Catalogue) -> NightOutcome:
    """failed: a step ended in failure; degraded: a fault that the night went on after."""
    lines = dict.fromkeys(_fault(fault, catalogue) for fault in faults)
    lines.update(dict.fromkeys(f"{step_title(step, catalogue)}：步骤失败" for step in failed_steps))
    kind = FAILED if failed_steps else DEGRADED if faults else SUCCEEDED
    return NightOutcome(kind, tuple(lines))


def step_title(step: str, catalogue: Catalogue) -> str:
    """A Dagster step key (raw__civil_affairs__elderly_allowance) in words."""
    layer, _, rest = step.partition("__")
    resource = catalogue.resources.get(rest.replace("__", "."))
    return f"{STEPS.get(layer, layer)}{f'《{resource.title}》' if resource else ''}"


def _fault(fault: dict[str, Any], catalogue: Catalogue) -> str:
    resource = catalogue.resources.get(f"{fault['department']}.{fault['resource']}")
    return f"{STEPS.get(fault['step'], fault['step'])}{f'《{resource.title}》' if resource else ''}：出现故障"
