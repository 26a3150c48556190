"""What is asked about polls and answered: the electorate, papers with their checks, and what it came to.

Who chose what is for those who collect and check; everybody else sees the counts.
"""

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime

from marshmallow import validate

from services.deliberation.domain.electorate import AREA_UNITS, Dwelling, base_of
from services.deliberation.domain.motion import session_of
from services.deliberation.domain.poll import Box, Paper, Poll, PollState
from services.deliberation.domain.tally import Tally
from services.deliberation.schemas.requests import AboutMotion
from shared.auth import Caller
from shared.bus.rpc.messages import reply, request, unit_code
from shared.contracts.base import checked, each, listed, part, text
from shared.contracts.deliberation import OptionVotesPart
from shared.contracts.vocabulary import ElectorateKind, VoteOutcome

_ID = validate.Length(min=1, max=120)
LONGEST_REGISTER = 5000
LONGEST_FILE = 400_000
"""In base64: some 290 kB."""
MOST_LISTED = 200


def _poll_id() -> str:
    return text(longest=170)  # type: ignore[no-any-return]


def _key() -> str:
    return text(longest=100, says="The same key gives the same reply, and the command is carried out once.")  # type: ignore[no-any-return]


class AboutPoll:
    poll_id: str

    @property
    def subject(self) -> str:
        """Its session."""
        return session_of(motion_of(self.poll_id))


def motion_of(poll_id: str) -> str:
    """The motion that a poll is on: the poll's id without its last part."""
    return poll_id.rpartition("/")[0]


@part
class DwellingPart:
    """A row of the register of households or owners: a flat, and whoever holds it, by their ids there."""

    dwelling: str = text(longest=120)
    holders: list[str] = checked(validate.Length(min=1, max=20), each(_ID))
    area_m2: float = checked(validate.Range(min=0, max=1_000_000), default=0.0, says="Owners' votes count by it too.")

    def as_dwelling(self) -> Dwelling:
        return Dwelling(self.dwelling, tuple(self.holders), round(self.area_m2 * AREA_UNITS))

    @classmethod
    def of(cls, one: Dwelling) -> "DwellingPart":
        return cls(dwelling=one.id, holders=list(one.holders), area_m2=square_metres(one.area))


@request
class PutToPoll(AboutMotion):
    """What is put to whom, for how long.

    `options` are two or more, such as designs; none for yes or no.
    """

    motion_id: str = text(longest=160)
    electorate: ElectorateKind
    options: list[str] = listed(each(validate.Length(min=1, max=200), most=20))
    days: int = checked(validate.Range(min=1, max=1000), says="For so long papers are taken; the policy has limits.")
    owners_item: int = checked(
        validate.Range(min=0, max=9), default=0, says="Of owners: the item of 民法典 278 that they vote on."
    )


@request
class PreviewPoll(PutToPoll):
    """What would follow if it were opened with the register in a file: its name, its bytes in base64."""

    name: str = text()
    content: str = checked(validate.Length(min=4, max=LONGEST_FILE))


@request
class OpenPoll(PutToPoll):
    """逐户表决: put a motion that is ready for its vote to households or owners, on paper, instead of to the hall."""

    register: list[DwellingPart] = checked(validate.Length(min=1, max=LONGEST_REGISTER))
    idempotency_key: str = _key()


@part
class PaperPart:
    """A paper 表决票 of a voter. `choice` counts the options from 1; 0: none is marked."""

    dwelling: str = text(longest=120, says="Any of the voter's.")
    choice: int = checked(validate.Range(min=0, max=20))
    signed_by: list[str] = checked(validate.Length(max=20), each(_ID), says="Who acts for the holders; none: they all.")
    authorised: str = text(
        longest=200, shortest=0, default="", says="The writing by which one signs for others; empty where all signed."
    )


@request
class EnterPapers(AboutPoll):
    """Papers as they were collected. With one that can't be entered, none is."""

    poll_id: str = _poll_id()
    papers: list[PaperPart] = checked(validate.Length(min=1, max=500))
    idempotency_key: str = _key()


@request
class CheckPapers(AboutPoll):
    """Held against the papers by somebody else than who entered them: these are right, these wrong, and why."""

    poll_id: str = _poll_id()
    right: list[int] = listed(validate.Length(max=500))
    wrong: list[int] = listed(validate.Length(max=500))
    reason: str = text(longest=500, shortest=0, default="", says="What is wrong; they are entered anew.")
    idempotency_key: str = _key()


@request
class CountPoll(AboutPoll):
    """计票: after the window, or when every voter's paper is checked; or else by itself, at `due_at`."""

    poll_id: str = _poll_id()
    idempotency_key: str = _key()


@request
class GetPoll:
    """A poll, as far as it is for the caller."""

    poll_id: str = _poll_id()


@request
class ListPolls:
    """Those of a unit and all inside it, what is to be counted first before what is."""

    unit_code: str = unit_code()
    open_only: bool = False
    most: int = checked(validate.Range(min=1, max=MOST_LISTED), default=MOST_LISTED)


@part
class RegisterFaultLine:
    """What is wrong in a row of a sheet, as a spreadsheet counts them; row 0 is the sheet as a whole."""

    sheet: str
    row: int
    column: str
    value: str
    wrong: str
    right: str


@reply
class PollPreview:
    """The register as it was read, and what would be opened with it; nothing of that while there are faults."""

    rows: int
    faults: list[RegisterFaultLine]
    faults_in_all: int
    register: list[DwellingPart] = field(default_factory=list)
    base_heads: int = 0
    base_area_m2: float = 0.0
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    due_at: datetime | None = None


@part
class PollLine:
    """A poll in a list. `title` is that of its session; `option` what was carried."""

    poll_id: str
    issue_id: str
    unit_code: str
    title: str
    motion: str
    electorate: ElectorateKind
    state: PollState
    opens_at: datetime
    closes_at: datetime
    due_at: datetime
    outcome: VoteOutcome | None = None
    option: str = ""


@reply
class PollsReply:
    """Polls in the order in which they were asked for."""

    polls: list[PollLine]


@part
class PaperLine:
    """A paper; `is_checked` by somebody else; `is_own` is what the caller entered, and so does not check."""

    number: int
    dwelling: str
    choice: int
    signed_by: list[str]
    authorised: str
    entered_by: str
    is_checked: bool
    is_own: bool


@part
class TallyLine:
    """What it came to, with its base and the bars that held."""

    outcome: VoteOutcome
    option: str
    votes: list[OptionVotesPart]
    abstained: int
    heads: int
    area_m2: float
    base_heads: int
    base_area_m2: float
    unchecked: int
    quorum_heads: str
    quorum_area: str
    majority: str
    counted_by: str
    counted_at: datetime


@reply
class PollReply:
    """Where a poll stands. `papers` and `outstanding` (dwellings without one) are for those who collect."""

    poll_id: str
    motion_id: str
    motion: str
    issue_id: str
    unit_code: str
    electorate: ElectorateKind
    options: list[str]
    owners_item: int
    state: PollState
    opens_at: datetime
    closes_at: datetime
    due_at: datetime
    base_heads: int
    base_area_m2: float
    entered: int
    unchecked: int
    tally: TallyLine | None = None
    papers: list[PaperLine] = field(default_factory=list)
    outstanding: list[str] = field(default_factory=list)


def preview_of(poll: Poll, register: Sequence[Dwelling]) -> PollPreview:
    """What would be opened."""
    base = base_of(poll.voters)
    return PollPreview(
        rows=len(register),
        faults=[],
        faults_in_all=0,
        register=[DwellingPart.of(one) for one in register],
        base_heads=base.heads,
        base_area_m2=square_metres(base.area),
        opens_at=poll.opens_at,
        closes_at=poll.closes_at,
        due_at=poll.due_at,
    )


def poll_line(poll: Poll, title: str, motion: str, tally: Tally | None) -> PollLine:
    same = ("issue_id", "unit_code", "electorate", "state", "opens_at", "closes_at", "due_at")
    return PollLine(
        poll_id=poll.id,
        title=title,
        motion=motion,
        **{name: getattr(poll, name) for name in same},
        outcome=tally.outcome if tally is not None else None,
        option=chosen_in(poll, tally) if tally is not None else "",
    )


def poll_reply(poll: Poll, motion: str, box: Box, tally: Tally | None, *, collector: Caller | None) -> PollReply:
    """With papers, and who is still to be asked, for a collector alone."""
    base = base_of(poll.voters)
    same = ("motion_id", "issue_id", "unit_code", "electorate", "owners_item", "state", "opens_at", "closes_at")
    return PollReply(
        poll_id=poll.id,
        motion=motion,
        **{name: getattr(poll, name) for name in same},
        options=list(poll.options),
        due_at=poll.due_at,
        base_heads=base.heads,
        base_area_m2=square_metres(base.area),
        entered=len(box.standing),
        unchecked=len(box.unchecked),
        tally=_tally_line(poll, tally) if tally is not None else None,
        papers=_paper_lines(box, collector.person_id) if collector is not None else [],
        outstanding=_outstanding(poll, box) if collector is not None else [],
    )


def _outstanding(poll: Poll, box: Box) -> list[str]:
    """The dwellings that have handed in nothing, one for each voter."""
    voters = poll.by_dwelling()
    has_paper = {voters.get(paper.dwelling) for paper in box.standing}
    return [one.dwellings[0] for one in poll.voters if one not in has_paper]


def counts_of(poll: Poll, tally: Tally) -> dict[str, object]:
    """What is told of a tally, in the words of the poll."""
    same = ("outcome", "abstained", "heads", "base_heads", "unchecked", "quorum_heads", "quorum_area", "majority")
    votes = [
        OptionVotesPart(option=poll.options[one.option - 1], heads=one.heads, area_m2=square_metres(one.area))
        for one in tally.votes
    ]
    return {
        **{name: getattr(tally, name) for name in same},
        "option": chosen_in(poll, tally),
        "votes": votes,
        "area_m2": square_metres(tally.area),
        "base_area_m2": square_metres(tally.base_area),
        "counted_at": tally.counted_at,
    }


def chosen_in(poll: Poll, tally: Tally) -> str:
    """The words of what was carried; empty where nothing was."""
    return poll.options[tally.option - 1] if tally.option else ""


def square_metres(area: int) -> float:
    return area / AREA_UNITS


def _tally_line(poll: Poll, tally: Tally) -> TallyLine:
    return TallyLine(**counts_of(poll, tally), counted_by=tally.counted_by)  # type: ignore[arg-type]


def _paper_lines(box: Box, reader: str) -> list[PaperLine]:
    unchecked = {paper.number for paper in box.unchecked}
    return [_paper_line(paper, paper.number not in unchecked, reader) for paper in _by_number(box.standing)]


def _by_number(papers: Sequence[Paper]) -> list[Paper]:
    return sorted(papers, key=lambda one: one.number)


def _paper_line(paper: Paper, is_checked: bool, reader: str) -> PaperLine:
    same = ("number", "dwelling", "choice", "authorised", "entered_by")
    return PaperLine(
        **{name: getattr(paper, name) for name in same},
        signed_by=list(paper.signed_by),
        is_checked=is_checked,
        is_own=paper.entered_by == reader,
    )
