"""What is asked about resolutions on display, and answered: who objects, and what becomes of it.

What a resident says, and who it is, is for the council's own people and for that resident; everybody sees that there is
an objection, what an organisation gives as its reasons, and each answer.
"""

from dataclasses import field
from datetime import datetime

from marshmallow import validate

from services.deliberation.domain.display import Display, DisplayState, Objection
from services.deliberation.domain.motion import session_of
from services.deliberation.domain.resolution import Resolution
from shared.bus.rpc.messages import reply, request, unit_code
from shared.contracts.base import checked, part, text
from shared.contracts.vocabulary import Review


def _resolution_id() -> str:
    return text(longest=160)  # type: ignore[no-any-return]


def _key() -> str:
    return text(longest=100, says="The same key gives the same reply, and the command is carried out once.")  # type: ignore[no-any-return]


class AboutResolution:
    resolution_id: str

    @property
    def subject(self) -> str:
        """Its session."""
        return session_of(self.resolution_id)


@request
class ObjectToResolution(AboutResolution):
    """异议: a resident's own, while it is on display."""

    resolution_id: str = _resolution_id()
    reasons: str = text(longest=5000)
    idempotency_key: str = _key()


@request
class RecordObjection(AboutResolution):
    """异议: what somebody came in to say, or wrote, put down by a clerk."""

    resolution_id: str = _resolution_id()
    objector: str = text(longest=120, says="Who objects.")
    reasons: str = text(longest=5000)
    idempotency_key: str = _key()


@request
class ReviewObjection(AboutResolution):
    """维持, 退回重议 or 转报上级, with reasons, by somebody else than who objected."""

    resolution_id: str = _resolution_id()
    number: int = checked(validate.Range(min=1))
    review: Review
    answer: str = text(longest=5000)
    idempotency_key: str = _key()


@request
class GetResolution:
    """A resolution with its objections."""

    resolution_id: str = _resolution_id()


@request
class ListResolutions:
    """Those of a unit and the units inside it: on display, or in whatever state, the latest first."""

    unit_code: str = unit_code()
    ended_too: bool = checked(default=False)
    most: int = checked(validate.Range(min=1, max=500), default=100)


@part
class ResolutionObjectionLine:
    """An objection; `review` is null so far. A resident's words and name are left out for whom they are not."""

    number: int
    organisation: str
    task_id: str
    objector: str
    reasons: str
    made_at: datetime
    due_at: datetime
    review: Review | None = None
    answer: str = ""


@reply
class DisplayReply:
    """A resolution and how it stands. `due_at`: by then the first objection is to be answered."""

    resolution_id: str
    session_id: str
    issue_id: str
    unit_code: str
    motion: str
    state: DisplayState
    displayed_until: datetime
    due_at: datetime | None = None
    objections: list[ResolutionObjectionLine] = field(default_factory=list)


@part
class DisplayLine:
    """A resolution in a list."""

    resolution_id: str
    unit_code: str
    motion: str
    state: DisplayState
    displayed_until: datetime
    objections: int


@reply
class DisplaysReply:
    """Resolutions with their displays."""

    resolutions: list[DisplayLine] = field(default_factory=list)


def display_reply(
    display: Display, resolution: Resolution, now: datetime, *, reader: str = "", is_inside: bool = False
) -> DisplayReply:
    """As `reader` sees it; who `is_inside` sees all."""
    same = ("resolution_id", "session_id", "issue_id", "unit_code", "displayed_until", "due_at")
    return DisplayReply(
        **{name: getattr(display, name) for name in same},
        motion=resolution.motion,
        state=display.state_at(now),
        objections=[_line(one, is_inside or one.made_by == reader) for one in display.objections],
    )


def displays_reply(found: list[tuple[Display, Resolution]], now: datetime) -> DisplaysReply:
    same = ("resolution_id", "unit_code", "displayed_until")
    lines = [
        DisplayLine(
            **{name: getattr(display, name) for name in same},
            motion=resolution.motion,
            state=display.state_at(now),
            objections=len(display.objections),
        )
        for display, resolution in found
    ]
    return DisplaysReply(resolutions=lines)


def _line(one: Objection, is_whole: bool) -> ResolutionObjectionLine:
    same = ("number", "organisation", "task_id", "made_at", "due_at", "review", "answer")
    is_shown = is_whole or bool(one.task_id)
    return ResolutionObjectionLine(
        **{name: getattr(one, name) for name in same},
        objector=one.objector if is_shown else "",
        reasons=one.reasons if is_shown else "",
    )
