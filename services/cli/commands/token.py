"""`gongshang token`: a signed token for a street system, the hotline, or a person's client."""

import re
from datetime import timedelta

import click

from services.cli.output import example, json_option, show_json
from shared.auth import Caller, Role, issue_token, read_token
from shared.errors import BadRequest

LENGTH = re.compile(r"(\d+)([mhd])")
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


@click.command(
    epilog=example(
        "./gongshang token --subject balizhuang --role street_system --unit 110105015 --lifetime 90d",
        "./gongshang token --subject hotline --role hotline --json",
    )
)
@click.option("--subject", required=True, help="Who the token is for.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="What they may ask for.")
@click.option("--unit", help="The unit they act in, by its code. Roles of the whole district may leave it out.")
@click.option(
    "--lifetime", type=Lifetime(), default="12h", show_default=True, help="How long it is good for: 30m, 12h, 90d."
)
@json_option
def command(subject: str, role: str, unit: str | None, lifetime: timedelta, as_json: bool) -> None:
    """Sign a token that proves who calls. Makes the key pair under the keys folder if there is none yet."""
    try:
        token = issue_token(subject, role, unit, lifetime=lifetime)
    except BadRequest as fault:
        raise click.UsageError(str(fault)) from fault
    if as_json:
        show_json({"token": token, **described(read_token(token)), "lifetime_seconds": int(lifetime.total_seconds())})
    else:
        click.echo(token)


def described(caller: Caller) -> dict[str, str | None]:
    return {"subject": caller.subject, "role": caller.role.value, "unit": caller.unit}
