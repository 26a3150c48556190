"""How a ledger is written down: as JSON, lengths in seconds, instants as UTC text."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.types import TypeDecorator

from services.supervision.domain.ledger import Extension, Ledger, Segment, SegmentKind, Wait
from shared.storage import Json


class LedgerColumn(TypeDecorator[Ledger]):
    """A whole ledger in one column: it is read and replaced as one."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: Ledger | None, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else written(value)

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> Ledger | None:
        return None if value is None else read(value)


def written(ledger: Ledger) -> dict[str, Any]:
    return {
        "budget_seconds": ledger.budget.total_seconds(),
        "rule_version": ledger.rule_version,
        "calendar_version": ledger.calendar_version,
        "segments": [
            [one.kind.value, one.begins_at.isoformat(), one.ends_at and one.ends_at.isoformat(), one.by, one.reason]
            for one in ledger.segments
        ],
        "extensions": [
            [one.at.isoformat(), one.length.total_seconds(), one.by, one.reason] for one in ledger.extensions
        ],
        "needed_seconds": None if ledger.needed is None else ledger.needed.total_seconds(),
        "waits": [[one.at.isoformat(), one.counted.total_seconds(), one.by, one.reason] for one in ledger.waits],
    }


def read(ledger: dict[str, Any]) -> Ledger:
    """Also of those that were written before a holder's was fitted to its orders."""
    needed = ledger.get("needed_seconds")
    return Ledger(
        budget=timedelta(seconds=ledger["budget_seconds"]),
        rule_version=ledger["rule_version"],
        calendar_version=ledger["calendar_version"],
        segments=tuple(
            Segment(
                kind=SegmentKind(kind), begins_at=_instant(begins), ends_at=ends and _instant(ends), by=by, reason=why
            )
            for kind, begins, ends, by, why in ledger["segments"]
        ),
        extensions=tuple(
            Extension(at=_instant(at), length=timedelta(seconds=seconds), by=by, reason=why)
            for at, seconds, by, why in ledger["extensions"]
        ),
        needed=None if needed is None else timedelta(seconds=needed),
        waits=tuple(
            Wait(at=_instant(at), counted=timedelta(seconds=seconds), by=by, reason=why)
            for at, seconds, by, why in ledger.get("waits", [])
        ),
    )


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
