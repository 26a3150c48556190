"""`gongshang call`: one call of a service, as a member of staff or a system would make it."""

import json
import re
import sys
from collections.abc import Iterable
from datetime import datetime
from difflib import get_close_matches
from typing import Any

import click

from services import ANSWERING
from services.cli.output import example, show_json
from services.cli.suite.calls import KEY, Call, FieldLine, calls_of, fields_of
from services.cli.suite.staff import token_for
from shared.auth import Role, named
from shared.bus.rpc.client import RpcClient, new_key
from shared.clock import SHANGHAI
from shared.errors import GongshangError

INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+]00:00)")

SENTENCE_END = re.compile(r"(?<!Art)[.] ")
"""What is cited, as in Art. 15, goes on."""


class MethodGroup(click.Group):
    """The calls of a process, each a command whose help names its fields."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(calls_of(str(self.name)))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        found = calls_of(str(self.name))
        if cmd_name not in found:
            ctx.fail(f"{self.name} has no call {cmd_name!r}. {_meant(cmd_name, found, f'call {self.name}')}")
        return command_of(found[cmd_name])


class ProcessGroup(click.Group):
    """The processes that answer calls."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(ANSWERING)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        process, _, method = cmd_name.partition(".")
        if process not in ANSWERING:
            ctx.fail(f"No service {process!r} answers calls. {_meant(process, ANSWERING, 'call')}")
        methods = MethodGroup(process, help=f"Calls of {process}.", short_help="")
        return methods.get_command(ctx, method) if method else methods


class CallCommand(click.Command):
    """Its help shows the fields of the request."""

    call: Call

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Fields of REQUEST, one JSON object"):
            lines = [_described(one) for one in fields_of(self.call.request_class)]
            formatter.write_dl(lines or [("-", "none: leave REQUEST out")])
        super().format_epilog(ctx, formatter)


@click.command(
    cls=ProcessGroup,
    epilog=example(
        "./gongshang call dispatch --help",
        "./gongshang call dispatch finish_task --help",
        "./gongshang call dispatch list_my_work --as li.na",
        """./gongshang call intake get_issue '{"issue_id": "I-1"}' --role clerk --unit 110105017003""",
    ),
)
def command() -> None:
    """Make one call of a service: JSON in, JSON out. It is named in two words, or as `work` shows it: intake.get_issue.

    --as names a member of staff by their login; --role and --unit take whoever has the role there, or a system. The
    token is signed on this machine and lives for five minutes.

    Instants are shown as clocks here show them, with their offset.

    Exit code: 0 done, 1 refused: then the JSON is {"error": {"code", "message", "fields"}}.
    """


def command_of(call: Call) -> click.Command:
    """The call as a command of its own."""

    def make(
        request: str,
        login: str | None,
        role: str | None,
        unit: str | None,
        organisation: str | None,
        key: str | None = None,
    ) -> None:
        content = _content(request)
        if not call.reads:
            content.setdefault(KEY, key or new_key())
        token = token_for(login, Role(role) if role else None, unit, organisation)
        try:
            with RpcClient(token) as ask:
                show_json(here(ask(call.process, call.method, content)))
        except GongshangError as refusal:
            told = {"code": refusal.code, "message": refusal.message, "fields": refusal.fields}
            show_json({"error": here(told)})
            click.get_current_context().exit(1)

    does = "Looks, and changes nothing" if call.reads else "Acts"
    made = CallCommand(
        call.method,
        callback=make,
        help=f"{call.says}\n\n{does}; for {named(call.roles)}.",
        short_help=SENTENCE_END.split(call.says)[0].removesuffix("."),
        params=_params(call),
    )
    made.call = call
    return made


def _meant(name: str, known: Iterable[str], where: str) -> str:
    near = get_close_matches(name, list(known), n=3)
    return f"Did you mean {' or '.join(near)}?" if near else f"./gongshang {where} --help names them."


def here(value: Any) -> Any:
    """The same with every instant as clocks here show it, also those in words: 2026-03-02T09:00:00+08:00."""
    if isinstance(value, str):
        return INSTANT.sub(lambda found: _local(found.group()), value)
    if isinstance(value, dict):
        return {name: here(one) for name, one in value.items()}
    return [here(one) for one in value] if isinstance(value, list) else value


def _local(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(SHANGHAI).isoformat()


def _params(call: Call) -> list[click.Parameter]:
    roles = click.Choice([role.value for role in call.roles])
    params: list[click.Parameter] = [
        click.Argument(["request"], default="{}", metavar="[REQUEST|-]"),
        click.Option(["--as", "login"], help="Who calls: the login of a member of staff."),
        click.Option(["--role"], type=roles, help="Or: somebody who has it, or a system."),
        click.Option(["--unit"], help="Where they have it; the district if it is left out."),
        click.Option(["--organisation"], help="For whom, by its id, where they have several posts."),
    ]
    if not call.reads:
        params.append(click.Option(["--key"], help="The idempotency key, to repeat a command; else a fresh one."))
    return params


def _described(line: FieldLine) -> tuple[str, str]:
    name = line.name if line.is_needed else f"{line.name} (may be left out)"
    return name, " - ".join(filter(None, (line.kind, line.says)))


def _content(request: str) -> dict[str, Any]:
    text = sys.stdin.read() if request == "-" else request
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise click.BadParameter(f"it is no JSON: {fault}", param_hint="REQUEST") from None
    if not isinstance(content, dict):
        raise click.BadParameter("it must be one JSON object", param_hint="REQUEST")
    return content
