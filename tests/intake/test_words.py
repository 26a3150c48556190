"""A complaint that goes wrong leaves none of its words in the clear: in no table, no error and no log."""

import logging

import pytest
from sqlalchemy import text

from services.intake.service import IntakeService
from services.intake.storage.tables import metadata
from shared import logs
from shared.bus.inbox.entrypoint import subscribe
from shared.contracts.hotline import CallerPart, ComplaintFiledV1
from tests.harness import Bus
from tests.intake.builders import NOW, an_order

WORDS = ("王大明", "13900001111", "夜夜唱歌", "3号楼二单元")
BROKEN = {"request_kind": "wish"}
UNREADABLE = {"filed_at": "昨天晚上"}


@pytest.fixture
def bus(engine):
    return Bus(engine, IntakeService, NOW)


@pytest.fixture
def logged(capsys):
    """Everything that is logged, as a service does."""
    logs.configure("intake", "debug")
    yield lambda: capsys.readouterr().err
    logging.getLogger().handlers.clear()


def with_words():
    caller = CallerPart(ref="w-1", name="王大明", phone="13900001111")
    return an_order(caller=caller, content="3号楼二单元楼上夜夜唱歌")


def in_the_clear(engine, *more):
    """Which of the words stand somewhere, as bytes or as text."""
    kept = []
    with engine.connect() as connection:
        for table in metadata.tables:
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                kept += [bytes(one).decode(errors="replace") if isinstance(one, bytes) else str(one) for one in row]
    return [word for word in WORDS if any(word in one for one in (*kept, *more))]


@pytest.mark.parametrize("changed", [BROKEN, UNREADABLE])
def test_what_nobody_can_read(bus, engine, logged, changed):
    bus.deliver(bus.sent(with_words(), **changed))
    assert "complaint_rejected.v1" in bus.told()
    assert in_the_clear(engine, logged()) == []


class Failing(IntakeService):
    """Its database refuses what it writes."""

    @subscribe(ComplaintFiledV1)
    def take_in(self, event, work, at):
        values = {"who": event.caller.name, "said": event.content}
        work.connection.execute(text("INSERT INTO callers (order_no, key_id) VALUES (:who, :said)"), values)


def test_what_fails_in_the_database(engine, logged):
    bus = Bus(engine, Failing, NOW)
    bus.deliver(bus.sent(with_words()))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT status FROM inbox")) == "waiting"
    lines = logged()
    assert "INSERT INTO callers" in lines
    assert in_the_clear(engine, lines) == []
