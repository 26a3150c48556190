"""Databases of all six services, and rows of the bus put into them by hand."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import MetaData, text

from services import SERVICES
from services.cli.proof.drain import LISTENERS
from shared.bus.forgetting.sweep import Forgetting
from shared.bus.moment import Moments
from shared.bus.tables import bus_tables
from shared.clock import RealClock
from shared.settings import settings
from shared.storage.engine import close_engines, engine_for, writing
from tests.databases import KINDS, lent
from tests.scenarios.district import District, a_district

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BUS = bus_tables(MetaData())


class Suite:
    """What services have said and heard, as their tables would show it."""

    def run(self, service, statement, **values):
        engine = engine_for(service)
        with writing(engine), engine.begin() as connection:
            connection.execute(text(statement), values)

    def say(self, service, wire_type, content=None, *, sent=True, event_id=None):
        """An event in a service's outbox. Gives its id."""
        event_id = event_id or str(uuid.uuid4())
        row = {
            "event_id": event_id,
            "exchange": f"{service}.events",
            "routing_key": wire_type,
            "subject": "I-1",
            "body": json.dumps({"data": content or {}}).encode(),
            "headers": {},
            "created_at": NOW,
            "sent_at": NOW if sent else None,
        }
        self._insert(service, BUS.outbox, row)
        return event_id

    def hear(self, service, wire_type, event_id=None, *, status="handled", subject="I-1"):
        """An event in a service's inbox."""
        row = {
            "event_id": event_id or str(uuid.uuid4()),
            "type": wire_type,
            "subject": subject,
            "status": status,
            "received_at": NOW,
            "attempts": 5 if status == "parked" else 0,
            "error": "ValueError()" if status == "parked" else None,
            "body": b"{}",
            "headers": {},
        }
        self._insert(service, BUS.inbox, row)

    def tell_all(self, publisher, wire_type, content=None):
        """An event said, and heard by everybody who listens. Gives its id."""
        event_id = self.say(publisher, wire_type, content)
        for listener, contracts in LISTENERS.items():
            if wire_type in {contract.wire_type for contract in contracts}:
                self.hear(listener, wire_type, event_id)
        return event_id

    def _insert(self, service, table, row):
        engine = engine_for(service)
        with writing(engine), engine.begin() as connection:
            connection.execute(table.insert(), row)


def forget(suite, *services):
    """A month later: what was handled and sent so far is taken out."""
    for service in services:
        forgetting = Forgetting(service, engine_for(service), Moments(RealClock()))
        while any(forgetting.bite(NOW + timedelta(days=60)).values()):
            pass


@pytest.fixture(scope="module", params=KINDS)
def district(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """A district at work on each kind of database; all scenarios of a file share it."""
    url = ""
    if request.param == "postgresql":
        name = request.module.__name__.rpartition(".")[2]
        url = request.getfixturevalue("postgres").create_database(name)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("GONGSHANG_VAR", "GONGSHANG_KEYS_FOLDER", "GONGSHANG_CLOCK", "GONGSHANG_DATABASE"):
            patch.setenv(name, "")  # a world settles in here; all is as before when it has ended
            patch.delenv(name)
        patch.setenv("GONGSHANG_VAR", str(tmp_path_factory.mktemp("district")))
        settings.cache_clear()
        with a_district("world", url) as made:
            yield made
        close_engines()
    settings.cache_clear()


@pytest.fixture(params=KINDS)
def suite(request):
    with lent(request, *SERVICES):
        yield Suite()
