"""How a night stands, in words that name steps and resources only."""

import pytest

from orchestration.outcome import judge_night
from orchestration.register import current_catalogue


@pytest.fixture(scope="module")
def catalogue():
    return current_catalogue()


def fault(step: str, department: str | None = None, resource: str | None = None) -> dict[str, object]:
    return {"step": step, "department": department, "resource": resource, "message": "张三 410403198503020024"}


def test_a_night_without_faults_succeeded(catalogue):
    assert judge_night([], [], catalogue).is_good


def test_a_fault_the_night_went_on_after_degrades_it_and_is_told_without_its_message(catalogue):
    outcome = judge_night([fault("pool", "public_security", "resident"), fault("pool", "public_security", "resident")], [], catalogue)
    assert (outcome.kind, outcome.faults) == ("degraded", ("入池《户籍人口信息》：出现故障",))


def test_a_failed_step_fails_the_night(catalogue):
    outcome = judge_night([fault("warehouse")], ["warehouse"], catalogue)
    assert outcome.kind == "failed" and "构建：步骤失败" in outcome.faults
