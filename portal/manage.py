"""Django's own commands (makemigrations, shell, …) against the desk of the chosen data folder: `python -m portal.manage
COMMAND`.
"""

import sys

from portal.setup import ensure_ready
from yishu.settings import settings


def main() -> None:
    ensure_ready(settings.data)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
