"""Events that are kept: each tried by one copy at a time, in order, by the clock and by what its subject does; many."""

import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import insert, null, update
from sqlalchemy.exc import OperationalError

from shared.bus import stuck
from shared.bus.inbox.handling import EventHandling
from shared.bus.inbox.reading import Delivery, read
from shared.bus.moment import Moments
from shared.bus.work import reading as looking
from shared.bus.work import transaction
from shared.clock import RealClock
from shared.contracts.envelope import CONTENT_TYPE
from shared.sealing import opened
from tests.bus import toy
from tests.bus.conftest import Toy, body_of, wait_until

TYPES = {"session_scheduled.v1": "open", "session_postponed.v1": "remember"}
inbox, outbox = toy.bus.inbox, toy.bus.outbox


@pytest.fixture
def one(database, monkeypatch, tmp_path):
    monkeypatch.setenv("TOY_MENDED", str(tmp_path / "mended"))
    one = Toy(toy.make_database(), "")
    yield one
    one.engine.dispose()


@pytest.fixture
def mend(tmp_path):
    return (tmp_path / "mended").touch


@pytest.fixture
def begin(one):
    def begin(*, reads=False, cause=None):
        return looking(one.engine, toy.ToyStore) if reads else transaction(one.engine, toy.ToyStore, cause=cause)

    return begin


@pytest.fixture
def handling(begin):
    return copy_of(begin)


def copy_of(begin, service=toy.ToyService):
    """A copy of the service, or of one like it."""
    handlers = {wire_type: getattr(service, method) for wire_type, method in TYPES.items()}
    return EventHandling("deliberation", begin, service, handlers, Moments(RealClock()))


def received(event, body=None):
    return read(Delivery(1, 1, body or body_of(event), CONTENT_TYPE, "m-1", "", {}), set(TYPES))


def statuses(one):
    return one.column(inbox.c.status)


def change(one, *conditions, **values):
    with one.engine.begin() as connection:
        connection.execute(update(inbox).where(*conditions).values(**values))


def make_due(one):
    change(one, inbox.c.next_attempt_at.is_not(None), next_attempt_at=datetime.now(UTC) - timedelta(seconds=1))


def a_slower_copy(begin, faster):
    """Whenever it has looked, another copy does all there is before it does anything itself."""

    @contextmanager
    def begin_slowly(*, reads=False, cause=None):
        with begin(reads=reads, cause=cause) as work:
            yield work
        if reads:
            faster.try_due()

    return copy_of(begin_slowly)


def test_what_two_copies_see_as_due_is_done_by_one_of_them(one, handling, begin, mend):
    handling.handle([received(toy.scheduled(f"S{n}", f"I-{n}", toy.FAILING)) for n in range(3)])
    mend()
    make_due(one)
    a_slower_copy(begin, handling).try_due()
    handling.try_due()
    assert (one.opened(), statuses(one), one.column(inbox.c.error)) == (3, ["handled"] * 3, [None] * 3)


def test_what_fails_for_two_copies_at_once_fails_once(one, handling, begin):
    handling.handle([received(toy.scheduled("S1", "I-1", toy.FAILING))])
    make_due(one)
    a_slower_copy(begin, handling).try_due()
    assert one.column(inbox.c.attempts) == [2]


def test_two_copies_of_a_service_do_what_is_kept_once(resting_toy, tmp_path):
    mended = tmp_path / "mended"
    resting_toy.environment["TOY_MENDED"] = str(mended)
    other = Toy(resting_toy.engine, resting_toy.uri)
    other.environment = resting_toy.environment
    resting_toy.publish(*(toy.scheduled(f"S{n}", f"I-{n % 40}", toy.FAILING) for n in range(80)))
    resting_toy.start()
    other.start()
    try:
        wait_until(lambda: resting_toy.count(inbox, inbox.c.status == "waiting") == 80, "all are kept")
        mended.touch()
        wait_until(lambda: resting_toy.is_idle(80), "all are done", 60)
        assert resting_toy.column(inbox.c.status) == ["handled"] * 80
        assert (resting_toy.process.poll(), other.process.poll()) == (None, None)
    finally:
        other.kill()


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("no content", {"body": None}),
        ("bytes that are no event", {"body": b"\xff\x00"}),
        ("headers that are no table", {"headers": [1]}),
        ("another type than it was", {"body": body_of(toy.scheduled("S9")).replace(b"scheduled.v1", b"scheduled.v9")}),
    ],
)
def test_what_lies_broken_in_the_inbox_is_parked_and_stops_no_other(one, handling, mend, name, broken):
    handling.handle([received(toy.scheduled(f"S{n}", f"I-{n}", toy.FAILING)) for n in range(3)])
    change(one, inbox.c.position == 2, **broken)
    mend()
    make_due(one)
    handling.try_due()
    assert statuses(one) == ["handled", "parked", "handled"], name
    (found,) = stuck.list_stuck("deliberation", one.engine)
    assert (found.id, found.error.partition(":")[0]) == ("deliberation:2", "Unreadable")


def test_an_unknown_status_ends_nothing_and_is_seen(one, handling):
    handling.handle([received(toy.scheduled("S1", "I-1", toy.FAILING))])
    change(one, status="confused")
    handling.try_due()
    handling.handle([received(toy.scheduled("S2", "I-2"))])
    assert statuses(one) == ["confused", "handled"]
    assert [found.id for found in stuck.list_stuck("deliberation", one.engine)] == ["deliberation:1"]


def test_an_early_event_does_not_fail_however_often_its_subject_moves(one, handling):
    handling.handle([received(toy.scheduled("S1", "I-1", toy.EARLY))])
    for _ in range(20):
        handling.handle([received(toy.postponed("P", "I-1"))])
    handling.try_due()
    make_due(one)
    handling.try_due()
    assert statuses(one) == ["early"] + ["handled"] * 20


def test_what_stayed_early_too_long_is_parked_and_holds_up_nobody(one, handling):
    keep_early_too_long(one, handling)
    assert statuses(one) == ["parked"]
    handling.handle([received(toy.scheduled("S2", "I-1"))])
    assert statuses(one) == ["parked", "handled"]


def test_what_was_parked_as_early_is_early_again_when_it_is_retried(one, handling):
    keep_early_too_long(one, handling)
    (found,) = stuck.list_stuck("deliberation", one.engine)
    stuck.retry(found, one.engine)
    handling.try_due()
    assert statuses(one) == ["early"]
    handling.handle([received(toy.scheduled("S2", "I-1"))])
    assert one.column(toy.opened.c.session_id) == ["S2", "S1"]


def keep_early_too_long(one, handling):
    handling.handle([received(toy.scheduled("S1", "I-1", toy.EARLY))])
    change(one, lets_pass_since=datetime.now(UTC) - timedelta(hours=24))
    handling.try_due()


def test_what_is_early_when_its_turn_comes_lets_those_behind_it_pass(one, handling, mend):
    handling.handle([received(toy.scheduled("S1", "I-2", toy.FAILING))])
    change(one, subject="I-1")  # a failing event of another matter stood in its way
    handling.handle([received(toy.scheduled("S2", "I-1", toy.EARLY)), received(toy.scheduled("S3", "I-1"))])
    assert statuses(one) == ["waiting"] * 3
    mend()
    make_due(one)
    handling.try_due()
    assert one.column(toy.opened.c.session_id) == ["S1", "S3", "S2"]


def test_an_early_event_that_fails_holds_up_what_comes_after_it(one, handling):
    handling.handle([received(toy.scheduled("S1", "I-1", toy.EARLY))])
    change(one, body=body_of(toy.scheduled("S1", "I-1", toy.FAILING)))
    handling.handle([received(toy.scheduled("S2", "I-1"))])
    handling.handle([received(toy.scheduled("S3", "I-1"))])
    assert statuses(one) == ["waiting", "handled", "waiting"]


def test_a_copy_that_takes_over_knows_what_the_one_before_it_kept(one, begin, mend):
    active, standby = copy_of(begin), copy_of(begin)
    standby.try_due()
    active.handle([received(toy.scheduled("S1", "I-1", toy.FAILING))])
    standby.handle([received(toy.scheduled("S2", "I-1"))])
    assert statuses(one) == ["waiting"] * 2
    mend()
    make_due(one)
    standby.try_due()
    assert one.column(toy.opened.c.session_id) == ["S1", "S2"]


def test_a_copy_without_news_takes_up_what_the_one_before_it_kept(one, begin, mend):
    active, standby = copy_of(begin), copy_of(begin)
    standby.try_due()
    active.handle([received(toy.scheduled("S1", "I-1", toy.FAILING))])
    mend()
    make_due(one)

    def is_done():
        standby.try_due()
        return statuses(one) == ["handled"]

    wait_until(is_done, "it asked again what there is", 10)


def test_what_came_in_while_the_one_before_it_was_settled_is_not_forgotten(one, handling, begin):
    handling.handle([received(toy.scheduled("S1", "I-1", toy.FAILING)), received(toy.scheduled("S2", "I-1"))])
    change(one, inbox.c.position == 1, status="handled", next_attempt_at=None)
    copy_of(begin).try_due()
    assert statuses(one) == ["handled"] * 2


class Unrefusable(toy.ToyService):
    """Can't say why it refuses, until it is mended."""

    is_mended = False

    def refuse(self, fault, work, at):
        if not Unrefusable.is_mended:
            raise ValueError("this refusal can't be written")


def test_a_refusal_that_cant_be_written_holds_up_nobody_and_is_made_later(one, begin, monkeypatch):
    handling = copy_of(begin, Unrefusable)
    broken = body_of(toy.scheduled("S1", "I-1")).replace(b'"title"', b'"tilte"')
    handling.handle([received(None, broken), received(toy.scheduled("S1", "I-1"))])
    handling.handle([received(toy.scheduled("S2", "I-1"))])
    assert (statuses(one), one.opened()) == (["waiting", "handled", "handled"], 2)
    monkeypatch.setattr(Unrefusable, "is_mended", True)
    make_due(one)
    handling.try_due()
    assert statuses(one) == ["handled"] * 3
    (kept,) = one.column(outbox.c.body, outbox.c.routing_key == "deliberation.dead")
    assert opened(kept) == broken


def test_a_refusal_that_never_can_be_written_is_parked_and_holds_up_nobody(one, begin):
    handling = copy_of(begin, Unrefusable)
    handling.handle([received(None, body_of(toy.scheduled("S1", "I-1")).replace(b'"title"', b'"tilte"'))])
    for _ in range(5):
        make_due(one)
        handling.try_due()
    handling.handle([received(toy.scheduled("S1", "I-1"))])
    assert statuses(one) == ["parked", "handled"]
    (found,) = stuck.list_stuck("deliberation", one.engine)
    stuck.retry(found, one.engine)
    handling.try_due()
    handling.handle([received(toy.scheduled("S2", "I-1"))])
    assert statuses(one) == ["waiting", "handled", "handled"]


def test_kept_events_of_many_subjects_are_tried_together(one, begin, mend):
    begun = []

    def counted(**asked):
        begun.append(asked)
        return begin(**asked)

    handling = copy_of(counted)
    kept = [(f"I-{n}", body_of(toy.scheduled(f"S{n}", f"I-{n}"))) for n in range(100)]
    keep(one, kept, next_attempt_at=datetime.now(UTC))
    handling.try_due()
    assert statuses(one) == ["handled"] * 100
    assert len(begun) < 12


def test_the_one_of_many_that_fails_again_is_found_and_the_others_are_done(one, handling):
    titles = ["a title"] * 30 + [toy.FAILING] + ["a title"] * 30
    kept = [(f"I-{n}", body_of(toy.scheduled(f"S{n}", f"I-{n}", title))) for n, title in enumerate(titles)]
    keep(one, kept, next_attempt_at=datetime.now(UTC))
    handling.try_due()
    assert one.opened() == 60
    assert one.column(inbox.c.subject, inbox.c.status == "waiting") == ["I-30"]


class Overloading(toy.ToyService):
    """One of its events asks so much of the database that it runs into a time limit, always."""

    def open(self, event, work, at):
        if event.title == toy.FAILING:
            raise OperationalError("SELECT 1", {}, psycopg.errors.QueryCanceled("statement timeout"))
        toy.ToyService.open(self, event, work, at)


def handle_until_it_is_done(handling, batch):
    for tries in range(1, 5):
        try:
            handling.handle(batch)
            return tries
        except OperationalError:
            continue
    raise AssertionError("it is repeated for ever")


def test_of_a_batch_that_always_runs_into_a_time_limit_the_one_event_is_kept(one, begin):
    handling = copy_of(begin, Overloading)
    titles = ["a title", toy.FAILING, "a title", "a title"]
    batch = [received(toy.scheduled(f"S{n}", f"I-{n}", title)) for n, title in enumerate(titles)]
    assert handle_until_it_is_done(handling, batch) == 3
    assert one.opened() == 3
    assert one.column(inbox.c.subject, inbox.c.status == "waiting") == ["I-1"]


def test_a_kept_event_that_always_runs_into_a_time_limit_stops_no_other_and_is_parked(one, begin):
    handling = copy_of(begin, Overloading)
    kept = [
        (f"I-{n}", body_of(toy.scheduled(f"S{n}", f"I-{n}", toy.FAILING if n == 1 else "a title"))) for n in range(1, 4)
    ]
    keep(one, kept, next_attempt_at=datetime.now(UTC))

    def is_parked():
        make_due(one)
        with suppress(OperationalError):
            handling.try_due()
        return one.column(inbox.c.subject, inbox.c.status == "parked") == ["I-1"]

    wait_until(is_parked, "parked after the policy's attempts", 20)
    assert statuses(one) == ["parked", "handled", "handled"]


def test_a_database_that_is_away_for_long_parks_nothing(one, begin):
    away = []

    def begin_or_not(**asked):
        if away:
            raise OperationalError("SELECT 1", {}, psycopg.OperationalError("the connection is lost"))
        return begin(**asked)

    handling = copy_of(begin_or_not)
    batch = [received(toy.scheduled(f"S{n}", f"I-{n}")) for n in range(3)]
    away.append("now")
    for _ in range(10):
        with pytest.raises(OperationalError):
            handling.handle(batch)
        with pytest.raises(OperationalError):
            handling.try_due()
    away.clear()
    handling.handle(batch)
    assert statuses(one) == ["handled"] * 3


@pytest.mark.parametrize("subject_of", [lambda n: "I-1", lambda n: f"I-{n}"], ids=["one subject", "many subjects"])
def test_fifty_thousand_kept_events_cost_next_to_nothing(one, handling, subject_of):
    later = datetime.now(UTC) + timedelta(hours=1)
    body = body_of(toy.scheduled("S1"))
    is_one_subject = subject_of(1) == subject_of(2)
    keep(one, [(subject_of(n), body) for n in range(50_000)], next_attempt_at=null() if is_one_subject else later)
    change(one, inbox.c.position == 1, status="parked", next_attempt_at=None)
    handling.try_due()
    spent = []
    for _ in range(5):
        started = time.perf_counter()
        handling.try_due()
        spent.append(time.perf_counter() - started)
    assert min(spent) < 0.05


def keep(one, kept, next_attempt_at):
    """As if these subjects and bodies had come and failed."""
    same = {"source": "", "type": "session_scheduled.v1", "status": "waiting", "attempts": 0, "headers": {}}
    same["received_at"] = datetime.now(UTC)
    rows = [same | {"event_id": f"e{n}", "subject": subject, "body": body} for n, (subject, body) in enumerate(kept)]
    with one.engine.begin() as connection:
        connection.execute(insert(inbox).values(next_attempt_at=next_attempt_at), rows)
