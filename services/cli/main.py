"""The `gongshang` program. A command's module is imported only when that command is asked for."""

import importlib
import sys
import warnings
from collections.abc import Sequence

import click

from services.cli.output import example, say, show_json
from shared.errors import GongshangError
from shared.settings import BadSetting, FaultyFile

# It says so at every import, to users who can do nothing about it.
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

COMMANDS = {
    "demo": "Start everything and play a district for some days.",
    "test": "Run the test suite; arguments go to pytest.",
    "up": "Run all services, supervised, until Ctrl-C.",
    "run": "Run one service in the foreground.",
    "replay": "Publish real complaints from a file, and reconcile.",
    "status": "Show what runs and what waits.",
    "doctor": "Check this machine and installation.",
    "migrate": "Bring the databases up to date.",
    "work": "Show what waits for somebody.",
    "call": "Make one call of a service: JSON in, JSON out.",
    "directory": "Keep the directory of who and where.",
    "dead": "See dead messages, and send them anew or drop them.",
    "stuck": "See what got stuck, and retry it.",
    "log": "See and check the event logs.",
    "board": "Make the read side anew.",
    "contracts": "Print the contracts of events and calls.",
    "topology": "Show or declare exchanges and queues.",
    "account": "Say who may sign in to the pages.",
    "screenshots": "Take pictures of the pages.",
    "token": "Sign a token that proves who calls.",
    "policy": "Check and show the policy file.",
    "bench": "Measure, and print the figures.",
}


def show_version(ctx: click.Context, _option: click.Parameter, is_asked: bool) -> None:
    """As the project's own file says it; nothing is installed of us that could say it otherwise."""
    if is_asked and not ctx.resilient_parsing:
        from shared.version import version

        click.echo(f"gongshang {version()}")
        ctx.exit()


class LazyGroup(click.Group):
    """Knows its commands by name, and a line about each, without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = f"services.cli.commands.{cmd_name}"
        try:
            found: click.Command = importlib.import_module(name).command
        except ModuleNotFoundError as missing:
            if missing.name != name:
                raise
            raise click.ClickException(f"The command {cmd_name} is not part of this version.") from None
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=example("./gongshang demo --days 30 --exit", "./gongshang up"),
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=show_version, help="Show the version."
)
def gongshang() -> None:
    """Deliberative grassroots governance: complaints collected, deliberated, handled, supervised, evaluated."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 done, 1 found wrong, 2 used wrongly. A user's mistake is told in words, never by a traceback."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = gongshang.main(words, prog_name="gongshang", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        say("Stopped.")
        return 130
    except Exception as trouble:
        mistake = in_words(trouble)
        if mistake is None:
            raise
        return tell(mistake, mistake.exit_code, words)
    return code if isinstance(code, int) else 0


def in_words(trouble: Exception) -> click.ClickException | None:
    """What is told of it, with its exit code; None for a fault of our own."""
    if isinstance(trouble, click.ClickException):
        return trouble
    if isinstance(trouble, BadSetting):
        return click.UsageError(str(trouble))
    if isinstance(trouble, GongshangError):
        return click.ClickException(str(trouble))
    if isinstance(trouble, FaultyFile):
        return click.ClickException(f"{trouble}\nSee ./gongshang doctor.")
    if is_of_a_database(trouble):
        first_line = str(trouble).splitlines()[0]
        return click.ClickException(f"A database does not answer as it should: {first_line}")
    return None


def is_of_a_database(trouble: Exception) -> bool:
    """Asked so that no command loads SQLAlchemy only to know its errors."""
    errors = sys.modules.get("sqlalchemy.exc")
    return errors is not None and isinstance(trouble, errors.SQLAlchemyError)


def tell(mistake: click.ClickException, code: int, words: list[str]) -> int:
    mistake.show()
    if "--json" in words:
        show_json({"error": mistake.format_message()})
    return code


if __name__ == "__main__":
    sys.exit(main())
