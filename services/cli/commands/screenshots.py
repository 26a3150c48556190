"""`gongshang screenshots`: every page of a suite that runs, at two widths, in both languages, light and dark."""

import os
from pathlib import Path

import click

from services.cli.output import example, say
from services.cli.servers.chromium import find_or_install
from services.cli.servers.unavailable import NodeUnavailable
from services.cli.suite import web


@click.command(
    epilog=example(
        "./gongshang screenshots pictures",
        "./gongshang screenshots pictures --address http://127.0.0.1:8080 --login li.na",
    )
)
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--address", help="Where the pages are; those of `up` in this folder if it is left out.")
@click.option("--login", help="Look as this member of staff; the password is asked for, or GONGSHANG_PASSWORD.")
def command(folder: Path, address: str | None, login: str | None) -> None:
    """Take pictures of every page that the head of the pages leads to, and of the first thing in each list.

    DIR gets PAGE-WIDTH-LANGUAGE-THEME.png, and board.png: what a visitor of the notice board sees first.
    """
    from playwright.sync_api import Error, sync_playwright

    from services.cli.suite.pictures import Login, take

    who = Login(login, password()) if login else None
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_or_install())
            taken = list(take(browser, address or web.address(), folder, login=who))
            browser.close()
    except NodeUnavailable as trouble:
        raise click.ClickException(str(trouble)) from None
    except Error as trouble:
        raise click.ClickException(f"{address or web.address()}: {trouble.message.splitlines()[0]}") from None
    say(f"{len(taken)} pictures in {folder}")


def password() -> str:
    """Of who looks; never among the words of a command, where others see it."""
    given = os.environ.get("GONGSHANG_PASSWORD", "")
    return given or str(click.prompt("Password", hide_input=True, err=True))
