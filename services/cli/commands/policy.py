"""`gongshang policy`: checks a policy file before it is used, and shows what holds on a day."""

import json
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from textwrap import fill
from typing import Any

import click

from services.cli.output import Group
from shared.clock import SHANGHAI
from shared.errors import GongshangError
from shared.policy import NOT_YET_APPLIED, PolicyBook, VersionSpan, policy_check
from shared.settings import settings
from shared.toml_file import BadTomlFile
from shared.units import canonical_code


@click.group(cls=Group)
def command() -> None:
    """Check the policy file, or show what holds.

    Example: ./gongshang policy check my-policy.toml
    """


@command.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def check(context: click.Context, file: Path | None, as_json: bool) -> None:
    """Look for faults in FILE, or in the policy file in use.

    Example: ./gongshang policy check my-policy.toml
    """
    path = file or settings().policy_file
    faults = policy_check(path)
    name = str(path or "the policy that ships")
    if as_json:
        listed = [{"line": fault.line, "field": fault.field, "message": fault.message} for fault in faults]
        found = {"file": name, "faults": listed, "not_yet_applied": NOT_YET_APPLIED}
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        click.echo(
            "\n  ".join([f"{name}: {len(faults) or 'no'} fault{'' if len(faults) == 1 else 's'}", *map(str, faults)])
        )
        click.echo("Not yet applied, whatever the file says:")
        for section, names in groupby(NOT_YET_APPLIED, key=lambda name: name.partition(".")[0]):
            keys = ", ".join(name.partition(".")[2] for name in names)
            click.echo(
                fill(f"{section}: {keys}", initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
            )
    context.exit(1 if faults else 0)


@command.command()
@click.option("--at", "on", type=click.DateTime(["%Y-%m-%d"]), help="The day to show, like 2026-03-02; else today.")
@click.option("--unit", help="The code of a unit that may have values of its own.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(on: datetime | None, unit: str | None, as_json: bool) -> None:
    """Show every value that holds on a day, as a policy file: to be copied, changed and checked.

    Example: ./gongshang policy show --at 2026-03-02 > my-policy.toml
    """
    day = on.date() if on else datetime.now(SHANGHAI).date()
    try:
        if unit is not None:
            unit = canonical_code(unit)
        span, sections = _holding(day, unit)
    except (BadTomlFile, GongshangError) as fault:
        raise click.ClickException(str(fault)) from None
    if as_json:
        head = {"version": span.version, "on": str(day), "unit": unit, "not_yet_applied": NOT_YET_APPLIED}
        click.echo(json.dumps({**head, **sections}, ensure_ascii=False))
        return
    click.echo(f"# The policy as it holds on {day}" + (f" in {unit}" if unit else ""))
    click.echo(f"[[versions]]\nversion = {_toml(span.version)}\nvalid_from = {_toml(span.valid_from)}")
    for name, values in sections.items():
        click.echo(f"\n[versions.{name}]")
        for key, value in values.items():
            note = "  # not yet applied" if f"{name}.{key}" in NOT_YET_APPLIED else ""
            click.echo(f"{key} = {_toml(value)}{note}")


def _holding(day: date, unit: str | None) -> tuple[VersionSpan, dict[str, dict[str, Any]]]:
    book = PolicyBook.load(settings().policy_file)
    return book.span_on(day), book.as_written(day, unit)


def _toml(value: Any) -> str:
    """Numbers, texts, switches and lists are written as in JSON; days are not."""
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
