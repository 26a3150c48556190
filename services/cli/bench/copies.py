"""Who and where, for services that a benchmark starts: put into their copies at once, as if they had heard it.

Nothing of it is in their queues or inboxes, where it would be counted and measured with what a benchmark is about.
"""

from collections.abc import Collection, Iterator

from sqlalchemy import Engine, MetaData, delete, select

from services.cli.suite.filling import make_exercise
from shared.bus.tables import bus_tables
from shared.contracts.envelope import CONTENT_TYPE, decode
from shared.contracts.flow import LISTENERS
from shared.directory.copy import DirectoryCopy
from shared.storage.engine import engine_for

SEED = 7
WITH_PEOPLE = frozenset({"councils", "dispatch"})
"""They need the people and desks of an exercise; to the others what ships is enough."""
_outbox = bus_tables(MetaData()).outbox


class Copies:
    """What the directory would tell, and tells to nobody."""

    def __init__(self) -> None:
        self._has_people = False
        self._filled: set[str] = set()
        self._rows: list[tuple[str, bytes]] = []

    def fill(self, *services: str) -> None:
        """The copies of these. The second time nothing changes."""
        if not WITH_PEOPLE.isdisjoint(services):
            self.make_people()
        for service in services:
            if service in LISTENERS and service not in self._filled:
                self.fill_database(service, engine_for(service))
                self._filled.add(service)

    def make_people(self) -> None:
        """Those of an exercise, in the directory. The second time nothing changes."""
        if not self._has_people:
            make_exercise(SEED)
            self._has_people = True

    def fill_database(self, service: str, engine: Engine) -> None:
        """The copy in another database that a service's code works on."""
        heard = {contract.wire_type: contract for contract in LISTENERS[service]}
        with engine.begin() as connection:
            copy = DirectoryCopy(connection)
            for wire_type, body in self._told(heard):
                copy.learn(heard[wire_type].from_wire(decode(body, CONTENT_TYPE).content))

    def _told(self, wire_types: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Taken out of the directory's outbox, which would publish it."""
        with engine_for("directory").begin() as connection:
            rows = connection.execute(select(_outbox.c.routing_key, _outbox.c.body).order_by(_outbox.c.position)).all()
            connection.execute(delete(_outbox))
        self._rows += [(row.routing_key, bytes(row.body)) for row in rows]
        return (row for row in self._rows if row[0] in wire_types)
