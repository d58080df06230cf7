"""The `yishu` command: one module a subject. Commands only choose, call and print; what they call is in yishu, portal, orchestration."""

from orchestration.cli.commands import main

__all__ = ["main"]
