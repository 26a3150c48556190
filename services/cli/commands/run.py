"""`gongshang run`: one service in the foreground, as a container or a developer wants it."""

import os
import sys

import click

from services import GATEWAY, program_of
from services.cli.output import example
from services.cli.suite import web
from services.cli.suite.choosing import chosen


@click.command(epilog=example("./gongshang run intake", "./gongshang run gateway"))
@click.argument("service")
def command(service: str) -> None:
    """Run SERVICE in the foreground, until Ctrl-C. The broker must be up (see `up`), or become so."""
    chosen([service])
    if service == GATEWAY:
        os.environ["GONGSHANG_WEB_PORT"] = str(web.pick_port())
    os.execv(sys.executable, [sys.executable, "-P", "-m", *program_of(service)])
