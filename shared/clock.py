"""The one clock all services read: real, scaled, or stepped. Instants are aware and in UTC; people see Asia/Shanghai.

Only service entrypoints and commands read it; rules and use cases take `now` as an argument.
"""

import fcntl
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from shared.settings import Settings

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Says what time it is for the suite."""

    def now(self) -> datetime: ...


def for_people(instant: datetime) -> str:
    """An instant as people here read it: `2026-03-02 09:00`."""
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


class RealClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ScaledClock:
    """Runs `factor` times as fast as real time, from `start_at`. Processes that share the file agree."""

    def __init__(self, factor: float, start_at: datetime | None = None, path: Path | None = None) -> None:
        anchor = _asked(factor, start_at)
        real = datetime.now(UTC)
        anchor |= {"anchored_at": real.isoformat(), "start_at": (start_at or real).astimezone(UTC).isoformat()}
        if path is not None:
            anchor = _agree_on(path, anchor)
        self.factor = factor
        self._anchored_at = datetime.fromisoformat(str(anchor["anchored_at"]))
        self._start_at = datetime.fromisoformat(str(anchor["start_at"]))

    def now(self) -> datetime:
        return self._start_at + (datetime.now(UTC) - self._anchored_at) * self.factor

    def seconds_of_waiting(self, length: timedelta) -> float:
        """How many real seconds pass while `length` passes on this clock."""
        return length.total_seconds() / self.factor


class SteppedClock:
    """Stands still until someone moves it on. Its time lives in a small file; reading an unchanged one costs a `stat`.

    Only one process may move it (the one that knows that all queues have drained). A step may be one service's turn:
    then only that service fires its timers, so that what happens does not depend on who is quicker.
    """

    def __init__(self, path: Path, start_at: datetime | None = None) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._now = datetime.min.replace(tzinfo=UTC)
        self._step = 0
        self._turn = ""
        if not path.exists():
            _create(path, {"now": (start_at or datetime.now(UTC)).astimezone(UTC).isoformat(), "step": 0})

    def now(self) -> datetime:
        self._refresh()
        return self._now

    @property
    def step(self) -> int:
        """How often the clock has moved; a change tells a waiting sweep that there may be work."""
        self._refresh()
        return self._step

    @property
    def turn(self) -> str:
        """The service whose timers this step is for; empty: everybody's."""
        self._refresh()
        return self._turn

    def move(self, to: datetime, turn: str = "") -> None:
        """Moves on to an instant. Moving to where it stands counts as a step; moving back is refused."""
        to = to.astimezone(UTC)
        if to < self.now():
            raise ValueError(f"the clock stands at {self._now.isoformat()} and never goes back to {to.isoformat()}")
        _replace(self._path, {"now": to.isoformat(), "step": self._step + 1, "turn": turn})

    def _refresh(self) -> None:
        stat = os.stat(self._path)
        mark = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        if mark == self._seen:
            return
        state = json.loads(self._path.read_text(encoding="utf-8"))
        self._now, self._step = datetime.fromisoformat(state["now"]), int(state["step"])
        self._turn = str(state.get("turn", ""))
        self._seen = mark


def clock_from(settings: Settings) -> Clock:
    """The clock that the settings ask for."""
    choice, folder = settings.clock, settings.var_folder
    if choice.kind == "scaled":
        return ScaledClock(choice.factor, choice.start_at, folder / "clock.json")
    if choice.kind == "stepped":
        return SteppedClock(folder / "stepped_clock.json", choice.start_at)
    return RealClock()


def begins_at(settings: Settings) -> datetime | None:
    """Where the clock that the settings ask for would begin; None where it goes on, or is not set to an instant."""
    choice, folder = settings.clock, settings.var_folder
    if choice.kind == "scaled":
        goes_on = _is_of(_found(folder / "clock.json"), _asked(choice.factor, choice.start_at))
    else:
        goes_on = (folder / "stepped_clock.json").exists()
    return None if goes_on else choice.start_at


def _asked(factor: float, start_at: datetime | None) -> dict[str, Any]:
    return {"factor": factor, "asked_start": start_at.isoformat() if start_at else None}


def _found(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def _is_of(found: dict[str, Any], anchor: dict[str, Any]) -> bool:
    return all(found.get(key, "") == anchor[key] for key in ("factor", "asked_start"))


def _agree_on(path: Path, anchor: dict[str, Any]) -> dict[str, Any]:
    """The anchor in the file if it was made for the same speed and start; else ours, put there for the others.

    Under a lock: of several processes that start at once over an outdated file, only the first may replace it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = _found(path)
        if _is_of(found, anchor):
            return found
        _replace(path, anchor)
        return anchor


def _create(path: Path, state: dict[str, Any]) -> bool:
    """Writes the file unless another process was first; says whether it was ours."""
    written = _write_beside(path, state)
    try:
        os.link(written, path)
    except FileExistsError:
        return False
    finally:
        os.unlink(written)
    return True


def _replace(path: Path, state: dict[str, Any]) -> None:
    os.replace(_write_beside(path, state), path)


def _write_beside(path: Path, state: dict[str, Any]) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, prefix=path.name, delete=False, encoding="utf-8") as file:
        json.dump(state, file)
    return file.name
