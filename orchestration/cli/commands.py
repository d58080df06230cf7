"""The root of the command line: its subcommands are loaded when they are asked for, so that `yishu --help` is quick."""

import importlib

import click

# name -> module, function, one line of help
COMMANDS = {
    "sample": ("sample", "sample", "生成合成城市的报送文件"),
    "night": ("night", "night", "运行夜间任务"),
    "status": ("status", "status", "各部门的数量、时效、质量、工单"),
    "deliveries": ("deliveries", "deliveries", "查看批次；放行或退回暂缓的批次"),
    "tickets": ("tickets", "tickets", "查看更正工单"),
    "catalogue": ("catalogue", "catalogue", "检查或导出目录"),
    "query": ("query", "query", "查询已发布的数据"),
    "ui": ("ui", "ui", "打开 Dagster 界面和更正工单台"),
}


class LazyGroup(click.Group):
    """A group that imports a subcommand's module only when it runs or is asked for its help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, function, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(f"orchestration.cli.{module}"), function)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl([(name, text) for name, (_, _, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """一数：城市数据管理部门的数据平台。一数一源。"""
    import os

    os.umask(0o077)  # whatever a command writes is for its owner only
