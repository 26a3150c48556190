"""What is made from the contracts for others: the AsyncAPI document, the picture, and the command that prints them."""

import json
import xml.etree.ElementTree as ET
from importlib.resources import files

import pytest
from click.testing import CliRunner

from services.cli.commands.contracts import command
from services.cli.model_picture import OWNERS, WORDS, draw_model, tables_of
from shared.contracts import EVENTS
from shared.contracts.arrows import arrows
from shared.contracts.asyncapi import asyncapi_document
from shared.contracts.flow import HOTLINE_REPLIES, LISTENERS, STREET_NOTICES
from shared.contracts.json_schema import DIALECT
from shared.contracts.picture import draw
from tests.contracts.validators import faults_by_schema


@pytest.fixture(scope="module")
def document():
    return asyncapi_document()


def run(*words):
    return CliRunner().invoke(command, words)


def references(value):
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "$ref":
                yield inner
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def follow(document, reference):
    found = document
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return follow(document, found["$ref"]) if set(found) == {"$ref"} else found


def test_every_reference_in_the_asyncapi_document_leads_somewhere(document):
    told = set(references(document))

    assert told
    assert all(follow(document, reference) for reference in told)


def test_every_event_has_its_channel_on_its_publishers_exchange(document):
    for contract in EVENTS.values():
        channel = document["channels"][f"{contract.publisher}.{contract.wire_type}"]
        assert channel["address"] == contract.wire_type
        assert channel["bindings"]["amqp"]["exchange"]["name"] == f"{contract.publisher}.events"


def test_every_publisher_sends_and_every_listener_receives(document):
    sent = {name for name, operation in document["operations"].items() if operation["action"] == "send"}
    received = {name for name, operation in document["operations"].items() if operation["action"] == "receive"}

    assert sent == {f"{contract.publisher}.send.{contract.wire_type}" for contract in EVENTS.values()}
    assert received == {
        f"{service}.receive.{contract.wire_type}" for service, contracts in LISTENERS.items() for contract in contracts
    } | {"hotline.receive.replies", "street.receive.notices"}


def test_an_operation_speaks_only_of_messages_of_its_channel(document):
    for operation in document["operations"].values():
        channel = operation["channel"]["$ref"]
        assert all(message["$ref"].startswith(f"{channel}/messages/") for message in operation["messages"])


def test_the_queues_of_neighbours_carry_what_the_flow_says(document):
    for channel, contracts in (("hotline.replies", HOTLINE_REPLIES), ("street.notices", STREET_NOTICES)):
        assert set(document["channels"][channel]["messages"]) == {contract.wire_type for contract in contracts}


def test_every_example_satisfies_the_payload_beside_it(document):
    for message in document["components"]["messages"].values():
        schema = {**message["payload"], "$schema": DIALECT, "components": document["components"]}
        assert message["examples"]
        for example in message["examples"]:
            assert faults_by_schema(schema, example["payload"]) == []


def test_the_committed_picture_is_what_the_code_draws():
    committed = (files("shared") / "docs" / "flow.svg").read_text("utf-8")

    assert committed == draw(), "run: ./gongshang contracts picture shared/docs/flow.svg"


def test_the_committed_picture_of_the_model_is_what_the_tables_are():
    committed = (files("shared") / "docs" / "model.svg").read_text("utf-8")

    assert committed == draw_model(), "run: ./gongshang contracts picture --model shared/docs/model.svg"


@pytest.mark.parametrize("service", OWNERS)
def test_every_table_of_a_service_has_its_word_in_the_picture_of_the_model(service):
    assert set(WORDS[service]) == {table.name for table in tables_of(service)}


def test_the_picture_shows_every_pair_of_services_that_talk():
    drawn = {title.text for title in ET.fromstring(draw()).iter("{http://www.w3.org/2000/svg}title")}

    assert {f"{arrow.sender} → {arrow.receiver}: {', '.join(arrow.events)}" for arrow in arrows()} <= drawn


def test_the_command_lists_every_event_for_people_and_for_programs():
    listed = json.loads(run("list", "--json").output)["events"]

    assert [row["type"] for row in listed] == list(EVENTS)
    assert all(wire_type in run("list").output for wire_type in EVENTS)


def test_the_command_prints_schemas_samples_and_the_document_that_programs_can_read():
    schema = json.loads(run("schema", "complaint_filed.v1").output)

    assert faults_by_schema(schema, json.loads(run("sample", "complaint_filed.v1").output)) == []
    assert json.loads(run("schema", "--data", "complaint_filed.v1").output)["title"] == "ComplaintFiledV1"
    assert json.loads(run("asyncapi").output)["asyncapi"] == "3.0.0"


def test_yaml_and_json_say_the_same():
    yaml = pytest.importorskip("yaml")

    assert yaml.safe_load(run("asyncapi", "--yaml").output) == json.loads(run("asyncapi").output)


def test_an_unknown_type_is_a_wrong_use_and_the_nearest_names_are_told():
    result = run("schema", "issue_rased.v1")

    assert result.exit_code == 2
    assert "Did you mean issue_raised.v1" in result.output


def test_the_picture_goes_where_it_is_told_or_says_why_not(tmp_path):
    assert run("picture", str(tmp_path / "flow.svg")).exit_code == 0
    assert (tmp_path / "flow.svg").read_text("utf-8") == draw()
    assert run("picture", str(tmp_path / "absent" / "flow.svg")).exit_code == 2
