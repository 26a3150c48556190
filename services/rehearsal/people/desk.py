"""What every kind of people has: dice, an agenda, and keys for calls that are the same each time."""

from collections.abc import Callable, Generator
from datetime import datetime
from typing import Any, ClassVar

from services.rehearsal.agenda import Agenda, Script
from services.rehearsal.calling import Ask
from services.rehearsal.dice import Dice
from services.rehearsal.hearing import Heard
from shared.auth import Role


class People:
    """Subclasses say what they listen to, and have a method `on_<event>` for each, such as `on_task_assigned`."""

    listens_to: ClassVar[tuple[str, ...]] = ()
    now: datetime

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self.agenda = Agenda()

    def hear(self, event: Heard) -> None:
        if event.type in self.listens_to:
            listener: Callable[[dict[str, Any]], None] = getattr(self, f"on_{event.type.rpartition('.')[0]}")
            listener(event.content)

    def scripts(self, now: datetime) -> list[Script]:
        """What they do now, in an order that is always the same."""
        self.now = now
        return self.agenda.take_due(now)

    @property
    def next_at(self) -> datetime | None:
        return self.agenda.next_at


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def key(*parts: object) -> str:
    """An idempotency key made from what the call is about; short enough for every id."""
    joined = ":".join(str(part) for part in parts)
    return joined if len(joined) <= 100 else f"{joined[:60]}~{joined[-39:]}"


def listed_for(
    service: str, role: Role, unit: str | None, about: str, organisation: str = ""
) -> Generator[Ask, dict[str, Any], bool]:
    """Somebody looks at their list: whether this is on it, by its id."""
    mine = yield Ask(service, "list_my_work", {}, role, unit, organisation)
    return about in [one["about"] for one in mine["waits"]]
