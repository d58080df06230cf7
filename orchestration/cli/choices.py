"""What every command shares: the data folder and profile, the acting person, and errors as one clear line.

Exit codes: 0 done; 1 the catalogue has faults; 2 wrong usage or a refusal; 3 a night that failed or is degraded, or messages that did not arrive.
"""

import functools
import os
import pwd
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import click

from yishu.settings import settings

USAGE, DEGRADED = 2, 3


class Refusal(click.ClickException):
    """One line on standard error, exit code 2."""

    exit_code = USAGE


def chosen(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--data` and `--profile` on a command, applied before it runs; expected errors become a Refusal."""

    @click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="数据目录，默认 data/ 或 YISHU_DATA")
    @click.option("--profile", help="法规适用地，默认 pingdingshan 或 YISHU_PROFILE")
    @functools.wraps(command)
    def with_choices(*args: Any, data: Path | None, profile: str | None, **named: Any) -> Any:
        if data is not None:
            settings.data = data.resolve()
        if profile is not None:
            settings.profile = profile
        with Errors():
            return command(*args, **named)

    return with_choices


class Errors:
    """Turns the errors that people can mend into one line each; a fault of the program stays a fault of the program."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, (click.ClickException, click.exceptions.Exit, click.Abort)):
            return
        from yishu.catalogue import CatalogueError
        from yishu.lake.ledger import ProfileDiffers
        from yishu.lake.lock import LockHeld

        for cause in chain(error):
            if isinstance(cause, CatalogueError):
                raise Refusal("目录有误，请先改正（yishu catalogue check 可随时检查）：\n" + str(cause)) from None
            if isinstance(cause, (LockHeld, ProfileDiffers)):
                raise Refusal(str(cause)) from None
            if isinstance(cause, PermissionError):
                raise Refusal(f"没有权限读写 {cause.filename}；请检查目录的所有者") from None


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came of: Dagster wraps what loading its definitions raises."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def existing_data() -> Path:
    """The data folder, which must have been used before."""
    if not (settings.data / "ledger.sqlite3").exists():
        refuse(f"{settings.data} 中还没有数据；请先运行 yishu night，或用 --data 指定数据目录")
    return settings.data


def acting_person(named: str | None) -> str:
    """Who decides: the name given, the operator's setting, or the account of this computer (C08)."""
    if named:
        return named
    return settings.actor if settings.actor != "night" else pwd.getpwuid(os.getuid()).pw_name


def refuse(message: str) -> NoReturn:
    raise Refusal(message)


def kept_trace(data: Path) -> str:
    """Keep the trace of the error being handled in a private file, as it may quote what it met; says where."""
    file = data / "work" / "last-fault.txt"
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.write_text(traceback.format_exc(), encoding="utf-8")
    except OSError:
        return ""
    return f"；详情见 {file}"
