"""Whether what one publisher said of one subject came to each listener in the order in which it was said."""

from collections.abc import Iterator

from services import SERVICES
from services.cli.proof import records


def out_of_order() -> list[str]:
    """A sentence for each event that came before one that was said earlier of the same subject."""
    said = dict(_said())
    return [sentence for listener in SERVICES for sentence in _overtakings(listener, said)]


def _said() -> Iterator[tuple[str, tuple[str, int]]]:
    for publisher in SERVICES:
        for event_id, position in records.rows(publisher, "SELECT event_id, position FROM outbox WHERE exchange <> ''"):
            yield event_id, (publisher, position)


def _overtakings(listener: str, said: dict[str, tuple[str, int]]) -> Iterator[str]:
    latest: dict[tuple[str, str], int] = {}
    for event_id, subject, wire_type in records.rows(
        listener, "SELECT event_id, subject, type FROM inbox ORDER BY position"
    ):
        if event_id not in said:
            continue
        publisher, position = said[event_id]
        if position < latest.get((publisher, subject), 0):
            yield f"{listener}: {wire_type} of {subject} came after what {publisher} said later"
        latest[publisher, subject] = max(position, latest.get((publisher, subject), 0))
