"""The shipped catalogue under each of the five regulations: it can run under all, and each asks of it what it says and no more."""

from collections.abc import Callable
from pathlib import Path

import pytest

from yishu.catalogue import CatalogueError, load_catalogue
from yishu.catalogue.documents import Fault

ALLOWANCE = "departments/civil_affairs/elderly_allowance.yaml"

Break = Callable[[str, str, str], None]


def faults(folder: Path) -> list[Fault]:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder, "pingdingshan")
    return caught.value.faults


@pytest.mark.parametrize("profile", ["pingdingshan", "fujian", "jinjiang", "jiangmen", "lishui"])
def test_the_shipped_catalogue_can_run_under_each_regulation(folder: Path, profile: str) -> None:
    assert len(load_catalogue(folder, profile).resources) >= 50


def test_conditions_of_sharing_are_asked_for_only_where_the_regulation_asks(folder: Path, replace: Break) -> None:
    """B08 is quoted from 平顶山 alone."""
    replace(ALLOWANCE, ", conditions: 提供养老服务、核验待遇资格的政务部门", "")
    (fault,) = faults(folder)
    assert "《平顶山市政务数据管理办法（试行）》" in fault.problem
    assert load_catalogue(folder, "lishui").resources


def test_a_basis_is_asked_for_in_the_words_of_the_regulation(folder: Path, replace: Break) -> None:
    text = (folder / ALLOWANCE).read_text(encoding="utf-8")
    begin, end = text.index("sharing:"), text.index("\n", text.index("sharing:"))
    replace(ALLOWANCE, text[begin:end], "sharing: {class: none}")
    (ours,) = faults(folder)
    assert "不予共享须有法律法规或国家有关规定作为依据" in ours.problem and "涉及秘密、隐私的除外" in ours.way_out
    with pytest.raises(CatalogueError, match="暂不共享须有法律、行政法规或者国家有关政策作为依据.*《福建省政务数据管理办法》第二十四条"):
        load_catalogue(folder, "fujian")
    assert load_catalogue(folder, "jiangmen").resources, "江门 asks for a basis of a refusal, not of a class"


def test_whom_the_regulation_does_not_name_delivers_by_agreement(folder: Path, replace: Break) -> None:
    """A court is bound in 福建, by reference in 平顶山 and 丽水, and not at all in 江门."""
    replace("departments/court/department.yaml", "agreement: 司法数据报送协议（平数协〔2026〕3号）", "")
    for profile in ("pingdingshan", "fujian", "jinjiang", "lishui"):
        assert load_catalogue(folder, profile).resources
    with pytest.raises(CatalogueError, match="court 不在《江门市公共数据共享和开放利用管理办法》第二条的适用范围"):
        load_catalogue(folder, "jiangmen")
