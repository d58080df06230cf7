"""`yishu rebuild`: every later table again from raw, ledger and annotations, compared with what is published, row for row."""

import shutil
from pathlib import Path
from typing import Any

import click

from orchestration.cli.choices import DEGRADED, chosen, existing_data, refuse
from yishu.settings import settings

NAMED = 5


@click.command()
@click.option("--publish", "publishing", is_flag=True, help="有差异时，把重建的库经发布门禁对外发布")
@chosen
def rebuild(publishing: bool) -> None:
    """由原始层、台账和决定，按台账顺序逐夜重建资源池、基础库和主题库，并与已发布的逐行比较；湖中数据不动。全部一致退出码为 0，否则为 3。"""
    from contextlib import nullcontext

    from yishu.lake.lock import writing

    data = existing_data()
    if not (data / "published").exists():
        refuse("还没有发布过，没有可比较的；请先运行 yishu night")
    with writing(data, "yishu rebuild --publish") if publishing else nullcontext():
        compared = _compared(data, _rebuilt(data))
        equal = all(one.equal for one in compared)
        if publishing and not equal:
            click.echo(_published(data))
    raise click.exceptions.Exit(0 if equal else DEGRADED)


def _rebuilt(data: Path) -> Path:
    """The replay, with its progress; returns the folder of the lake made again."""
    from rich.console import Console
    from rich.progress import track

    from orchestration.dbt_build import run_dbt
    from orchestration.manifest import fresh_manifest
    from orchestration.register import current_catalogue
    from yishu.catalogue.law import load_profile
    from yishu.lake.ledger import Ledger
    from yishu.rebuild.replaying import begin, replay
    from yishu.rebuild.timeline import differing_states, other_catalogues, timeline

    catalogue, ledger, target = current_catalogue(), Ledger(data), begin(data)
    fresh_manifest(catalogue, target, settings.dbt)
    points = timeline(ledger)
    if others := other_catalogues(ledger, catalogue.hash):
        click.echo(f"注意：{others} 个批次接收时的目录与今天的不同；按今天的目录重建，规则或信息项的改动会显示为差异", err=True)
    profile = load_profile(settings.profile, settings.catalogue)
    nights = replay(target, points, catalogue, profile, lambda lake, ready: run_dbt(lake, anew=ready.anew, standing=ready.standing).broken)
    for one in track(nights, "逐夜重建", total=len(points), console=Console(stderr=True)):
        for why in one.broken:
            click.echo(f"{one.point.business_date} 这一夜未能照样重现：{why}", err=True)
    if differing := differing_states(ledger.deliveries(), Ledger(target).deliveries()):
        named = "、".join(differing[:NAMED]) + (" 等" if len(differing) > NAMED else "")
        click.echo(f"注意：{len(differing)} 个批次重建后的状态与台账不同：{named}", err=True)
    return target


def _compared(data: Path, target: Path) -> list[Any]:
    from orchestration.cli.tables import show
    from yishu.lake.release_files import ENGINEER_FILE
    from yishu.rebuild.comparing import compare

    rebuilt = target / "published" / ENGINEER_FILE
    if not rebuilt.exists():
        refuse("重建没有得到一次发布；原因见上")
    compared = compare(data / "published" / ENGINEER_FILE, rebuilt)
    show([{"表": one.table, "已发布": one.published, "重建": one.rebuilt, "仅已发布有": one.only_published, "仅重建有": one.only_rebuilt}
          for one in compared])  # fmt: skip
    different = [one.table for one in compared if not one.equal]
    rows = sum(one.published or 0 for one in compared)
    click.echo(f"{len(different)} 张表有差异：{'、'.join(different)}" if different else f"{len(compared)} 张表、{rows:,} 行全部一致")
    return compared


def _published(data: Path) -> str:
    """Put the build made again in the place of the build, and let the publish gate judge it. Refuses where the pools are others."""
    from orchestration.register import current_catalogue
    from yishu.catalogue.law import load_profile
    from yishu.gate.built import judge_built
    from yishu.lake.pins import business_date, current_pin
    from yishu.lake.release import inputs_hash, publish
    from yishu.lake.warehouse import build_path
    from yishu.rebuild.comparing import differing_pools
    from yishu.rebuild.replaying import rebuild_path

    catalogue, target = current_catalogue(), rebuild_path(data)
    pin, as_of = current_pin(data, catalogue), business_date(data)
    if as_of is None or current_pin(target, catalogue) != pin or differing_pools(data, target, catalogue, pin):
        refuse("重建的资源池与现有的不同，不能发布；最后一夜之后若有新的批次，请先运行 yishu night")
    shutil.copyfile(build_path(target), build_path(data))
    if broken := [outcome for outcome in judge_built(data, catalogue, build_path(data), pin) if outcome.keeps_back]:
        refuse("整表规则未通过，不予发布：" + "；".join(f"{outcome.table}：{outcome.message}" for outcome in broken))
    profile = load_profile(settings.profile, settings.catalogue)
    inputs = inputs_hash(data, catalogue, pin, as_of, profile=profile)
    return publish(data, catalogue, pin, as_of, profile=profile, inputs_hash=inputs, actor=settings.actor, again=True).reason
