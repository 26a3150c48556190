"""`gongshang call` and `gongshang work`: what they say before anything runs. What they do: tests/scenarios."""

import json

import pytest

from services import ANSWERING
from services.cli.commands.call import here
from services.cli.commands.work import as_nothing, as_table, as_wide_table
from services.cli.main import main
from services.cli.suite.calls import KEY, calls_of, fields_of
from services.deliberation.schemas.requests import AdoptResolution
from services.dispatch.schemas.requests import FinishTask, ReturnTask
from services.supervision.schemas.requests import AskPending, ListCases
from shared.bus.rpc.messages import read_request
from shared.errors import BadRequest
from shared.settings import settings
from shared.storage.engine import close_engines
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


def test_what_a_call_cites_does_not_end_its_line_in_the_list(capsys):
    listed = said_by(capsys, "call", "intake", "--help")

    assert "one of the six classes of Art. 11" in " ".join(listed.split())


def test_the_help_names_the_reasons_of_what_is_asked_for_alone(capsys):
    told = " ".join(said_by(capsys, "call", "supervision", "ask_extension", "--help").split())

    assert "reason complex_work | materials | weather | other_party | residents words" in told

    asked = " ".join(said_by(capsys, "call", "intake", "ask_hotline", "--help").split())
    assert "of return: not_our_duty, not_our_area; of exclusion: outside_authority" in asked
    assert "hall_lost" not in asked


@pytest.mark.parametrize("process", ANSWERING)
def test_every_call_says_more_than_its_name(process):
    says = {name: call.says for name, call in calls_of(process).items()}

    assert [name for name, words in says.items() if words == name.replace("_", " ").capitalize() + "."] == []


@pytest.mark.parametrize("process", ANSWERING)
def test_what_a_call_says_is_a_sentence_and_not_a_word(process):
    says = {name: call.says for name, call in calls_of(process).items()}

    assert [name for name, words in says.items() if len(words.split()) < 4] == []


def test_who_speaks_and_votes_is_said_to_be_named_by_id(capsys):
    moved = " ".join(said_by(capsys, "call", "deliberation", "state_motion", "--help").split())

    assert "mover text of at most 120 - A person_id of who is invited: `councils.get_session` names them." in moved


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
        (["call", "dispatch", "get_tusk"], "dispatch has no call 'get_tusk'. Did you mean get_task"),
        (["call", "dispatch", "x"], "./gongshang call dispatch --help names them."),
        (["call", "dispatch.get_tusk"], "dispatch has no call 'get_tusk'. Did you mean get_task"),
        (["call", "dispach", "get_task"], "No service 'dispach' answers calls. Did you mean dispatch?"),
        (["call", "dispatch.get_task"], "--as LOGIN, or --role"),
        (["call", "dispatch", "get_task", "--role", "public"], "'public' is not one of"),
        (["work", "--role", "resident", "--unit", "三四条"], "digits; ./gongshang directory show NAME finds it."),
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


def test_for_whom_nothing_waits_is_named_with_their_organisation_where_they_have_one():
    assert as_nothing("li.na", "110105015/社区服务站") == "Nothing waits for li.na (110105015/社区服务站)."
    assert as_nothing("resident@district", "") == "Nothing waits for resident@district."


def test_what_is_answered_says_every_instant_as_clocks_here_show_it_also_in_words():
    told = here({"due_at": "2026-03-02T01:00:00+00:00", "said": ["until 2026-03-03 01:00:00+00:00", 3, None]})

    assert told == {"due_at": "2026-03-02T09:00:00+08:00", "said": ["until 2026-03-03T09:00:00+08:00", 3, None]}


def test_a_field_of_a_few_words_shows_them_and_a_category_where_they_are_listed(capsys):
    listed = said_by(capsys, "call", "intake", "list_orders", "--help")
    corrected = said_by(capsys, "call", "intake", "correct_order", "--help")

    assert "state (may be left out) linked | replied" in " ".join(listed.split())
    assert "list_categories" in corrected


def test_a_field_of_one_form_shows_it_and_parts_that_may_be_left_out_are_marked():
    kinds = {one.name: one.kind for one in fields_of(AskPending)}
    tasks = next(one.kind for one in fields_of(AdoptResolution) if one.name == "tasks")

    assert kinds["review_on"] == "a day like 2026-12-01"
    assert '"sha256": 64 hexadecimal digits' in kinds["evidence"]
    assert {one.name: one.kind for one in fields_of(ListCases)}["unit_code"] == "unit code such as 110105015"
    assert '"person": text' in tasks
    assert '"funding" (may be left out): [{' in tasks


def test_what_is_no_hash_is_told_as_what_it_should_be():
    with pytest.raises(BadRequest) as refused:
        read_request(ReturnTask, {"evidence": [{"uri": "file:///a.jpg", "sha256": "abc"}]})

    assert refused.value.fields["evidence.0.sha256"] == ["Must be 64 hexadecimal digits."]


def test_what_waits_fits_a_screen_of_120_columns_and_says_all_when_asked_to():
    one = {
        "due_at": "2026-03-02T01:00:00+00:00",
        "about": "I-20260302-000001-2/T12/Q1",
        "title": "停车 · 平房乡姚家园社区：区级承办时限已到，仍未解决",
        "act": "处置异常事件：记录在案、重新办理，或以未解决结案并公开",
        "calls": ["supervision.get_case", "supervision.settle_incident"],
        "otherwise": "一直列在清单上，时间线对外可查",
    }
    lines = as_table([one]).splitlines()

    assert max(sum(2 if ord(letter) > 0x2E80 else 1 for letter in line) for line in lines) <= 120
    whole = "".join("".join(lines).split())
    assert all(words in whole for words in ("2026-03-0209:00", "supervision.settle_incident"))
    assert one["otherwise"] in as_wide_table([one])


@pytest.fixture
def nothing_made(monkeypatch, tmp_path):
    """A var folder in which nothing was made yet."""
    monkeypatch.setenv("GONGSHANG_VAR", str(tmp_path))
    settings.cache_clear()
    close_engines()
    yield tmp_path
    monkeypatch.undo()
    settings.cache_clear()
    close_engines()


def test_where_a_demo_was_played_its_folder_is_named_to_who_asks_beside_it(capsys, nothing_made):
    asked = ["work", "--role", "clerk", "--unit", "110105015"]

    assert main(asked) == 1
    assert "GONGSHANG_VAR" not in capsys.readouterr().err
    (nothing_made / "demo").mkdir()
    assert main(asked) == 1
    assert f"GONGSHANG_VAR={nothing_made / 'demo'}" in capsys.readouterr().err
