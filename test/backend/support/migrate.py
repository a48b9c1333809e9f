"""Runs Alembic's commands, given as arguments, in one process: it starts slowly."""

import sys

from alembic import command
from alembic.config import Config
from alembic.util import CommandError

config = Config("alembic.ini")
commands = {
    "upgrade": lambda: command.upgrade(config, "head"),
    "downgrade": lambda: command.downgrade(config, "base"),
    "check": lambda: command.check(config),
}
for name in sys.argv[1:]:
    try:
        commands[name]()
    except CommandError as error:
        sys.exit(f"{name}: {error}")
    except Exception as error:
        sys.exit(f"{name}: {error!r}")
