"""What becomes of events, batch by batch, without a broker: done once, kept, tried again, parked, put aside."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text, update
from structlog.testing import capture_logs

from shared import metrics
from shared.bus.inbox.handling import EventHandling
from shared.bus.inbox.reading import Delivery, read
from shared.bus.moment import Moments
from shared.bus.stuck import list_stuck
from shared.bus.work import reading as looking
from shared.bus.work import transaction
from shared.clock import RealClock
from shared.contracts.envelope import CONTENT_TYPE, Envelope, encode
from shared.sealing import is_sealed, opened
from tests.bus import toy
from tests.bus.conftest import Toy, body_of
from tests.fakes import POLICIES

LISTENED = {"session_scheduled.v1", "session_postponed.v1", "session_moved_up.v1"}
inbox, outbox = toy.bus.inbox, toy.bus.outbox


@pytest.fixture
def one(database):
    one = Toy(toy.make_database(), "")
    yield one
    one.engine.dispose()


@pytest.fixture
def begin(one):
    def begin(*, reads=False, cause=None):
        return looking(one.engine, toy.ToyStore) if reads else transaction(one.engine, toy.ToyStore, cause=cause)

    return begin


@pytest.fixture
def handling(begin, monkeypatch, tmp_path):
    monkeypatch.setenv("TOY_MENDED", str(tmp_path / "mended"))
    return handling_of(begin)


def handling_of(begin):
    handlers = {"session_scheduled.v1": toy.ToyService.open, "session_postponed.v1": toy.ToyService.remember}
    return EventHandling("deliberation", begin, toy.ToyService, handlers, Moments(RealClock()))


def received(event, event_id="", body=None, content_type="application/cloudevents+json"):
    return read(Delivery(1, 1, body or body_of(event, event_id), content_type, "m-1", "", {}), LISTENED)


def statuses(one):
    return one.column(inbox.c.status)


def make_due(one):
    with one.engine.begin() as connection:
        connection.execute(update(inbox).values(next_attempt_at=datetime.now(UTC) - timedelta(seconds=1)))


def test_an_event_has_its_effect_and_is_remembered_without_its_content(one, handling):
    handling.handle([received(toy.scheduled("S1"))])
    assert (one.opened(), statuses(one), one.column(inbox.c.body)) == (1, ["handled"], [None])
    assert one.column(outbox.c.routing_key) == ["session_opened.v1"]


def test_what_comes_twice_in_one_batch_or_later_is_done_once(one, handling):
    event = toy.scheduled("S1")
    handling.handle([received(event, "e1"), received(event, "e1")])
    handling.handle([received(event, "e1")])
    assert (one.opened(), one.count(outbox), one.count(inbox)) == (1, 1, 1)


def test_a_failing_event_waits_with_its_error_and_the_others_pass(one, handling):
    handling.handle([received(toy.scheduled("S1", "I-1", toy.FAILING)), received(toy.scheduled("S2", "I-2"))])
    assert sorted(statuses(one)) == ["handled", "waiting"]
    assert one.column(inbox.c.error, inbox.c.status == "waiting") == ["ValueError: this one can't be handled"]
    assert one.column(toy.opened.c.session_id) == ["S2"]


def quote(_service, event, _work, _at):
    raise ValueError(f"a title can't be {event.title}")


def test_what_an_error_quotes_of_an_event_is_neither_kept_nor_logged_however_often_it_fails(one, begin):
    handling = EventHandling(
        "deliberation", begin, toy.ToyService, {"session_scheduled.v1": quote}, Moments(RealClock())
    )
    with capture_logs() as lines:
        handling.handle([received(toy.scheduled("S1", "I-1", "张翠花家漏水")), received(toy.scheduled("S2", "I-2"))])
        for _ in range(5):
            make_due(one)
            handling.try_due()
            assert "can't be *** (tests/bus/test_handling.py:" in one.column(inbox.c.error)[0]
    said = [str(line.get("error")) for line in lines]
    assert statuses(one) == ["parked"] * 2
    assert any(one.startswith("ValueError: a title can't be ***") for one in said)
    assert "翠花" not in "".join(said)
    assert "翠花" not in "".join(found.error for found in list_stuck("deliberation", one.engine))


def test_later_events_of_a_failing_subject_wait_behind_it_in_their_order(one, handling, tmp_path):
    handling.handle([received(toy.scheduled("S1", "I-1", toy.FAILING))])
    handling.handle([received(toy.scheduled("S2", "I-1")), received(toy.scheduled("S3", "I-1"))])
    assert statuses(one) == ["waiting"] * 3
    (tmp_path / "mended").touch()
    make_due(one)
    handling.try_due()
    assert one.column(toy.opened.c.session_id) == ["S1", "S2", "S3"]
    assert statuses(one) == ["handled"] * 3


def test_a_failing_event_is_tried_again_after_the_policys_waits(one, handling):
    inbox_policy, before = POLICIES.at(datetime.now(UTC)).inbox, datetime.now(UTC)
    handling.handle([received(toy.scheduled("S1", "I-1", toy.FAILING))])
    for attempts in range(1, inbox_policy.max_attempts):
        (due_at,), wait = one.column(inbox.c.next_attempt_at), inbox_policy.backoff[attempts - 1]
        assert one.column(inbox.c.attempts) == [attempts]
        assert before + wait <= due_at <= datetime.now(UTC) + wait
        make_due(one)
        before = datetime.now(UTC)
        handling.try_due()
    assert statuses(one) == ["parked"]


def test_what_fails_here_while_another_copy_does_it_is_not_kept(one, handling, begin, tmp_path):
    event, begun = received(toy.scheduled("S1", "I-1", toy.FAILING), "e1"), []

    def begin_late(**asked):
        begun.append(asked)
        if len(begun) == 2:  # it failed here, and now it is to be kept
            (tmp_path / "mended").touch()
            handling.handle([event])
        return begin(**asked)

    handling_of(begin_late).handle([event])
    assert (len(begun), one.opened(), statuses(one)) == (2, 1, ["handled"])


def test_an_event_that_never_succeeds_is_parked_after_the_policys_attempts(one, handling):
    handling.handle([received(toy.scheduled("S1", "I-1", toy.FAILING))])
    for _ in range(10):
        make_due(one)
        handling.try_due()
    assert (statuses(one), one.column(inbox.c.attempts)) == (["parked"], [5])
    handling.handle([received(toy.scheduled("S2", "I-1"))])
    assert statuses(one) == ["parked", "waiting"]
    make_due(one)
    handling.try_due()
    assert statuses(one) == ["parked", "waiting"]


def test_an_early_event_lets_its_subject_pass_and_is_done_right_after_what_it_waited_for(one, handling):
    handling.handle([received(toy.scheduled("S2", "I-1", toy.EARLY))])
    assert statuses(one) == ["early"]
    handling.handle([received(toy.scheduled("S1", "I-1"))])
    assert one.column(toy.opened.c.session_id) == ["S1", "S2"]
    assert statuses(one) == ["handled"] * 2


@pytest.mark.parametrize("title", [toy.EARLY, toy.FAILING])
def test_after_a_quiet_time_too_what_is_kept_is_tried_again(one, handling, begin, tmp_path, title):
    handling.try_due()
    handling.handle([received(toy.scheduled("S2", "I-1", title))])
    (tmp_path / "mended").touch()
    with begin() as work:
        work.openings.add(toy.Opening("S1", "I-1"))  # by a call, of which no event tells
    make_due(one)
    handling.try_due()
    assert statuses(one) == ["handled"]


def test_a_type_that_a_sender_made_up_becomes_no_label(one, handling):
    before = metrics.EVENTS_IN.labels("deliberation", metrics.OTHER)._value.get()
    body = body_of(toy.scheduled("S1")).replace(b"session_scheduled.v1", b"made_up_7.v1")
    handling.handle([read(Delivery(1, 1, body, CONTENT_TYPE, "m1", "made_up_7.v1", {}), LISTENED)])
    assert metrics.EVENTS_IN.labels("deliberation", metrics.OTHER)._value.get() == before + 1


def test_what_was_handled_is_counted_and_nothing_that_is_early_is_stuck(one, handling):
    handled = metrics.EVENTS_IN.labels("deliberation", "session_scheduled.v1")
    before = handled._value.get()
    handling.handle([received(toy.scheduled("S1", "I-1", toy.EARLY)), received(toy.scheduled("S2", "I-2"))])
    handling.try_due()
    assert handled._value.get() == before + 2
    assert metrics.STUCK_EVENTS.labels("deliberation")._value.get() == 0


def test_of_a_message_nobody_can_read_no_more_is_kept_than_the_table_takes():
    def sent(name, subject):
        now = datetime.now(UTC)
        return encode(Envelope(id="e1", type=name, source="councils", subject=subject, time=now, content={}))

    unread = received(None, body=sent("t" * 101, "s" * 200))
    assert (unread.wire_type, unread.subject) == ("t" * 100, "s" * 200)
    assert received(None, body=sent("t", "s" * 201)).fault.reason == "undecodable"


@pytest.mark.parametrize(
    ("name", "body", "content_type", "reason"),
    [
        ("bytes that are no text", b"\xff\xfe\x00", "application/cloudevents+json", "undecodable"),
        ("a wrong content type", b"{}", "text/plain", "undecodable"),
        ("no content type", b"{}", None, "undecodable"),
        ("a JSON list", b"[]", "application/json", "undecodable"),
        (
            "an unknown type",
            body_of(toy.scheduled("S1")).replace(b"scheduled.v1", b"unheard_of.v1"),
            "application/json",
            "unknown_type",
        ),
        (
            "a missing field",
            body_of(toy.scheduled("S1")).replace(b'"title"', b'"tilte"'),
            "application/json",
            "contract_broken",
        ),
    ],
)
def test_a_message_nobody_can_read_goes_to_the_dead_queue_with_the_reason(
    one, handling, name, body, content_type, reason
):
    handling.handle([received(None, body=body, content_type=content_type), received(toy.scheduled("S9"))])
    handling.handle([received(None, body=body, content_type=content_type)])
    assert one.opened() == 1, f"{name} must not hold up the others"
    (kept,) = one.column(outbox.c.body, outbox.c.routing_key == "deliberation.dead")
    assert (is_sealed(kept), opened(kept)) == (True, body)
    assert [headers["reason"] for headers in one.column(outbox.c.headers, outbox.c.exchange == "")] == [reason]


@pytest.mark.parametrize("title", [toy.FAILING, toy.EARLY])
def test_the_words_of_an_event_that_is_kept_are_sealed_in_the_table_and_plain_to_who_tries_it_again(
    one, handling, tmp_path, title
):
    sent = body_of(toy.scheduled("S1", "I-1", title))
    handling.handle([received(None, body=sent)])
    with one.engine.connect() as connection:
        in_the_table = bytes(connection.scalar(text("SELECT body FROM inbox")))
    assert title.encode() not in in_the_table
    assert one.column(inbox.c.body) == [sent]
    (tmp_path / "mended").touch()
    handling.handle([received(toy.scheduled("S2", "I-1"))])
    make_due(one)
    handling.try_due()
    assert one.column(toy.opened.c.session_id) == ["S1", "S2"] or title == toy.EARLY
    assert statuses(one) == ["handled"] * 2


def test_a_message_nobody_can_read_is_listed_as_stuck_with_its_reason(one, handling):
    handling.handle([received(None, body=b"{}", content_type="text/plain")])
    (found,) = list_stuck("deliberation", one.engine)
    assert (found.kind, found.error.partition(":")[0], found.body) == ("message", "undecodable", b"{}")


def test_the_cause_of_an_event_travels_on_with_what_follows(one, handling):
    delivery = Delivery(
        1,
        1,
        body_of(toy.scheduled("S1")),
        "application/json",
        "",
        "",
        {"correlation_id": "c-7", "traceparent": "00-a-b-01"},
    )
    handling.handle([read(delivery, LISTENED)])
    headers = one.column(outbox.c.headers)[0]
    assert SimpleNamespace(**{key: headers[key] for key in ("correlation_id", "traceparent")}) == SimpleNamespace(
        correlation_id="c-7", traceparent="00-a-b-01"
    )
    assert headers["street.110105001"] == "yes"


def test_a_message_from_outside_is_a_line_in_the_log_with_the_id_that_follows_it_and_ours_are_none(one, handling):
    ours, event = received(toy.scheduled("S1", "I-1"), "e1"), received(toy.scheduled("S2", "I-2"), "e2")
    with capture_logs() as lines:
        handling.handle([ours, replace(event, event=from_outside(event.event))])
    taken = [line for line in lines if line["event"] == "message_taken_in"]
    assert [(line["subject"], line["correlation_id"]) for line in taken] == [("I-2", event.cause.correlation_id)]


def from_outside(event):
    outsider = type("Outsider", (type(event),), {"publisher": "hotline"})
    return outsider(**vars(event))
