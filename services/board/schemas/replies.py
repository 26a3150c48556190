"""What the board answers to programs, made from the same shapes that pages read."""

import dataclasses
from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import Enum
from typing import Any

from services.board.domain.words import FoundKind, Light, Stage
from services.board.reading.shapes import Found, IssueRow, Page
from shared.bus.rpc.messages import reply
from shared.contracts.vocabulary import Outcome, SlaClass


@reply
class IssueLine:
    """An issue in a list."""

    issue_id: str
    title: str
    category: str
    category_name: str
    unit_code: str
    unit_name: str
    stage: Stage
    light: Light
    due_at: datetime | None
    people: int
    sla_class: SlaClass
    raised_at: datetime
    held_since: datetime
    changed_at: datetime
    is_open: bool
    outcome: Outcome | None


@reply
class IssuesReply:
    """`next_cursor` is empty on the last page."""

    issues: list[IssueLine] = field(default_factory=list)
    next_cursor: str = ""


@reply
class IssueReply:
    """An issue whole, as its page has it: plain JSON, units as {code, name, tier}."""

    issue: dict[str, Any]


@reply
class SessionReply:
    """A session whole, as its page has it."""

    session: dict[str, Any]


@reply
class FoundLine:
    """Something that was found; `issue_id` is empty for halls."""

    kind: FoundKind
    id: str
    issue_id: str
    title: str
    words: str
    unit_code: str
    unit_name: str
    at: datetime


@reply
class FoundReply:
    """`next_cursor` is empty on the last page."""

    found: list[FoundLine] = field(default_factory=list)
    next_cursor: str = ""


def issues_reply(page: Page[IssueRow]) -> IssuesReply:
    return IssuesReply(issues=[_issue_line(one) for one in page.rows], next_cursor=page.next_cursor)


def found_reply(page: Page[Found]) -> FoundReply:
    lines = [
        FoundLine(
            **{name: getattr(one, name) for name in ("kind", "id", "issue_id", "title", "words", "at")},
            unit_code=one.unit.code,
            unit_name=one.unit.name,
        )
        for one in page.rows
    ]
    return FoundReply(found=lines, next_cursor=page.next_cursor)


def plain(shape: object) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """A shape as plain JSON values."""
    if dataclasses.is_dataclass(shape):
        return {one.name: plain(getattr(shape, one.name)) for one in dataclasses.fields(shape)}
    if isinstance(shape, Enum):
        return shape.value
    if isinstance(shape, date):
        return shape.isoformat()
    if isinstance(shape, Mapping):
        return {str(name): plain(value) for name, value in shape.items()}
    if isinstance(shape, frozenset):
        return sorted(map(str, shape))
    return [plain(one) for one in shape] if isinstance(shape, list | tuple) else shape


def _issue_line(one: IssueRow) -> IssueLine:
    named = {field.name for field in dataclasses.fields(IssueLine)}
    same = {name: getattr(one, name) for name in named if name not in ("unit_code", "unit_name")}
    return IssueLine(**same, unit_code=one.unit.code, unit_name=one.unit.name)
