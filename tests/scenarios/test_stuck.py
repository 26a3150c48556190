"""What got stuck, and setting it right."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from services.cli.commands.status import command as status
from services.cli.commands.stuck import command
from services.cli.proof import records
from services.cli.proof.backlog import read_backlog
from services.cli.proof.drain import Drain
from shared.bus import stuck
from shared.bus.work import Store, transaction
from shared.errors import BadRequest, NotFound
from shared.storage.engine import engine_for
from tests.scenarios.conftest import NOW, forget


def parked(suite):
    suite.hear("deliberation", "session_moved_up.v1", status="parked")
    suite.hear("deliberation", "session_postponed.v1", status="waiting")
    return stuck.list_stuck("deliberation", engine_for("deliberation"))[0]


def park_timer(suite):
    now = datetime.now(UTC)
    suite.run(
        "councils",
        "INSERT INTO timers (kind, ref, due_at, attempts, error, parked_at) "
        "VALUES ('plan', 'I-1', :now, 5, 'boom', :now)",
        now=now.isoformat(" ") if engine_for("councils").dialect.name == "sqlite" else now,
    )
    return stuck.list_stuck("councils", engine_for("councils"))[0]


def test_a_parked_event_is_listed_with_what_waits_behind_it(suite):
    parked(suite)
    suite.hear("deliberation", "session_postponed.v1", status="waiting")
    suite.hear("deliberation", "session_scheduled.v1", status="waiting", subject="I-2")
    (found,) = stuck.list_stuck("deliberation", engine_for("deliberation"))
    assert (found.id, found.kind, found.behind, found.attempts) == ("deliberation:1", "event", 2, 5)
    assert found.counts


def test_a_retried_event_is_tried_again_from_the_beginning(suite):
    stuck.retry(parked(suite), engine_for("deliberation"))
    assert stuck.list_stuck("deliberation", engine_for("deliberation")) == []
    drain = Drain()
    drain.books["deliberation"].read_inbox()
    assert drain.books["deliberation"].unsettled == {"waiting": 2}


def test_a_dropped_event_needs_a_reason_and_frees_what_waits_behind_it(suite):
    found = parked(suite)
    with pytest.raises(BadRequest):
        stuck.drop(found, engine_for("deliberation"), reason=" ", by="wang")
    stuck.drop(found, engine_for("deliberation"), reason="a test order", by="wang")
    drain = Drain()
    drain.books["deliberation"].read_inbox()
    assert drain.books["deliberation"].under_way == 1
    forget(suite, "deliberation")  # by a clock a month ahead of NOW, and it was given up only today
    assert records.column("deliberation", "SELECT status FROM inbox ORDER BY position")[0] == "dropped"


def test_a_parked_timer_can_be_retried_and_dropped(suite):
    found, engine = park_timer(suite), engine_for("councils")
    assert (found.id, found.error) == ("councils:plan:I-1", "boom")
    stuck.retry(found, engine)
    assert stuck.list_stuck("councils", engine) == []
    suite.run("councils", "DELETE FROM timers")
    stuck.drop(park_timer(suite), engine, reason="the issue is closed", by="wang")
    assert stuck.list_stuck("councils", engine) == []
    backlog = read_backlog("councils")
    assert backlog is not None
    assert backlog.parked == 0  # and so status is well again


def set_aside(suite):
    suite.say("dispatch", "task_assigned.v1", sent=False)
    suite.run("dispatch", "UPDATE outbox SET set_aside_at = created_at, error = 'too large'")
    suite.say("dispatch", "task_done.v1", sent=False)
    return stuck.list_stuck("dispatch", engine_for("dispatch"))[0]


def test_an_event_that_the_broker_would_not_take_is_listed_with_what_waits_behind_it(suite):
    found = set_aside(suite)
    assert (found.id, found.kind, found.type) == ("dispatch:unsent-1", "unsent event", "task_assigned.v1")
    assert (found.error, found.behind, found.counts) == ("too large", 1, True)
    assert read_backlog("dispatch").parked == 1


def test_an_event_that_the_broker_would_not_take_is_sent_again_after_retry(suite):
    stuck.retry(set_aside(suite), engine_for("dispatch"))
    assert stuck.list_stuck("dispatch", engine_for("dispatch")) == []
    assert (read_backlog("dispatch").parked, read_backlog("dispatch").unsent) == (0, 2)


def test_all_events_of_a_type_that_the_broker_would_not_take_are_sent_again(suite):
    set_aside(suite)
    assert stuck.retry_all(engine_for("dispatch"), "task_done.v1") == 0
    assert stuck.retry_all(engine_for("dispatch"), "task_assigned.v1") == 1


def test_an_event_that_the_broker_would_not_take_is_given_up_on_record_and_nobody_waits_to_hear_it(suite):
    stuck.drop(set_aside(suite), engine_for("dispatch"), reason="told by phone", by="wang")
    assert stuck.list_stuck("dispatch", engine_for("dispatch")) == []
    assert read_backlog("dispatch").unsent == 1
    drain = Drain()
    drain.books["dispatch"].read_outbox()
    assert drain.books["dispatch"].said == {"task_done.v1": 1}
    errors = records.column("dispatch", "SELECT error FROM outbox WHERE set_aside_at IS NOT NULL")
    assert errors == ["dropped by wang: told by phone; too large"]


def test_what_is_given_up_while_a_program_counts_is_waited_for_no_more(suite):
    found, drain = set_aside(suite), Drain()
    drain.books["dispatch"].read_outbox()
    assert drain.books["dispatch"].said == {"task_assigned.v1": 1, "task_done.v1": 1}
    assert "dispatch: the broker would not take 1 events; see stuck list" in drain.troubles(0)
    stuck.drop(found, engine_for("dispatch"), reason="told by phone", by="wang")
    drain.books["dispatch"].read_outbox()
    assert +drain.books["dispatch"].said == {"task_done.v1": 1}


def test_status_says_which_event_keeps_the_log_back_and_only_where_something_is_old_enough(suite):
    set_aside(suite)
    assert read_backlog("dispatch").holds_log is None
    suite.say("dispatch", "task_done.v1")  # sent at NOW, which is long ago
    assert read_backlog("dispatch").holds_log == 1
    assert "is held back by dispatch:unsent-1;" in CliRunner().invoke(status, obj={}).output
    stuck.drop(stuck.list_stuck("dispatch", engine_for("dispatch"))[0], engine_for("dispatch"), reason="x", by="wang")
    assert read_backlog("dispatch").holds_log is None


def test_what_only_newer_code_can_read_is_seen_in_status_and_holds_up_no_program_that_counts(suite):
    suite.hear("dispatch", "issue_raised.v9", status="unknown")
    suite.hear("dispatch", "issue_raised.v1", status="waiting")
    assert read_backlog("dispatch").unknown == 1
    seen = CliRunner().invoke(status).output
    assert "dispatch waits for newer code to read 1 events; see ./gongshang stuck list" in seen
    drain = Drain()
    drain.books["dispatch"].read_inbox()
    assert drain.books["dispatch"].under_way == 0


def test_timers_that_nobody_fires_are_seen_in_status(suite):
    park_timer(suite)
    suite.run("councils", "UPDATE timers SET parked_at = NULL")
    assert read_backlog("councils").late == 0
    suite.run("councils", "UPDATE timers SET due_at = '2026-03-02 09:00:00+00:00'")
    assert "councils is behind: 1 timers have been due for more than a minute" in CliRunner().invoke(status).output


def test_what_is_not_stuck_is_not_found(suite):
    with pytest.raises(NotFound):
        stuck.find_stuck("dispatch:9", engine_for("dispatch"))


def test_the_command_lists_shows_drops_and_refuses_in_words(suite):
    parked(suite)
    listed = CliRunner().invoke(command, ["list"])
    assert listed.exit_code == 1
    assert "deliberation:1" in listed.stdout
    assert '"behind": 1' in CliRunner().invoke(command, ["show", "deliberation:1", "--json"]).stdout
    assert CliRunner().invoke(command, ["drop", "deliberation:1"]).exit_code == 2
    assert "Nothing that is stuck is called dispatch:7" in CliRunner().invoke(command, ["retry", "dispatch:7"]).output
    assert CliRunner().invoke(command, ["drop", "deliberation:1", "--reason", "a test order"]).exit_code == 0
    assert CliRunner().invoke(command, ["list"]).exit_code == 0


SAID = {
    "id": "m-1",
    "type": "complaint_filed.v1",
    "data": {
        "order_no": "A1",
        "content": "楼上王大明每晚唱歌",
        "caller": {"ref": "w-1", "name": "王大明", "phone": "13900001111", "id_no": "110105198001011234"},
        "citizen_id": "11010519800101123X",
        "place": {"unit_codes": ["110105015033"], "address": "3号楼"},
        "打电话给王大明": 13900001111,
    },
}


def unreadable(suite, body):
    with transaction(engine_for("intake"), Store) as work:
        headers = {"reason": "contract_broken", "fields": "{}", "type": "complaint_filed.v1"}
        work.outbox.add_raw(queue="intake.dead", body=body, headers=headers, event_id="broken:1", at=NOW)


def test_a_message_is_shown_without_the_words_in_it_unless_a_reason_is_given(suite):
    unreadable(suite, json.dumps(SAID, ensure_ascii=False).encode())
    shown = CliRunner().invoke(command, ["show", "intake:dead-1"]).stdout
    for word in ("王大明", "唱歌", "13900001111", "w-1", "3号楼", "110105198001011234", "11010519800101123X"):
        assert word not in shown
    for code in ('"A1"', '"m-1"', '"110105015033"', '"content": "*** (9 signs)"'):
        assert code in shown
    plain = CliRunner().invoke(command, ["show", "intake:dead-1", "--plain", "the sender asks"])
    assert "楼上王大明每晚唱歌" in plain.stdout
    assert CliRunner().invoke(command, ["show", "intake:dead-1", "--plain", " "]).exit_code == 2


@pytest.mark.parametrize("body", [b"\xd0\xc2\xbd\xa8", "王大明".encode(), b'"\xe7\x8e\x8b"', b"[]"])
def test_bytes_that_are_no_message_are_shown_as_how_many_they_are(suite, body):
    unreadable(suite, body)
    shown = CliRunner().invoke(command, ["show", "intake:dead-1"])
    assert shown.exit_code == 0
    assert "王" not in shown.stdout


def test_all_that_is_stuck_is_tried_again_at_once_or_all_of_one_type(suite):
    for number in range(3):
        suite.hear("deliberation", "session_moved_up.v1", status="parked", subject=f"I-{number}")
    suite.hear("dispatch", "issue_raised.v1", status="parked")
    park_timer(suite)

    asked = ["retry", "--type", "session_moved_up.v1", "--all"]
    assert "3 retried." in CliRunner().invoke(command, asked).output
    assert stuck.list_stuck("deliberation", engine_for("deliberation")) == []
    assert '"retried": 2' in CliRunner().invoke(command, ["retry", "--all", "--json"]).stdout
    assert CliRunner().invoke(command, ["list"]).exit_code == 0


def test_a_list_says_where_the_whole_of_a_long_error_is(suite):
    parked(suite)
    listed = CliRunner().invoke(command, ["list"]).output
    suite.run("deliberation", "UPDATE inbox SET error = :error WHERE status = 'parked'", error="no hall " * 20)
    cut = CliRunner().invoke(command, ["list"]).output
    assert "stuck show" not in listed
    assert "no hall…\n" in cut
    assert "The whole of an error, and what to do: ./gongshang stuck show deliberation:1" in cut


@pytest.mark.parametrize("asked", [[], ["--type", "issue_raised.v1"], ["dispatch:1", "--all"]])
def test_a_retry_says_which_one_or_all(suite, asked):
    refused = CliRunner().invoke(command, ["retry", *asked])
    assert (refused.exit_code, "Name one by its ID, or say --all" in refused.output) == (2, True)


def test_what_was_settled_meanwhile_is_left_alone(suite):
    found, engine = parked(suite), engine_for("deliberation")
    suite.run("deliberation", "UPDATE inbox SET status = 'handled' WHERE status = 'parked'")
    for change in (stuck.retry, lambda *one: stuck.drop(*one, reason="a test order", by="wang")):
        with pytest.raises(NotFound):
            change(found, engine)
    drain = Drain()
    drain.books["deliberation"].read_inbox()
    assert drain.books["deliberation"].unsettled == {"waiting": 1}
