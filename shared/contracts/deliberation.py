"""What deliberation 议 tells: the steps of each motion, the votes, resolutions, failures and minutes."""

from dataclasses import field
from datetime import datetime

from marshmallow import validate

from shared.contracts.base import Event, Part, checked, event, part, text
from shared.contracts.vocabulary import (
    ContributionKind,
    Decider,
    ElectorateKind,
    FailureReason,
    MoneySource,
    Review,
    SessionKind,
    VoteOutcome,
)


@part
class FundingSharePart(Part):
    """Who bears which share of the cost, and whose money that is; the shares of a task add up to 1.

    Gifts in kind and volunteers' hours say in `given` what is given, and need no share."""

    payer: str
    kind: ContributionKind = ContributionKind.MONEY
    money: MoneySource = MoneySource.NONE
    share_ratio: float = checked(validate.Range(min=0, max=1), default=0.0)
    given: str = text(longest=200, shortest=0, default="")


@part
class ResolvedTaskPart(Part):
    """A task that a resolution gives, with the five things: leader, department, person, co-units, time limit."""

    what: str = text(longest=500)
    leader: str = text(longest=100)
    department: str = text(longest=100)
    person: str = text(longest=100)
    co_units: list[str] = field(default_factory=list)
    due_at: datetime
    funding: list[FundingSharePart] = field(default_factory=list)


@event(publisher="deliberation", subject="issue_id")
class SessionOpenedV1(Event):
    """The chair opened the session; `present` counts deputies who had arrived by then.

    `chair` and `clerks`, who kept its record until then, are people of the directory, by their ids; older messages
    do not say who.
    """

    session_id: str
    issue_id: str
    unit_code: str
    chair: str = ""
    clerks: list[str] = field(default_factory=list)
    present: int
    opened_at: datetime


@event(publisher="deliberation", subject="issue_id")
class SessionInquorateV1(Event):
    """Too few came. A second call follows within the policy's days; two in a row are a failed deliberation."""

    session_id: str
    issue_id: str
    unit_code: str
    kind: SessionKind
    present: int
    needed: int
    closed_at: datetime


@event(publisher="deliberation", subject="issue_id")
class SessionClosedV1(Event):
    """The session ended after its motions were decided."""

    session_id: str
    issue_id: str
    unit_code: str
    motions: int
    carried: int
    closed_at: datetime


@event(publisher="deliberation", subject="issue_id")
class MotionStatedV1(Event):
    """Step one 动议: the mover states the motion, under an item of the agenda where money is at stake (0: none)."""

    motion_id: str
    session_id: str
    issue_id: str
    mover: str
    motion: str
    item: int
    amount_fen: int
    money: MoneySource
    decided_by: Decider
    leaves_as_is: bool
    stated_at: datetime


@event(publisher="deliberation", subject="issue_id")
class MotionSecondedV1(Event):
    """Step two 附议."""

    motion_id: str
    session_id: str
    issue_id: str
    seconder: str
    seconded_at: datetime


@event(publisher="deliberation", subject="issue_id")
class OppositionStatedV1(Event):
    """Step three 反对方陈述: the opposing side spoke, or it is on record that there is none (`speaker` empty)."""

    motion_id: str
    session_id: str
    issue_id: str
    speaker: str
    statement: str
    stated_at: datetime


@event(publisher="deliberation", subject="issue_id")
class MotionDebatedV1(Event):
    """Step four 辩论: the debate is over, after so many turns."""

    motion_id: str
    session_id: str
    issue_id: str
    turns: int
    debated_at: datetime


@event(publisher="deliberation", subject="issue_id")
class OpinionGivenV1(Event):
    """Step five 议事能手发表意见: an expert gave a view, or it is on record that there was none (`expert` empty)."""

    motion_id: str
    session_id: str
    issue_id: str
    expert: str
    opinion: str
    given_at: datetime


@event(publisher="deliberation", subject="issue_id")
class MotionVotedV1(Event):
    """A vote with its base: present at its moment, who voted how many, and what was needed, by which rule: `quorum` and
    `majority` are the bars, such as `>= 2/3`.

    A motion has another vote, with the next number, where one was void and enough came back."""

    motion_id: str
    session_id: str
    issue_id: str
    number: int
    outcome: VoteOutcome
    votes_for: int
    votes_against: int
    abstained: int
    recused: int
    present: int
    invited: int
    quorum_needed: int
    residents: int
    residents_needed: int
    votes_needed: int
    quorum: str = ""
    majority: str = ""
    voted_at: datetime


@event(publisher="deliberation", subject="issue_id")
class MotionWithdrawnV1(Event):
    """The mover took the motion back before it was seconded; or its issue was closed while it was not decided."""

    motion_id: str
    session_id: str
    issue_id: str
    withdrawn_at: datetime


@part
class OptionVotesPart(Part):
    """How many chose an option; areas count where owners vote."""

    option: str
    heads: int
    area_m2: float


@event(publisher="deliberation", subject="issue_id")
class PollOpenedV1(Event):
    """A motion is put to households or owners on paper 逐户表决; what came in by `closes_at` is checked by `due_at`.

    The electorate is frozen: so many heads, with so much area."""

    poll_id: str
    motion_id: str
    session_id: str
    issue_id: str
    unit_code: str
    electorate: ElectorateKind
    options: list[str]
    heads: int
    area_m2: float
    opens_at: datetime
    closes_at: datetime
    due_at: datetime
    opened_at: datetime


@event(publisher="deliberation", subject="issue_id")
class PollCountedV1(Event):
    """What a poll came to 计票, with its base and the bars that held. `option` is empty where none was carried.

    `heads` took part; who handed in nothing did not, and is for no option."""

    poll_id: str
    motion_id: str
    session_id: str
    issue_id: str
    unit_code: str
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
    counted_at: datetime


@event(publisher="deliberation", subject="issue_id")
class ResolutionAdoptedV1(Event):
    """A motion was carried and its resolution 决议 names the tasks that follow from it.

    Where others than the council decide, it is a recommendation 建议, and its tasks carry it to them.
    To leave it as it is 维持现状 has no tasks, and ends the issue's deliberation. Where a poll carried it, `poll_id`
    names it, and `option` what was chosen: owners who voted have decided themselves."""

    resolution_id: str
    issue_id: str
    session_id: str
    unit_code: str
    motion: str
    leaves_as_is: bool = False
    amount_fen: int = 0
    money: MoneySource = MoneySource.NONE
    decided_by: Decider = Decider.COUNCIL
    poll_id: str = ""
    option: str = ""
    tasks: list[ResolvedTaskPart]
    adopted_at: datetime


@event(publisher="deliberation", subject="issue_id")
class ResolutionPublishedV1(Event):
    """On public display 公示 until 24:00 of its last day, which is the instant named; so long anybody may object."""

    resolution_id: str
    issue_id: str
    unit_code: str
    published_at: datetime
    displayed_until: datetime


@event(publisher="deliberation", subject="issue_id")
class ResolutionObjectedV1(Event):
    """Somebody objects 异议 to a resolution on display, or an organisation declines its task; answered by `due_at`.

    `organisation` and `reasons` are those of an organisation; what a resident says and who it is travels nowhere.
    """

    resolution_id: str
    issue_id: str
    unit_code: str
    number: int
    organisation: str = ""
    task_id: str = ""
    reasons: str = ""
    due_at: datetime
    objected_at: datetime


@event(publisher="deliberation", subject="issue_id")
class ResolutionReviewedV1(Event):
    """An objection to a resolution has its answer: it stands, or is no more, and is deliberated anew here or above.

    `is_default`: nobody answered in time, and so the residents deliberate anew.
    """

    resolution_id: str
    issue_id: str
    unit_code: str
    number: int
    review: Review
    answer: str = ""
    is_default: bool = False
    reviewed_by: str
    reviewed_at: datetime


@event(publisher="deliberation", subject="issue_id")
class DeliberationFailedV1(Event):
    """A session came to nothing 协商失灵; `failures` counts those of this issue at this unit so far."""

    issue_id: str
    session_id: str
    unit_code: str
    kind: SessionKind
    reason: FailureReason
    failures: int
    failed_at: datetime


@event(publisher="deliberation", subject="issue_id")
class MinutesCirculatedV1(Event):
    """The draft minutes 会议纪要 went to those who were present, who may object for so long."""

    session_id: str
    issue_id: str
    circulated_at: datetime
    objections_until: datetime


@event(publisher="deliberation", subject="issue_id")
class MinutesObjectedV1(Event):
    """Somebody who took part says that the draft minutes are wrong. It stays in them, with its answer."""

    session_id: str
    issue_id: str
    number: int
    person_id: str
    objection: str
    objected_at: datetime


@event(publisher="deliberation", subject="issue_id")
class ObjectionAnsweredV1(Event):
    """An objection to the draft minutes was answered; before that they are not signed."""

    session_id: str
    issue_id: str
    number: int
    answer: str
    answered_by: str
    answered_at: datetime


@event(publisher="deliberation", subject="issue_id")
class MinutesCorrectedV1(Event):
    """A correction was appended; what was written before stays."""

    session_id: str
    issue_id: str
    correction: str
    corrected_by: str
    corrected_at: datetime


@event(publisher="deliberation", subject="issue_id")
class MinutesSignedV1(Event):
    """Chair and clerk, two people who were there, have signed; `head_hash` closes the chain of what was recorded."""

    session_id: str
    issue_id: str
    chair: str
    clerk: str
    head_hash: str
    signed_at: datetime


@event(publisher="deliberation", subject="issue_id")
class MinutesOverdueV1(Event):
    """Minutes in this state 逾期未签署 wait although they were due: to be circulated, or to be signed by two."""

    session_id: str
    issue_id: str
    unit_code: str
    state: str
    due_at: datetime
    told_at: datetime
