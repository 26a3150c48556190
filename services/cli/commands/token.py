"""`gongshang token`: signed tokens for street systems, the hotline and people, and their keys."""

import re
from datetime import UTC, datetime, timedelta

import click

from services.cli.output import Group, example, json_option, show_json, table
from services.cli.suite.staff import posts_of, roles_of, sign_for
from shared import token_keys
from shared.auth import SYSTEMS, Role, issue_token, named, read_token, token_id_of
from shared.errors import BadRequest
from shared.settings import settings
from shared.token_keys import Revocation, Signer, UnknownKey

LENGTH = re.compile(r"(\d{1,6})([mhd])")
SIGNS_FOR = {Signer.OPERATOR: "this command", Signer.GATEWAY: "the web pages", None: "-"}
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Lifetime(click.ParamType[timedelta]):
    """A length of time as people write it: 30m, 12h, 90d."""

    name = "lifetime"

    def convert(self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        match = LENGTH.fullmatch(value)
        if match is None:
            self.fail(f"{value!r} is not a length of time such as 30m, 12h or 90d.", param, ctx)
        return timedelta(**{UNITS[match[2]]: int(match[1])})


@click.group(
    cls=Group,
    invoke_without_command=True,
    epilog=example(
        "./gongshang token --subject li.na",
        "./gongshang token --subject balizhuang --role street_system --unit 110105015 --lifetime 90d",
        "./gongshang token --subject hotline --role hotline --json",
        "./gongshang token revoke --subject balizhuang --reason 'laptop lost'",
    ),
)
@click.option("--subject", help="Who the token is for.")
@click.option(
    "--role",
    "roles",
    type=click.Choice([role.value for role in Role]),
    multiple=True,
    help="What they may ask for; a person's roles are all those of their post, if none is named.",
)
@click.option("--unit", help="The unit a street system acts in, by its code; of a person's posts the one there.")
@click.option("--organisation", help="For whom a person acts, by its id, where they have several posts.")
@click.option(
    "--lifetime", type=Lifetime(), default="12h", show_default=True, help="How long it is good for: 30m, 12h, 90d."
)
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    subject: str | None,
    roles: tuple[str, ...],
    unit: str | None,
    organisation: str | None,
    lifetime: timedelta,
    as_json: bool,
) -> None:
    """Sign a token that proves who calls; without a command below, for --subject.

    A person is a member of staff in the directory, under the login that --subject names; their organisation, unit and
    roles are read there. A system has --role, and a street's its --unit.

    The key pair is made under the keys folder with the first token. Services learn of new keys, and of what was taken
    back, with their next call.
    """
    if ctx.invoked_subcommand:
        return
    if not subject:
        raise click.UsageError("A token needs --subject; see ./gongshang token --help.")
    wanted = [Role(role) for role in roles]
    try:
        if SYSTEMS.isdisjoint(wanted):
            token = _for_person(subject, wanted, organisation, unit, lifetime)
        else:
            token = issue_token(subject, wanted, unit, organisation=organisation or "", lifetime=lifetime)
    except BadRequest as fault:
        raise click.UsageError(str(fault)) from fault
    if as_json:
        caller = read_token(token)
        described = {"subject": subject, "roles": sorted(caller.roles), "unit": caller.unit}
        described |= {"organisation": caller.organisation, "token_id": token_id_of(token)}
        show_json({"token": token, **described, "lifetime_seconds": int(lifetime.total_seconds())})
    else:
        click.echo(token)


def _for_person(login: str, roles: list[Role], organisation: str | None, unit: str | None, lifetime: timedelta) -> str:
    """As the directory has them now."""
    posts = [
        post
        for post in posts_of(login, unit=unit, organisation=organisation)
        if {role.value for role in roles} <= set(post.roles)
    ]
    if not posts:
        said = f" as {named(roles)}" if roles else ""
        raise click.UsageError(
            f"The directory has no member of staff with the login {login!r}{said}, and services would refuse the "
            "token. Enter the post first (./gongshang directory import); a system's token needs --role "
            f"{' or '.join(sorted(SYSTEMS))}."
        )
    held = roles_of(posts)
    return sign_for(posts[0], roles or held, lifetime)


@command.command(epilog=example("./gongshang token revoke --subject balizhuang --reason 'laptop lost'"))
@click.option("--subject", default="", help="Take back all tokens issued to them so far.")
@click.option("--token-id", default="", help="Take back one: its `jti`, shown by `token --json`.")
@click.option("--reason", required=True, help="Why; it is kept with the entry.")
def revoke(subject: str, token_id: str, reason: str) -> None:
    """Take tokens back. A later token for the same subject is good again."""
    if bool(subject) == bool(token_id):
        raise click.UsageError("Name either --subject or --token-id.")
    token_keys.revoke(settings().keys_folder, Revocation(token_id, subject, datetime.now(UTC), reason))
    click.echo(f"Taken back: {'all tokens of ' + subject if subject else 'token ' + token_id}.")


@command.command(epilog=example("./gongshang token revoked", "./gongshang token revoked --json"))
@json_option
def revoked(as_json: bool) -> None:
    """Show what was taken back, when and why."""
    found = token_keys.revocations(settings().keys_folder)
    if as_json:
        show_json({"revoked": [vars(one) | {"revoked_at": one.revoked_at.isoformat()} for one in found]})
    elif found:
        rows = [(one.subject or one.token_id, f"{one.revoked_at:%Y-%m-%d %H:%MZ}", one.reason) for one in found]
        click.echo(table(("subject or token", "taken back", "why"), rows))
    else:
        click.echo("Nothing was taken back.")


@command.command(epilog=example("./gongshang token keys", "./gongshang token keys --json"))
@json_option
def keys(as_json: bool) -> None:
    """Show the keys whose tokens are good."""
    folder = settings().keys_folder
    known, signers = token_keys.public_keys(folder), token_keys.signing_kids(folder)
    if as_json:
        show_json({"keys": known, "signs": token_keys.signing_kid(folder), "signers": signers})
    else:
        click.echo(table(("kid", "signs for"), [(key["kid"], SIGNS_FOR[signers.get(key["kid"])]) for key in known]))


@command.command(name="new-key", epilog=example("./gongshang token new-key", "./gongshang token retire-key KID"))
@click.option("--web", is_flag=True, help="The key that signs for who signed in with a browser.")
def new_key(web: bool) -> None:
    """Sign with a new key from now on. Tokens of the earlier ones stay good until those are retired."""
    signer = Signer.GATEWAY if web else Signer.OPERATOR
    click.echo(f"Signs from now on: {token_keys.sign_anew(settings().keys_folder, signer)}")


class OfOneKey(click.Command):
    """Of 64 kids one begins with a hyphen, and is no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        is_plain = {"--", *ctx.help_option_names}.isdisjoint(args)
        return super().parse_args(ctx, ["--", *args] if is_plain else args)


@command.command(name="retire-key", cls=OfOneKey, epilog=example("./gongshang token retire-key KID"))
@click.argument("kid")
def retire_key(kid: str) -> None:
    """Let no token that the key KID signed be good any more."""
    try:
        token_keys.retire(settings().keys_folder, kid)
    except UnknownKey:
        raise click.UsageError(
            f"{kid} is no key that can be retired; see ./gongshang token keys. The one that signs is replaced by "
            "./gongshang token new-key first."
        ) from None
    click.echo(f"Retired: {kid}")
