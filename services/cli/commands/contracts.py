"""`contracts`: what the events look like, for whoever connects a system of their own."""

import json
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from services.cli.output import Group, example, json_option, show_json, table
from shared.contracts import EVENTS, Event
from shared.contracts.flow import HOTLINE_REPLIES, LISTENERS, STREET_NOTICES


class WireType(click.ParamType[type[Event]]):
    """The type of an event with its version, such as `issue_raised.v1`."""

    name = "type"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> type[Event]:
        if isinstance(value, str) and value in EVENTS:
            return EVENTS[value]
        near = get_close_matches(str(value), EVENTS, n=3, cutoff=0.5)
        advice = f"Did you mean {' or '.join(near)}?" if near else "`contracts list` names them all."
        raise click.BadParameter(f"There is no event {value!r}. {advice}", ctx, param)


@click.group(cls=Group, epilog=example("./gongshang contracts list", "./gongshang contracts sample complaint_filed.v1"))
def command() -> None:
    """Print the contracts of the events that the services exchange."""


@command.command("list", epilog=example("./gongshang contracts list", "./gongshang contracts list --json"))
@json_option
def list_contracts(as_json: bool) -> None:
    """Name every event, who sends it and who listens."""
    rows = [
        {
            "type": contract.wire_type,
            "publisher": contract.publisher,
            "subject": contract.subject_field,
            "listeners": listeners_of(contract),
            "says": " ".join((contract.__doc__ or "").split()),
        }
        for contract in EVENTS.values()
    ]
    if as_json:
        show_json({"events": rows})
    else:
        told = [(row["type"], row["publisher"], ", ".join(row["listeners"]) or "–") for row in rows]
        click.echo(table(("TYPE", "PUBLISHER", "LISTENERS"), told))


@command.command(epilog=example("./gongshang contracts asyncapi --yaml > asyncapi.yaml"))
@click.option("--yaml", "as_yaml", is_flag=True, help="Print YAML instead of JSON.")
def asyncapi(as_yaml: bool) -> None:
    """Print the whole suite as an AsyncAPI 3.0 document."""
    from shared.contracts.asyncapi import asyncapi_document

    document = asyncapi_document()
    click.echo(as_yaml_text(document) if as_yaml else json.dumps(document, ensure_ascii=False, indent=2))


@command.command(epilog=example("./gongshang contracts schema complaint_filed.v1"))
@click.argument("contract", metavar="TYPE", type=WireType())
@click.option("--data", "only_data", is_flag=True, help="Only the content, without the CloudEvent around it.")
def schema(contract: type[Event], only_data: bool) -> None:
    """Print the JSON Schema (2020-12) of an event's message body."""
    from shared.contracts.json_schema import content_schema, message_schema

    show_json(content_schema(contract) if only_data else message_schema(contract))


@command.command(epilog=example("./gongshang contracts sample complaint_filed.v1"))
@click.argument("contract", metavar="TYPE", type=WireType())
def sample(contract: type[Event]) -> None:
    """Print a sample message body of an event, as it is on the wire."""
    from shared.contracts.samples import sample_text

    click.echo(sample_text(contract.wire_type), nl=False)


@command.command(epilog=example("./gongshang contracts picture flow.svg"))
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--model", is_flag=True, help="Draw instead what each service owns, and what that names.")
def picture(file: Path | None, *, model: bool) -> None:
    """Draw the services and the events between them as an SVG, into FILE or to standard output."""
    if model:
        from services.cli.model_picture import draw_model as draw
    else:
        from shared.contracts.picture import draw

    if file is None:
        click.echo(draw(), nl=False)
        return
    try:
        file.write_text(draw(), "utf-8")
    except OSError as trouble:
        raise click.BadParameter(f"{file} can't be written: {trouble.strerror}.", param_hint="FILE") from None


@command.command(epilog=example("./gongshang contracts fingerprints"))
def fingerprints() -> None:
    """Print the fingerprint of every contract, for `shared/contracts/fingerprints.json`."""
    from shared.contracts.fingerprint import fingerprint

    show_json({wire_type: fingerprint(EVENTS[wire_type]) for wire_type in sorted(EVENTS)})


@command.command(epilog=example("./gongshang contracts calls > services/gateway/api/calls.json"))
def calls() -> None:
    """Print every call with the JSON Schemas of its request and reply: what the HTTP API is made from."""
    from services.cli.suite.call_schemas import all_calls, as_text

    click.echo(as_text(all_calls()))


def listeners_of(contract: type[Event]) -> list[str]:
    """The services that listen, and the queues that outside systems read."""
    services = [service for service, heard in LISTENERS.items() if contract in heard]
    queues = [("hotline.replies", HOTLINE_REPLIES), ("street.<code>.notices", STREET_NOTICES)]
    return [*services, *(queue for queue, heard in queues if contract in heard)]


def as_yaml_text(document: dict[str, Any]) -> str:
    """YAML by a library where it is installed; it is needed here only."""
    try:
        import yaml
    except ModuleNotFoundError:
        raise click.UsageError("--yaml needs the package PyYAML; without --yaml the document is JSON.") from None

    class WithoutAnchors(yaml.SafeDumper):  # type: ignore[misc,unused-ignore]  # untyped without its stubs
        def ignore_aliases(self, data: Any) -> bool:
            return True

    text: str = yaml.dump(document, Dumper=WithoutAnchors, allow_unicode=True, sort_keys=False)
    return text
