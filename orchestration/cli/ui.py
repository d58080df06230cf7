"""`yishu ui`: Dagster's web server and daemon, and the desk, on loopback, until interrupted."""

import signal
import socket
import sys
from pathlib import Path
from types import FrameType

import click

from orchestration.cli.choices import chosen, refuse
from orchestration.environment import for_children, workspace
from yishu.settings import settings

HOST = "127.0.0.1"
DESK = "import sys; from pathlib import Path; from portal.serve import serve; serve(Path(sys.argv[1]), port=int(sys.argv[2]))"


@click.command()
@click.option("--port", type=int, default=3000, show_default=True, help="Dagster 界面的端口")
@click.option("--desk-port", type=int, default=8000, show_default=True, help="更正工单台的端口")
@chosen
def ui(port: int, desk_port: int) -> None:
    """在本机打开 Dagster 界面（含定时运行）和更正工单台；按 Ctrl-C 全部停止。"""
    from orchestration.register import current_catalogue
    from orchestration.servers import running
    from orchestration.stale_runs import close_killed_runs

    for number in (port, desk_port):
        _must_be_free(number)
    current_catalogue()
    settings.desk_url = f"http://{HOST}:{desk_port}"
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    password = _desk_password(settings.data)
    signal.signal(signal.SIGTERM, _interrupt)
    environment = for_children(settings.data)
    if killed := close_killed_runs(settings.data):
        click.echo(f"{len(killed)} 个运行的进程已中断，标记为失败")
    with running(commands(settings.data, port, desk_port), environment) as keeper:
        click.echo(f"Dagster 界面：http://{HOST}:{port}（约需半分钟启动）")
        click.echo(f"更正工单台：http://{HOST}:{desk_port}/desk/（账号 admin，口令见 {password}）")
        click.echo("按 Ctrl-C 停止")
        try:
            code = keeper.wait()
        except KeyboardInterrupt:
            click.echo("正在停止…")
            return
    if code:
        refuse(f"一个服务意外结束（退出码 {code}），已全部停止；请查看上面的输出")


def commands(data: Path, port: int, desk_port: int) -> list[list[str]]:
    """The programs that make up the user interface. The desk listens first: it is light."""
    python, location = sys.executable, ["-w", str(workspace(data))]
    quiet = ["--log-level", "warning", "--code-server-log-level", "warning"]
    return [
        [python, "-c", DESK, str(data.resolve()), str(desk_port)],
        [python, "-m", "dagster_webserver", "-h", HOST, "-p", str(port), *location, "--dagster-log-level", "warning", *quiet],
        [python, "-m", "dagster._daemon", "run", *location, *quiet],
    ]


def _desk_password(data: Path) -> Path:
    """The file that holds the desk's password: made now, so that the line that names it is true."""
    from portal.administrator import ensure_administrator

    return ensure_administrator(data)


def _must_be_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError):
            refuse(f"端口 {port} 不能用（已被占用，或不是有效端口）；请用 --port、--desk-port 另选")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
