"""The supervision tables as an asset: lateness, coverage, suspected duplicate collection. Before the tickets they raise."""

import dagster as dg

from orchestration.lake import Lake
from orchestration.register import current_catalogue
from yishu.catalogue import Catalogue
from yishu.catalogue.duplicates import load_exemptions
from yishu.settings import settings

SUPERVISION = dg.AssetKey(["supervision"])
# Ready steps are taken by priority: late or failed as the build may be, what supervision finds becomes tickets the same night.
BEFORE_TICKETS = {"dagster/priority": "-5"}


class Supervision(dg.Component, dg.Model, dg.Resolvable):
    """supervision; `owner` answers for clocks and coverage."""

    owner: str

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        catalogue = current_catalogue()
        load_exemptions(settings.catalogue, catalogue)  # refused before a night begins, as any fault of the catalogue
        return dg.Definitions(assets=[supervision_asset(catalogue, self.owner)])


def supervision_asset(catalogue: Catalogue, owner: str) -> dg.AssetsDefinition:
    """supervision: three tables under DIR/supervision, replaced where they changed; what the gates found under DIR/quality."""

    @dg.asset(
        key=SUPERVISION, deps=[dg.AssetKey(["gate", "cross"])], group_name="desk", owners=[owner], kinds={"delta", "polars"},
        tags={"layer": "supervision"}, op_tags=BEFORE_TICKETS,
        description="督查表：各信息资源是否迟报（B09、C04），目录与归集的覆盖率（C05），疑似重复采集（C01）；门禁结果与各维度得分（E11）",
    )
    def supervision(lake: Lake) -> dg.MaterializeResult:
        from orchestration.quality import clocks_of, record
        from orchestration.supervision import COVERAGE, DUPLICATES, LATENESS, measured_on, supervise, write
        from orchestration.trend import trend
        from yishu.catalogue.breaches import breaches
        from yishu.catalogue.law import load_profile
        from yishu.gate.supervised import settle_supervision
        from yishu.lake.coverage import by_department
        from yishu.lake.pins import business_date

        with lake.writing("督查表") as data:
            # By hand there may be no date: the last night's, so that status and tables agree and no clock is asked.
            day = measured_on(lake.ledger, business_date(data)) or lake.business_date
            tables = supervise(data, catalogue, day)
            write(data, tables, settings.actor)
            profile = load_profile(settings.profile, settings.catalogue)
            against = breaches(catalogue, profile)
            settle_supervision(data, catalogue, tables[LATENESS], tables[DUPLICATES], against)
            runs = record(data, catalogue, profile, clocks_of(tables[LATENESS]), day)
            scores = {f"score/{name}": series[-1] for name, series in trend(data, 1)["city"].items() if series[-1] is not None}
        late = tables[LATENESS].filter("late")
        shares = by_department(tables[COVERAGE])
        titles = {name: department.short_title for name, department in catalogue.departments.items()}
        return dg.MaterializeResult(metadata={
            **scores, "gate_runs": runs, "late": late.height,
            "late_resources": dg.MetadataValue.md(_list([f"{titles[d]}《{t}》" for d, t in late.select("department", "title").rows()])),
            "delivered_resources": int(tables[COVERAGE]["delivered"].sum()), "catalogued_resources": tables[COVERAGE].height,
            "coverage": dg.MetadataValue.md(_list([f"{titles[d]} {share:.1%}" for d, share in shares.select("department", "share").rows()])),
            "breaches": len(against), "suspected_duplicates": int((tables[DUPLICATES]["state"] == "suspected").sum())})

    return supervision


def _list(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines) or "无"
