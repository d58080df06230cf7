"""Where the register, as it stands, is against the regulation without being unusable: told to whom it concerns, never a reason to stop.

Belongs here: what a department does otherwise than the regulation wants (江门 10: a file, where there is a system to connect). Not
here: faults that make the register unusable or unapprovable (checking.py), faults in data (yishu/gate). A night that stopped at one
department's manner of delivery would take every citizen's record away; the breach is listed by `yishu catalogue check`, and is a ticket of
that department as long as it stands (yishu/gate/supervised.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from yishu.catalogue.law import Profile
from yishu.catalogue.models import Catalogue
from yishu.catalogue.statements import Citation


@dataclass(frozen=True)
class Breach:
    """One duty that the register shows unfulfilled: whose, by which obligation and article, and the way out."""

    department: str
    resource: str
    obligation: str
    parameter: str
    citation: Citation
    problem: str
    way_out: str

    def __str__(self) -> str:
        return f"{self.department}.{self.resource}：{self.problem}（{self.obligation}、{self.parameter}，{self.citation.reference}）。{self.way_out}"


def breaches(catalogue: Catalogue, profile: Profile) -> list[Breach]:
    """Every breach, in the order of the register; none where the regulation is silent."""
    return list(_files_in_spite_of_a_system(catalogue, profile))


def _files_in_spite_of_a_system(catalogue: Catalogue, profile: Profile) -> Iterator[Breach]:
    """C03, P15 (江门 10): who has an information system connects it by table or interface; files are for those without one."""
    parameter = profile.parameter("P15")
    citation = parameter.citation
    if citation is None or not (parameter.value or {}).get("file_only_without_system", False):
        return
    way_out = "请改为 table 或 interface；确无信息系统的，请在 department.yaml 写 has_information_system: false"
    for resource in catalogue.judged_resources.values():
        department = catalogue.departments.get(resource.department)
        if resource.delivery.channel == "file" and department and department.has_information_system:
            problem = f"{department.title}建有信息系统，《{resource.title}》却以文件报送；只准没有信息系统的单位报送文件"
            yield Breach(resource.department, resource.name, "C03", "P15", citation, problem, way_out)
