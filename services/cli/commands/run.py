"""`gongshang run`: one service in the foreground, as a container or a developer wants it."""

import os
import sys

import click

from services.cli.output import example
from services.cli.suite.choosing import chosen


@click.command(epilog=example("./gongshang run intake"))
@click.argument("service")
def command(service: str) -> None:
    """Run SERVICE in the foreground, until Ctrl-C. The broker must be up (see `up`), or become so."""
    chosen([service])
    os.execv(sys.executable, [sys.executable, "-P", "-m", "shared.run", service])
