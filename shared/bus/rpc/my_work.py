"""`list_my_work`: what waits for whoever asks, the same in every service."""

from dataclasses import field
from datetime import datetime

from marshmallow import validate

from shared.bus.rpc.messages import reply, request
from shared.contracts.base import checked, part
from shared.waits import Wait


@request
class ListMyWork:
    """What waits for the caller, by due instant; what has none comes last. At most so many."""

    most: int = checked(validate.Range(min=1, max=500), default=100)


@part
class WaitPart:
    """Something that waits for the caller: what it is, what to do by which call, and what happens otherwise."""

    about: str
    title: str
    unit_code: str
    state: str
    act: str
    calls: list[str]
    due_at: datetime | None = None
    otherwise: str


@reply
class MyWorkReply:
    """What waits for the caller, the most urgent first."""

    waits: list[WaitPart] = field(default_factory=list)


def waits_for(wait: Wait, *, about: str, title: str, unit_code: str, state: str, due_at: datetime | None) -> WaitPart:
    """One thing that waits, as its row says."""
    return WaitPart(
        about=about,
        title=title,
        unit_code=unit_code,
        state=state,
        act=wait.act,
        calls=list(wait.calls),
        due_at=due_at,
        otherwise=wait.otherwise,
    )


def my_work(waits: list[WaitPart], most: int) -> MyWorkReply:
    """The reply, by due instant."""
    ordered = sorted(waits, key=_urgency)
    return MyWorkReply(waits=ordered[:most])


def _urgency(one: WaitPart) -> tuple[bool, str, str]:
    return one.due_at is None, one.due_at.isoformat() if one.due_at else "", one.about
