"""Supervision's unit of work without a database, and a policy that does not ship."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from services.supervision.domain.timeline import TimelineEntry
from services.supervision.storage.repository import SupervisionStore
from shared.bus.moment import PolicyAt
from shared.directory.duty_list import DutyList
from shared.policy import Policy
from tests.fakes import a_work_of
from tests.supervision.builders import UNITS
from tests.told import few_duties

DUTIES = DutyList(few_duties())


class FakeTimeline:
    """Keeps each entry once, as the table does."""

    def __init__(self) -> None:
        self.kept: dict[str, TimelineEntry] = {}

    def add(self, entry: TimelineEntry) -> None:
        self.kept.setdefault(entry.key, entry)

    @property
    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.kept.values()]


class WithoutMediation(PolicyAt):
    """What holds, but for the mediation that comes before a climb."""

    def at(self, now: datetime, unit_code: str | None = None) -> Policy:
        shipped = super().at(now, unit_code)
        return replace(shipped, failure=replace(shipped.failure, is_mediated_first=False))


def a_work() -> Any:
    """Told the few units and duties."""
    work: Any = a_work_of(SupervisionStore)
    work.timeline = FakeTimeline()
    work.units = lambda now: UNITS
    work.duties = lambda now: DUTIES
    return work
