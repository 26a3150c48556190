"""How commands speak: results on standard output, everything else on standard error.

With `--json` standard output gets exactly one JSON object and nothing more.
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any

import click

from shared.clock import SHANGHAI, for_people

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")


class Group(click.Group):
    """Its help lists what each command does in a whole sentence, however many lines that takes."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.get_short_help_str(limit=500)) for name, one in found if one is not None])


def example(*lines: str) -> str:
    """For `epilog=`: what a newcomer can copy, kept from being wrapped."""
    return "\b\n" + "\n".join(("Example:", *(f"  {line}" for line in lines)))


def say(message: str) -> None:
    """Progress and advice."""
    click.echo(message, err=True)


def show_json(result: dict[str, Any]) -> None:
    click.echo(json.dumps(result, ensure_ascii=False, indent=2, default=str))


def tell_done(name: str, what: str, *, as_json: bool) -> None:
    """That something was done with one thing."""
    if as_json:
        show_json({"id": name, "done": what})
    else:
        say(f"{name} {what}.")


def instant(at: datetime) -> str:
    """For people, with its zone."""
    return f"{for_people(at)} +08:00"


def in_settings(at: datetime) -> str:
    """As it is typed in a setting: 2026-03-02T09:00:00+08:00."""
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Plain columns, as wide as they need to be. A Chinese character is as wide as two others."""
    lines = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def wrapped(head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> str:
    """As `table`, each column no wider than so many letters: what is longer goes on below."""
    lines: list[list[str]] = []
    for row in (head, *rows):
        cells = [_folded(cell, width) for cell, width in zip(row, widths, strict=True)]
        lines += map(list, zip_longest(*cells, fillvalue=""))
    return table(lines[0], lines[1:])


def _folded(text: str, width: int) -> list[str]:
    """Broken after a space or comma where there is one; Chinese anywhere."""
    lines, line = [], ""
    for piece in re.findall(r"[\x21-\x7e]+ ?|.", text):
        parts = [piece] if _width(piece) <= width else list(piece)
        for part in parts:
            if line and _width((line + part).rstrip()) > width:
                lines.append(line.rstrip())
                line = ""
            line += part
    return [*lines, line.rstrip()]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
