"""The root of the command line: its subcommands are loaded when they are asked for, so that `yishu --help` is quick."""

import importlib
import os
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any, NoReturn

import click

from orchestration.cli.choices import kept_trace
from yishu.settings import settings

# name (of the module and of the function in it) -> one line of help
COMMANDS = {
    "sample": "生成合成城市的报送文件",
    "night": "运行夜间任务",
    "status": "各部门的数量、时效、质量、工单",
    "deliveries": "查看批次；放行或退回暂缓的批次",
    "regate": "规则改变后重新检查已入池的数据",
    "rebuild": "由原始层和台账重建各表，与已发布的逐行比较",
    "tickets": "查看更正工单",
    "catalogue": "检查或导出目录",
    "query": "查询已发布的数据",
    "desk": "管理更正工单台的账号和接口密钥",
    "ui": "打开 Dagster 界面和更正工单台",
}
PROGRAM_FAULT, INTERRUPTED = 1, 130


class Commands(click.Group):
    """Imports a subcommand's module only when it runs; says every error in one line of Chinese, without a trace."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"orchestration.cli.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl(list(COMMANDS.items()))

    def main(self, args: Sequence[str] | None = None, *rest: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        run = partial(super().main, args, *rest, standalone_mode=False, **extra)
        if not standalone_mode:
            return run()
        try:
            code: Any = run()
        except click.UsageError as error:
            _end(f"用法错误：{in_chinese(error)}。加 --help 查看用法", error.exit_code)
        except click.ClickException as error:
            _end(f"错误：{error.format_message()}", error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            _end("已中止", INTERRUPTED)
        except Exception as error:  # a fault of the program: the trace goes to a private file, not to the terminal
            _end(f"程序故障（{type(error).__name__}）{kept_trace(settings.data)}", PROGRAM_FAULT)
        sys.exit(code if isinstance(code, int) else 0)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """一数：城市数据管理部门的数据平台。一数一源。"""
    os.umask(0o077)  # whatever a command writes is for its owner only


def in_chinese(error: click.UsageError) -> str:
    """Click's usage errors, in the words of this command line."""
    if isinstance(error, click.MissingParameter):
        return f"缺少 {_named(error)}"
    if isinstance(error, click.BadParameter):
        return f"{_named(error)} 的值无效（{error.message.rstrip('.')}）"
    if isinstance(error, click.NoSuchOption):
        return f"没有选项 {error.option_name}"
    if isinstance(error, click.exceptions.NoArgsIsHelpError) or "Missing command" in error.message:
        return "缺少子命令"
    if "No such command" in error.message:
        known = error.ctx.command.list_commands(error.ctx) if error.ctx and isinstance(error.ctx.command, click.Group) else []
        return f"没有这个命令；可选：{'、'.join(known)}"
    return error.format_message().rstrip(".")


def _named(error: click.BadParameter) -> str:
    if error.param is None:
        return "参数"
    return "/".join(error.param.opts) if error.param.param_type_name == "option" else str(error.param.make_metavar(error.ctx or click.Context(main)))


def _end(message: str, code: int) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)
