"""Databases of all services, and rows of the bus put into them by hand."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import MetaData, text

from services import SERVICES
from services.cli.proof.drain import LISTENERS
from shared.bus.forgetting.sweep import Forgetting
from shared.bus.moment import Moments
from shared.bus.tables import bus_tables
from shared.clock import RealClock
from shared.storage.engine import engine_for, writing
from tests.databases import KINDS, lent

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

    def hear(self, service, wire_type, event_id=None, *, status="handled", subject="I-1", through=None):
        """An event in a service's inbox; there for others as soon as whoever opened the connection commits it."""
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
        if through is None:
            self._insert(service, BUS.inbox, row)
        else:
            through.execute(BUS.inbox.insert(), row)

    def tell_all(self, publisher, wire_type, content=None, *, but=()):
        """An event said, and heard by everybody who listens, but these. Gives its id."""
        event_id = self.say(publisher, wire_type, content)
        for listener, contracts in LISTENERS.items():
            if wire_type in {contract.wire_type for contract in contracts} and listener not in but:
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


@pytest.fixture(params=KINDS)
def suite(request):
    with lent(request, *SERVICES):
        yield Suite()
