"""Dagster and the `yishu` command line: when steps run, how they appear, who is told. What the steps do is in yishu and portal."""
