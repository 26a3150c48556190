"""The event log: events leave the outbox by age, whole, once, in their order; and nobody changes them unseen."""

import gzip
import hashlib
import os
import subprocess
import sys

import pytest
from sqlalchemy import event, update

from shared.bus.forgetting.bites import forget_dropped
from shared.bus.log import moving
from shared.bus.log.reading import events_in, events_of, segments_of
from shared.bus.log.verifying import verify_log
from shared.settings import PROJECT_FOLDER
from tests.bus import toy
from tests.bus.conftest import Toy
from tests.bus.history import KNOWN_FOR, NOW, ago, an_outbox_row, announce, fill, logged

outbox, segments = toy.bus.outbox, toy.bus.event_log
OLD, YOUNG = ago(days=40), ago(days=3)
KILLED_AT_EACH = """
import os, signal, sys
from sqlalchemy import event
from shared.storage.engine import close_engines, engine_for
from tests.bus.test_event_log import close, faults, logged, segments_of

def close_and_die(number):
    engine, left = engine_for("deliberation"), [number]
    def count_down(*_):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    event.listen(engine, "after_cursor_execute", count_down)
    event.listen(engine, "commit", count_down)
    close(engine)
    os._exit(0)

number, done = 0, False
while not done:
    number += 1
    child = os.fork() or close_and_die(number)
    done = os.waitpid(child, 0)[1] == 0
    engine = engine_for("deliberation")
    said = [event_id for _, event_id, _ in logged(engine)]
    print(done, len(segments_of(engine)), said == [f"e{n}" for n in range(1, 101)], faults(engine))
    close_engines()
"""


@pytest.fixture
def one(database, monkeypatch):
    monkeypatch.setattr(moving, "MOST_EVENTS", 100)
    one = Toy(toy.make_database(), "")
    yield one
    one.engine.dispose()


def close(engine):
    with engine.begin() as connection:
        return moving.close_segment(connection, "deliberation", sent_before=NOW - KNOWN_FOR, now=NOW)


def close_all(engine):
    while close(engine):
        pass


def faults(engine):
    return [(fault.segment, fault.what) for fault in verify_log("deliberation", engine)]


def test_old_events_leave_the_outbox_in_full_segments_and_are_read_in_one_order_with_those_that_stay(one):
    announce(one.engine, 250, OLD)
    announce(one.engine, 30, YOUNG, first=251)
    before = logged(one.engine)
    close_all(one.engine)
    assert [(row.segment, row.events) for row in segments_of(one.engine)] == [(1, 100), (2, 100), (3, 50)]
    assert one.count(outbox) == 30
    assert logged(one.engine) == before
    assert faults(one.engine) == []


def test_an_event_comes_out_of_the_log_as_it_was_announced(one):
    announce(one.engine, 100, OLD)
    (first, *_) = list(events_of(one.engine))
    close(one.engine)
    assert next(iter(events_of(one.engine))) == first
    assert (first.exchange, first.type, first.headers["correlation_id"]) == (
        "deliberation.events",
        "session_opened.v1",
        "c1",
    )
    assert first.content == {"title": "楼道"}


def test_a_few_events_wait_up_to_a_day_for_a_segment_to_fill(one):
    announce(one.engine, 5, ago(days=30, hours=23))
    assert close(one.engine) == 0
    announce(one.engine, 1, YOUNG, first=6)
    with one.engine.begin() as connection:
        connection.execute(update(outbox).where(outbox.c.position == 1).values(sent_at=ago(days=31, hours=1)))
    assert close(one.engine) == 5


@pytest.mark.parametrize("held", [{"sent_at": None}, {"sent_at": None, "set_aside_at": OLD}, {"sent_at": YOUNG}])
def test_an_event_that_may_not_go_holds_back_those_behind_it(one, held):
    announce(one.engine, 100, OLD)
    fill(one.engine, outbox, [an_outbox_row(101, OLD) | held])
    announce(one.engine, 100, OLD, first=102)
    close_all(one.engine)
    assert [row.last_position for row in segments_of(one.engine)] == [100]
    assert [event_id for _, event_id, _ in logged(one.engine)] == [f"e{n}" for n in range(1, 202)]


def test_an_event_that_was_dropped_unsent_is_passed_by_the_log_and_goes_when_it_is_old(one):
    announce(one.engine, 100, OLD)
    fill(one.engine, outbox, [an_outbox_row(101, OLD) | {"sent_at": YOUNG, "set_aside_at": OLD}])
    announce(one.engine, 100, OLD, first=102)
    close_all(one.engine)
    assert [row.last_position for row in segments_of(one.engine)] == [100, 201]
    assert "e101" not in [event_id for _, event_id, _ in logged(one.engine)]
    assert faults(one.engine) == []
    with one.engine.begin() as connection:
        assert forget_dropped(connection, dropped_before=YOUNG) == 0
        assert forget_dropped(connection, dropped_before=NOW) == 1
    assert one.count(outbox) == 0


def test_what_was_dropped_is_kept_until_the_log_has_passed_it(one):
    fill(one.engine, outbox, [an_outbox_row(1, OLD) | {"set_aside_at": OLD}])
    with one.engine.begin() as connection:
        assert forget_dropped(connection, dropped_before=NOW) == 0


def test_what_was_sent_to_a_dead_queue_is_no_event_and_holds_back_nobody(one):
    unreadable = {"exchange": "", "routing_key": "deliberation.dead", "body": b"\xff personal words"}
    fill(one.engine, outbox, [an_outbox_row(number, None, **unreadable) for number in range(1, 4)])
    announce(one.engine, 100, OLD, first=4)
    assert close(one.engine) == 100
    assert one.column(outbox.c.exchange) == [""] * 3
    assert logged(one.engine)[0][:2] == (4, "e4")
    assert faults(one.engine) == []


def test_few_large_events_fill_a_segment_too(one, monkeypatch):
    monkeypatch.setattr(moving, "MOST_BYTES", 250)
    fill(one.engine, outbox, [an_outbox_row(n, ago(days=30, hours=1), body=b"{%100d}" % n) for n in range(1, 8)])
    close_all(one.engine)
    assert [row.events for row in segments_of(one.engine)] == [2, 2, 2]
    assert [event_id for _, event_id, _ in logged(one.engine)] == [f"e{n}" for n in range(1, 8)]


def test_an_event_that_moves_while_the_log_is_read_is_given_once(one):
    announce(one.engine, 100, OLD)
    announce(one.engine, 100, YOUNG, first=101)
    looked = []

    def move_meanwhile(*asked):
        looked.append(asked[2])
        if len(looked) == 1:  # the log was asked, and has nothing; the outbox is asked next
            close(one.engine)

    event.listen(one.engine, "after_cursor_execute", move_meanwhile)
    found = [event_id for _, event_id, _ in logged(one.engine)]
    assert found == [f"e{n}" for n in range(1, 201)]
    assert one.count(segments) == 1


def test_events_are_read_on_from_a_position_and_by_their_types(one):
    announce(one.engine, 150, OLD)
    fill(one.engine, outbox, [an_outbox_row(151, YOUNG, routing_key="motion_raised.v1")])
    close_all(one.engine)
    assert [one.position for one in events_of(one.engine, after=148)] == [149, 150, 151]
    assert [one.position for one in events_of(one.engine, types=["motion_raised.v1"])] == [151]
    assert len(events_in(one.engine, 2)) == 50


def test_the_hash_of_a_segment_is_that_of_its_plain_lines_and_names_the_one_before(one):
    announce(one.engine, 200, OLD)
    close_all(one.engine)
    first, second = segments_of(one.engine)
    plain = gzip.decompress(bytes(one.column(segments.c.content)[1]))
    assert hashlib.sha256(plain).hexdigest() == second.sha256
    assert first.sha256.encode() in plain.splitlines()[0]


class Stopped(Exception):
    """What the test raises in between."""


def stop_at(number):
    left = [number]

    def count_down(*_):
        left[0] -= 1
        if left[0] == 0:
            raise Stopped

    return count_down


def test_stopped_at_any_statement_no_event_is_lost_doubled_or_out_of_order(one):
    announce(one.engine, 250, OLD)
    before, stopped = logged(one.engine), 0
    for number in range(1, 30):
        hook = stop_at(number)
        event.listen(one.engine, "after_cursor_execute", hook)
        try:
            close(one.engine)
        except Stopped:
            stopped += 1
        finally:
            event.remove(one.engine, "after_cursor_execute", hook)
        assert logged(one.engine) == before
        assert faults(one.engine) == []
    assert stopped >= 5
    assert one.count(outbox) == 0


def test_killed_at_any_statement_no_event_is_lost_doubled_or_out_of_order(one):
    announce(one.engine, 100, OLD)
    command = [sys.executable, "-W", "ignore", "-c", KILLED_AT_EACH]
    environment = os.environ | {"PYTHONPATH": str(PROJECT_FOLDER)}
    ran = subprocess.run(command, cwd=PROJECT_FOLDER, env=environment, check=True, capture_output=True, text=True)
    *killed, done = ran.stdout.splitlines()
    assert len(killed) >= 6
    assert set(killed) == {"False 0 True []"}
    assert done == "True 1 True []"


def change(engine, segment, **values):
    with engine.begin() as connection:
        connection.execute(update(segments).where(segments.c.segment == segment).values(**values))


def tampered(content, sha256=None):
    plain = gzip.decompress(bytes(content)).replace(b"e150", b"e666")
    return {"content": gzip.compress(plain, mtime=0)} | (
        {"sha256": hashlib.sha256(plain).hexdigest()} if sha256 else {}
    )


@pytest.mark.parametrize("with_its_hash", [False, True])
def test_a_segment_that_somebody_changed_is_found(one, with_its_hash):
    announce(one.engine, 300, OLD)
    close_all(one.engine)
    content = one.column(segments.c.content)[1]
    change(one.engine, 2, **tampered(content, with_its_hash))
    (where, what), *more = faults(one.engine)
    assert not more
    if with_its_hash:
        assert (where, what) == (3, "it does not name the hash of the segment before")
    else:
        assert (where, what) == (2, "its content does not have its hash")


def test_a_segment_that_is_cut_off_or_gone_or_under_a_wrong_heading_is_found(one):
    announce(one.engine, 400, OLD)
    close_all(one.engine)
    content = one.column(segments.c.content)[0]
    change(one.engine, 1, content=bytes(content)[:-20])
    change(one.engine, 4, last_position=900)
    with one.engine.begin() as connection:
        connection.execute(segments.delete().where(segments.c.segment == 2))
    found = faults(one.engine)
    assert [where for where, _ in found] == [1, 3, 4]
    assert "can't be decompressed" in found[0][1]
    assert found[1][1] == "it follows segment 1: what lies between is missing"
    assert found[2][1] == "the table says other things of it than its content"


def test_an_event_that_stands_in_the_outbox_as_well_is_found(one):
    announce(one.engine, 100, OLD)
    close(one.engine)
    fill(one.engine, outbox, [an_outbox_row(50, OLD, position=50)])
    assert faults(one.engine) == [(0, "the event at position 50 of the outbox is older than the log's end")]


def test_two_copies_make_each_segment_once(one):
    announce(one.engine, 300, OLD)
    before = logged(one.engine)
    with one.engine.begin() as first:
        assert moving.close_segment(first, "deliberation", sent_before=NOW - KNOWN_FOR, now=NOW) == 100
        if one.engine.dialect.name == "postgresql":  # SQLite lets nobody else write
            assert close(one.engine) == 0
    close_all(one.engine)
    assert logged(one.engine) == before
    assert faults(one.engine) == []
