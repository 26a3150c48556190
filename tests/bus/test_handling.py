"""What becomes of events, batch by batch, without a broker: done once, kept, tried again, parked, put aside."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import update

from shared.bus.inbox.handling import EventHandling
from shared.bus.inbox.reading import Delivery, read
from shared.bus.moment import Moments
from shared.bus.work import reading as looking
from shared.bus.work import transaction
from shared.clock import RealClock
from tests.bus import toy
from tests.bus.conftest import Toy, body_of

LISTENED = {"session_scheduled.v1", "session_postponed.v1", "session_moved_up.v1"}
inbox, outbox = toy.bus.inbox, toy.bus.outbox


@pytest.fixture
def one(database):
    one = Toy(toy.make_database(), "")
    yield one
    one.engine.dispose()


@pytest.fixture
def handling(one, monkeypatch, tmp_path):
    monkeypatch.setenv("TOY_MENDED", str(tmp_path / "mended"))

    def begin(*, reads=False, cause=None):
        return looking(one.engine, toy.ToyStore) if reads else transaction(one.engine, toy.ToyStore, cause=cause)

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


def test_later_events_of_a_failing_subject_wait_behind_it_in_their_order(one, handling, tmp_path):
    handling.handle([received(toy.scheduled("S1", "I-1", toy.FAILING))])
    handling.handle([received(toy.scheduled("S2", "I-1")), received(toy.scheduled("S3", "I-1"))])
    assert statuses(one) == ["waiting"] * 3
    (tmp_path / "mended").touch()
    make_due(one)
    handling.try_due()
    assert one.column(toy.opened.c.session_id) == ["S1", "S2", "S3"]
    assert statuses(one) == ["handled"] * 3


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


@pytest.mark.parametrize(
    ("name", "body", "content_type", "reason"),
    [
        ("bytes that are no text", b"\xff\xfe\x00", "application/cloudevents+json", "undecodable"),
        ("a wrong content type", b"{}", "text/plain", "undecodable"),
        ("no content type", b"{}", None, "undecodable"),
        ("a JSON list", b"[]", "application/json", "undecodable"),
        (
            "an unknown version",
            body_of(toy.scheduled("S1")).replace(b"scheduled.v1", b"scheduled.v9"),
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
    assert one.column(outbox.c.body, outbox.c.routing_key == "deliberation.dead") == [body]
    assert [headers["reason"] for headers in one.column(outbox.c.headers, outbox.c.exchange == "")] == [reason]


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
