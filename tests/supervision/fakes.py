"""Repositories that keep everything in a dict."""

from collections.abc import Iterable
from typing import Any

from services.supervision.domain.timeline import TimelineEntry
from tests.fakes import FakeWork


class FakeRepository:
    def __init__(self, key: str = "id") -> None:
        self.key = key
        self.kept: dict[str, Any] = {}

    def add(self, one: Any) -> None:
        name = getattr(one, self.key)
        assert name not in self.kept, f"{name} was added twice"
        self.kept[name] = one

    def find(self, name: str) -> Any:
        return self.kept.get(name)

    look_up = find

    def preload(self, names: Iterable[str]) -> None:
        set(names)

    def of_issue(self, issue_id: str) -> list[Any]:
        return [one for name, one in sorted(self.kept.items()) if one.issue_id == issue_id]


class FakeTimeline:
    def __init__(self) -> None:
        self.kept: dict[str, TimelineEntry] = {}

    def add(self, entry: TimelineEntry) -> None:
        self.kept.setdefault(entry.key, entry)

    @property
    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.kept.values()]


def a_work() -> Any:
    return FakeWork(
        cases=FakeRepository("issue_id"),
        clocks=FakeRepository(),
        escalations=FakeRepository(),
        incidents=FakeRepository(),
        look_backs=FakeRepository(),
        timeline=FakeTimeline(),
    )
