"""`gongshang account`: who may sign in to the pages. There is no account to begin with: somebody is invited."""

from datetime import timedelta

import click
from sqlalchemy import Engine

from services import GATEWAY
from services.cli.commands.token import Lifetime
from services.cli.on_record import note
from services.cli.output import Group, example, instant, json_option, say, show_json, table
from services.cli.suite import web
from services.cli.suite.databases import is_made
from services.cli.suite.staff import posts_of
from services.gateway.accounts import logins
from services.gateway.accounts.sessions import moment
from services.gateway.storage.logins import Account, acting, looking
from shared import token_keys
from shared.settings import settings
from shared.storage.engine import engine_for
from shared.token_keys import Revocation

LONGEST = timedelta(days=14)


@click.group(
    cls=Group, epilog=example("./gongshang account invite li.na", "./gongshang account end li.na --reason 'has left'")
)
def command() -> None:
    """Who may sign in to the pages. Whoever is invited gives themselves a password by a link that is good once.

    What they may do there is their post in the directory, looked up anew all the time.
    """


@command.command(
    epilog=example("./gongshang account invite li.na --lifetime 4h", "./gongshang account invite ops --operator")
)
@click.argument("subject")
@click.option("--lifetime", type=Lifetime(), default="2d", show_default=True, help="How long the link is good.")
@click.option("--operator", "is_operator", is_flag=True, help="Somebody who runs the machine, and has no post here.")
@json_option
def invite(subject: str, lifetime: timedelta, is_operator: bool, as_json: bool) -> None:
    """Print a link by which SUBJECT, a login in the directory, sets a password, once.

    Also for who has forgotten theirs: with the new password all of their sessions end. An operator sees how the
    services stand and mends what is stuck, and else what everybody sees; who has a post takes another login for it.
    """
    if not timedelta(0) < lifetime <= LONGEST:
        raise click.BadParameter(f"at most {LONGEST.days} days", param_hint="--lifetime")
    if is_operator and posts_of(subject):
        raise click.UsageError(
            f"{subject!r} has a post in the directory: running the machine takes a login of its own."
        )
    if not is_operator and not posts_of(subject):
        raise click.UsageError(
            f"The directory has no member of staff with the login {subject!r}. Enter the post first: "
            "./gongshang directory import."
        )
    if not web.port_now() and not settings().web_url:
        raise click.ClickException("The pages have no address yet: run ./gongshang up once, or set GONGSHANG_WEB_URL.")
    note("account_invited", login=subject, **({"role": "operator"} if is_operator else {}))
    with acting(own_engine()) as kept:
        secret = logins.invite(kept, subject, moment(), lifetime, is_operator=is_operator)
    link, good_until = f"{web.address()}/invite/{secret}", moment() + lifetime
    if as_json:
        show_json({"login": subject, "link": link, "good_until": good_until.isoformat()})
        return
    click.echo(link)
    say(f"Good once, until {instant(good_until)}. Who has it becomes {subject}: give it to nobody else.")


@command.command(name="list", epilog=example("./gongshang account list", "./gongshang account list --json"))
@json_option
def list_accounts(as_json: bool) -> None:
    """Show who may sign in, and who was invited and has not come yet."""
    now = moment()
    with looking(own_engine()) as kept:
        accounts, invited = kept.list_accounts(), kept.list_invites(now)
    known = {one.login: state_of(one) for one in accounts}
    lines = {login: f"{known.get(login, 'invited')}" for login in sorted({*known, *invited})}
    if as_json:
        until = {login: at.isoformat() for login, at in invited.items()}
        rows = [{"login": login, "state": state, "link_until": until.get(login)} for login, state in lines.items()]
        show_json({"accounts": rows})
    elif lines:
        rows_ = [(login, lines[login], instant(invited[login]) if login in invited else "-") for login in lines]
        click.echo(table(("login", "state", "link good until"), rows_))
    else:
        click.echo("Nobody may sign in yet: ./gongshang account invite SUBJECT")


@command.command(epilog=example("./gongshang account end li.na --reason 'has left'"))
@click.argument("subject")
@click.option("--reason", required=True, help="Why; it is put on record.")
def end(subject: str, reason: str) -> None:
    """Let nobody sign in as SUBJECT any more; who is signed in is out at once, their tokens too."""
    note("account_ended", login=subject, reason=reason)
    with acting(own_engine()) as kept:
        there_was_one = logins.end(kept, subject, moment())
    token_keys.revoke(settings().keys_folder, Revocation("", subject, moment(), reason))
    say(f"{subject} is out." if there_was_one else f"{subject} had no account; links and tokens are good no more.")


def state_of(account: Account) -> str:
    """In a word."""
    if account.ended_at is not None:
        return "ended"
    if account.locked_until is not None and account.locked_until > moment():
        return "waits"
    return "may sign in as operator" if account.is_operator else "may sign in"


def own_engine() -> Engine:
    """The gateway's database. Raises ClickException where it is not made yet."""
    engine = engine_for(GATEWAY)
    if not is_made(engine):
        raise click.ClickException("The gateway has no database yet. Run ./gongshang migrate first.")
    return engine
