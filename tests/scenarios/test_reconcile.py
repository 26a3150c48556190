"""The comparison of sets finds what is lost, what is doubled, and nothing else."""

from importlib import import_module

import pytest
from sqlalchemy import JSON, Boolean, DateTime, Integer, LargeBinary

from services.cli.proof.reconcile import reconcile
from shared.bus import stuck
from shared.storage.engine import engine_for
from tests.scenarios.conftest import forget

COLUMNS = {
    "request_kind": "complaint",
    "sla_class": "general",
    "dispatch_kind": "direct",
    "category": "noise",
    "unit_code": "110105017003",
    "origin_unit": "110105017003",
    "title": "a title",
    "route": "handle",
    "state": "open",
}
NOW = "2026-03-02 09:00:00+00:00"


def insert(suite, service, table, **values):
    """A row with these values, and in whatever else it must have the common ones, or nothing."""
    columns = import_module(f"services.{service}.storage.tables").metadata.tables[table].columns
    needed = [one for one in columns if not one.nullable and one.name not in values]
    row = {one.name: COLUMNS.get(one.name, nothing(one)) for one in needed} | values
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    suite.run(service, f"INSERT INTO {table} ({names}) VALUES ({marks})", **row)


def nothing(column):
    """As empty as a column of its type may be."""
    kinds = {Boolean: False, Integer: 0, LargeBinary: b"", DateTime: NOW, JSON: "[]"}
    stored = getattr(column.type, "impl_instance", column.type)
    return next((empty for kind, empty in kinds.items() if isinstance(stored, kind)), "")


def add_order(suite, order_no, issue_id):
    """An order that is linked to its issue, in all the places where it must be."""
    insert(suite, "intake", "complaints", order_no=order_no, issue_id=issue_id, state="linked", linked_at=NOW)
    suite.tell_all("intake", "complaint_accepted.v1", {"order_no": order_no})
    add_survey(suite, order_no, issue_id)


def add_survey(suite, order_no, issue_id):
    insert(suite, "evaluation", "surveys", order_no=order_no, issue_id=issue_id, state="waiting", asker="own")


def add_issue(suite, issue_id, first_order_no="A1"):
    insert(suite, "intake", "issues", id=issue_id, first_order_no=first_order_no, publicity="public")
    add_case(suite, issue_id)
    add_listing(suite, issue_id)


def add_case(suite, issue_id):
    insert(suite, "supervision", "cases", issue_id=issue_id, order_no="A1", publicity="public", origin="orders")


def add_listing(suite, issue_id):
    """A task in dispatch, which is a place where an issue is worked on."""
    insert(suite, "dispatch", "issues", id=issue_id)
    task = {"id": f"{issue_id}/T1", "issue_id": issue_id, "number": 1, "origin": "complaint", "state": "assigned"}
    insert(suite, "dispatch", "tasks", **task)


@pytest.fixture
def sent(suite):
    """Two orders of one issue, and a refused one: everything in its place."""
    add_issue(suite, "I-A1")
    for order_no in ("A1", "A2"):
        add_order(suite, order_no, "I-A1")
    insert(
        suite,
        "intake",
        "rejections",
        id="r1",
        order_no="A3",
        message_id="m3",
        reason="contract_broken",
        fields="{}",
        rejected_at=NOW,
    )
    suite.say("intake", "complaint_rejected.v1", {"order_no": "A3"})
    suite.tell_all("intake", "issue_raised.v1")
    return {"m1": "A1", "m2": "A2", "m3": "A3"}


def test_everything_in_its_place_is_whole(suite, sent):
    assert reconcile(sent).lines() == []


def test_an_order_that_is_nowhere_is_missed_by_name(suite, sent):
    result = reconcile(sent | {"m4": "A4"})
    assert result.differences["orders sent, and orders kept or refused: missing"] == ["A4"]
    assert result.differences["orders sent, and fates told: missing"] == ["A4"]


def test_a_message_in_two_places_is_found(suite, sent):
    insert(
        suite,
        "intake",
        "rejections",
        id="r2",
        order_no="A1",
        message_id="m1",
        reason="contract_broken",
        fields="{}",
        rejected_at=NOW,
    )
    assert reconcile(sent).differences == {"orders sent, and orders kept or refused: too many": ["A1"]}


def test_an_order_that_was_told_two_fates_is_found(suite, sent):
    suite.say("intake", "complaint_answered.v1", {"order_no": "A1", "answered_by": "hotline"})
    assert reconcile(sent).differences == {"orders sent, and fates told: too many": ["A1"]}


def test_an_event_that_a_listener_lost_is_found_by_its_id(suite, sent):
    event_id = suite.tell_all("intake", "issue_raised.v1", but=["supervision"])
    assert reconcile(sent).differences == {"supervision heard issue_raised.v1 of intake: missing": [event_id]}


def test_an_event_that_an_operator_gave_up_is_named_with_who_and_why_and_called_lost_by_nobody(suite, sent):
    dispatch, intake = engine_for("dispatch"), engine_for("intake")
    unsent = suite.say("intake", "issue_raised.v1", sent=False)
    suite.run("intake", "UPDATE outbox SET set_aside_at = created_at, error = 'too large' WHERE sent_at IS NULL")
    unhandled = suite.tell_all("intake", "issue_raised.v1")
    suite.run("dispatch", f"UPDATE inbox SET status = 'parked', error = 'boom' WHERE event_id = '{unhandled}'")
    for service, engine in (("intake", intake), ("dispatch", dispatch)):
        (found,) = stuck.list_stuck(service, engine)
        stuck.drop(found, engine, reason="told by phone", by="wang")
    result = reconcile(sent)
    assert result.lines() == []
    assert result.dropped == [
        f"intake: issue_raised.v1 {unsent} was dropped by wang: told by phone; too large",
        f"dispatch: issue_raised.v1 {unhandled} was dropped by wang: told by phone; boom",
    ]


def test_an_event_that_nobody_said_is_found(suite, sent):
    suite.hear("dispatch", "issue_raised.v1", "stray")
    assert reconcile(sent).differences == {"dispatch heard issue_raised.v1 of intake: too many": ["stray"]}


@pytest.mark.parametrize(
    ("service", "table", "what"),
    [
        ("supervision", "cases", "issues, and cases: missing"),
        ("dispatch", "tasks", "issues with a task or a listing: missing"),
        ("intake", "issues", "issues of linked orders: missing"),
    ],
)
def test_an_issue_that_lacks_a_part_is_found(suite, sent, service, table, what):
    suite.run(service, f"DELETE FROM {table}")
    assert reconcile(sent).differences[what] == ["I-A1"]


def test_only_an_issue_that_began_without_orders_may_be_without_any(suite, sent):
    add_issue(suite, "I-deputy-1", first_order_no="")
    assert reconcile(sent).lines() == []
    add_issue(suite, "I-A9", first_order_no="A9")
    assert reconcile(sent).differences == {"orders of issues: missing": ["I-A9"]}


def test_an_order_without_its_survey_is_found(suite, sent):
    suite.run("evaluation", "DELETE FROM surveys WHERE order_no = 'A2'")
    assert reconcile(sent).differences == {"linked orders, and surveys: missing": ["A2 in I-A1"]}


def test_other_orders_may_be_there_when_only_these_are_compared(suite, sent):
    assert not reconcile({"m1": "A1"}).is_whole
    assert reconcile({"m1": "A1"}, only_these=True).is_whole


def test_what_was_taken_out_by_age_is_neither_missed_nor_too_much(suite, sent):
    forget(suite, "intake", "dispatch")
    suite.tell_all("intake", "issue_raised.v1")
    assert reconcile(sent).lines() == []
    suite.hear("dispatch", "issue_raised.v1", "stray")
    assert reconcile(sent).differences == {"dispatch heard issue_raised.v1 of intake: too many": ["stray"]}


def test_a_request_that_the_hotline_was_not_told_of_and_an_answer_of_its_own_that_is_not_kept_are_missed(suite, sent):
    insert(suite, "intake", "requests", id="A1/Q1", wants="return", state="refused", decided_by="intake", facts="{}")
    found = reconcile(sent, answered={"m9": "A1/Q1: True"}).differences
    assert found["requests to the hotline, and what it was told: missing"] == ["A1/Q1"]
    assert found["answers of the hotline, and answers kept: missing"] == ["A1/Q1: True"]


def test_a_declined_task_without_its_objection_is_missed_unless_its_resolution_is_no_more(suite, sent):
    suite.say("dispatch", "task_declined.v1", {"task_id": "I-A1/T1", "resolution_id": "I-A1/S1/R1"})
    assert reconcile(sent).differences["tasks declined: objections: missing"] == ["I-A1/T1"]

    said = {"resolution_id": "I-A1/S1/R1", "task_id": "I-A1/T1"}
    suite.say("deliberation", "resolution_objected.v1", said)
    assert "tasks declined: objections: missing" not in reconcile(sent).differences


def test_a_poll_that_counts_more_heads_than_were_checked_is_found(suite, sent):
    of = {"issue_id": "I-A1", "session_id": "I-A1/S1"}
    insert(suite, "deliberation", "sessions", id="I-A1/S1", issue_id="I-A1", kind="ordinary", publicity="public")
    insert(suite, "deliberation", "motions", id="I-A1/S1/M1", money="none", **of)
    poll = {"id": "I-A1/S1/M1/P1", "motion_id": "I-A1/S1/M1", "electorate": "households"}
    insert(suite, "deliberation", "polls", **poll, **of)
    insert(suite, "deliberation", "tallies", poll_id=poll["id"], heads=2, outcome="carried")
    found = reconcile(sent).differences
    assert found["papers that count, and heads of polls: missing"] == ["I-A1/S1/M1/P1: 0"]


def test_a_result_about_an_order_is_also_one_of_its_further_matter_and_one_of_that_alone_is_looked_for(suite, sent):
    insert(suite, "intake", "complaints", order_no="A1/2", of_order="A1", state="linked")
    for order_no in ("A1", "A1/2"):
        kept = {"id": f"{order_no}/H1-1", "dispatch_no": 1, "round": 1, "asked_by": "hotline"}
        insert(suite, "evaluation", "callbacks", order_no=order_no, **kept)
    assert not [line for line in reconcile(sent, reported={"m8": "A1/1/1"}).lines() if "callbacks" in line]

    found = reconcile(sent, reported={"m8": "A1/1/1", "m9": "A1/2/1/2"}).differences
    assert found["callbacks reported, and callbacks kept: missing"] == ["A1/2/1/2"]
