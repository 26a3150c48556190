"""Supervision's unit of work without a database."""

from typing import Any

from services.supervision.domain.timeline import TimelineEntry
from services.supervision.storage.repository import SupervisionStore
from tests.fakes import a_work_of


class FakeTimeline:
    """Keeps each entry once, as the table does."""

    def __init__(self) -> None:
        self.kept: dict[str, TimelineEntry] = {}

    def add(self, entry: TimelineEntry) -> None:
        self.kept.setdefault(entry.key, entry)

    @property
    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.kept.values()]


def a_work() -> Any:
    work: Any = a_work_of(SupervisionStore)
    work.timeline = FakeTimeline()
    return work
