"""`gongshang call` and `gongshang work`: what they say before anything runs. What they do: tests/scenarios."""

import json

import pytest

from services import ANSWERING
from services.cli.main import main
from services.cli.suite.calls import KEY, calls_of, fields_of
from services.dispatch.schemas.requests import FinishTask
from tests.guards.rpc_table import ROWS


def said_by(capsys, *words):
    assert main(list(words)) == 0
    return capsys.readouterr().out


def test_every_call_that_can_be_made_is_found():
    found = {f"{process}.{method}" for process in ANSWERING for method in calls_of(process)}
    assert found == set(map(str, ROWS))


def test_the_help_of_a_call_names_its_fields_and_who_may_make_it(capsys):
    told = said_by(capsys, "call", "evaluation", "record_callback", "--help")

    for words in ("order_no", "satisfaction (may be left out)", "yes | ", "Acts; for callback_agent"):
        assert words in told
    assert KEY not in told


@pytest.mark.parametrize("process", ANSWERING)
def test_every_call_says_more_than_its_name(process):
    says = {name: call.says for name, call in calls_of(process).items()}

    assert [name for name, words in says.items() if words == name.replace("_", " ").capitalize() + "."] == []


def test_a_field_that_is_needed_comes_first_and_parts_are_shown_with_theirs():
    lines = fields_of(FinishTask)

    assert [one.is_needed for one in lines] == sorted((one.is_needed for one in lines), reverse=True)
    assert '"sha256"' in next(one.kind for one in lines if one.name == "evidence")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["call", "dispatch", "get_task", "{", "--role", "leader"], "it is no JSON"),
        (["call", "dispatch", "get_task", "[" * 100_000, "--role", "leader"], "it is no JSON"),
        (["call", "dispatch", "get_task", "[1]", "--role", "leader"], "must be one JSON object"),
        (["call", "dispatch", "get_task"], "--as LOGIN, or --role"),
        (["call", "dispatch", "get_task", "--as", "x", "--role", "leader"], "--as LOGIN, or --role"),
        (["call", "dispatch", "get_tusk"], "No such command 'get_tusk'"),
        (["call", "dispatch", "get_task", "--role", "public"], "'public' is not one of"),
        (["work"], "--as LOGIN, or --role"),
    ],
)
def test_what_is_asked_wrongly_is_told(capsys, words, hint):
    assert main(words) == 2
    assert hint in capsys.readouterr().err


def test_what_no_broker_answers_is_an_error_in_json(capsys, monkeypatch):
    monkeypatch.setenv("AMQP_URI", "amqp://guest:guest@127.0.0.1:9/")
    assert main(["call", "evaluation", "list_periods", "--role", "public"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "unavailable"
