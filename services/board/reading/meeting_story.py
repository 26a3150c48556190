"""What was moved, voted, polled and resolved in an issue's sessions, and the minutes of each, from its story."""

from collections.abc import Collection, Mapping, Sequence

from services.board.domain.words import MinutesState, MotionState
from services.board.reading import lists
from services.board.reading.looking import Look
from services.board.reading.meetings import (
    AgendaLine,
    CountShown,
    FundingShown,
    InvitedShown,
    MinutesObjection,
    MinutesShown,
    MotionShown,
    ObjectionShown,
    OptionShown,
    PollShown,
    PostponedShown,
    ResolutionShown,
    ResolvedTask,
)
from services.board.reading.shapes import ResolutionRow
from services.board.reading.telling import Facts, Story, Told, instant
from shared.contracts.vocabulary import (
    ContributionKind,
    Decider,
    ElectorateKind,
    MoneySource,
    PostponementReason,
    Review,
    VoteOutcome,
)

Names = Mapping[str, str]
"""Of those who were invited, by their person ids."""
_STEPS = {
    "motion_stated.v1": MotionState.STATED,
    "motion_seconded.v1": MotionState.SECONDED,
    "opposition_stated.v1": MotionState.OPPOSED,
    "motion_debated.v1": MotionState.DEBATED,
    "opinion_given.v1": MotionState.ADVISED,
    "poll_opened.v1": MotionState.POLLED,
    "motion_withdrawn.v1": MotionState.WITHDRAWN,
}
_NOTHING: Facts = {}


def motions(story: Story) -> list[MotionShown]:
    names = story.names
    found = (_motion(events, names) for events in story.groups("motion_id").values())
    return [one for one in found if one is not None]


def polls(story: Story) -> list[PollShown]:
    fallen = {one.facts["motion_id"] for one in story.of("motion_withdrawn.v1")}
    found = (_poll(events, fallen) for events in story.groups("poll_id").values())
    return [one for one in found if one is not None]


def resolutions(look: Look, story: Story, issue_id: str) -> list[ResolutionShown]:
    """The newest first."""
    told = story.groups("resolution_id")
    rows = lists.resolutions(look, issue_id=issue_id) if told else []
    return [_resolution(look, row, told[row.resolution_id]) for row in rows if row.resolution_id in told]


def minutes(look: Look, story: Story, session_id: str) -> MinutesShown:
    """Signed by name; who signed and has no post there any more, nor had, is shown by none."""
    events = story.groups("session_id").get(session_id, [])
    names = story.names
    circulated = [one for one in events if one.kind == "minutes_circulated.v1"]
    signed = next((one for one in events if one.kind == "minutes_signed.v1"), None)
    state = MinutesState.CIRCULATED if circulated else MinutesState.AWAITED
    signers = look.staff_of(_unit_of(events), signed.at) if signed else {}
    answers = {one.facts["number"]: one.facts["answer"] for one in events if one.kind == "objection_answered.v1"}
    return MinutesShown(
        state=MinutesState.SIGNED if signed else state,
        circulated_at=circulated[-1].at if circulated else None,
        objections_until=instant(circulated[-1].facts, "objections_until") if circulated else None,
        objections=[
            MinutesObjection(
                number=one.facts["number"],
                by=names.get(one.facts["person_id"], ""),
                objection=one.facts["objection"],
                answer=answers.get(one.facts["number"], ""),
            )
            for one in events
            if one.kind == "minutes_objected.v1"
        ],
        corrections=[one.facts["correction"] for one in events if one.kind == "minutes_corrected.v1"],
        chair=_name(signers, signed.facts["chair"]) if signed else "",
        clerk=_name(signers, signed.facts["clerk"]) if signed else "",
        head_hash=signed.facts["head_hash"] if signed else "",
        signed_at=signed.at if signed else None,
    )


def _unit_of(events: Sequence[Told]) -> str:
    """Where a session was called."""
    return str(next((one.facts["unit_code"] for one in events if one.kind == "session_scheduled.v1"), ""))


def agenda(events: Sequence[Told]) -> list[AgendaLine]:
    """As the last notice named it."""
    named = [one.facts["agenda"] for one in events if "agenda" in one.facts]
    return [AgendaLine(**{**item, "money": MoneySource(item["money"])}) for item in (named[-1] if named else [])]


def invited(scheduled: Facts) -> list[InvitedShown]:
    deputies = [(who, False) for who in scheduled["deputies"]]
    experts = [(who, True) for who in scheduled["experts"]]
    return [
        InvitedShown(name=who["name"], category=who["category"], is_expert=is_expert)
        for who, is_expert in (*deputies, *experts)
    ]


def postponed(events: Sequence[Told]) -> list[PostponedShown]:
    return [
        PostponedShown(
            reason=PostponementReason(one.facts["reason"]),
            words=one.facts["words"],
            was_to_start_at=instant(one.facts, "was_to_start_at"),
            starts_at=instant(one.facts, "starts_at"),
            postponed_at=one.at,
        )
        for one in events
        if one.kind == "session_postponed.v1"
    ]


def _motion(events: Sequence[Told], names: Names) -> MotionShown | None:
    """None where its first step was not heard yet."""
    step = {one.kind: one.facts for one in events}
    stated = next((one for one in events if one.kind == "motion_stated.v1"), None)
    if stated is None:
        return None
    opposed, advised = (step.get(kind, _NOTHING) for kind in ("opposition_stated.v1", "opinion_given.v1"))
    votes = [_count(one) for one in events if one.kind == "motion_voted.v1"]
    facts = stated.facts
    return MotionShown(
        motion_id=facts["motion_id"],
        session_id=facts["session_id"],
        motion=facts["motion"],
        mover=_name(names, facts["mover"]),
        item=facts["item"],
        amount_fen=facts["amount_fen"],
        money=MoneySource(facts["money"]),
        decided_by=Decider(facts["decided_by"]),
        leaves_as_is=facts["leaves_as_is"],
        state=_state(events, votes),
        stated_at=stated.at,
        seconder=_name(names, step.get("motion_seconded.v1", _NOTHING).get("seconder", "")),
        opposed_by=_name(names, opposed.get("speaker", "")),
        opposition=opposed.get("statement", ""),
        turns=step.get("motion_debated.v1", _NOTHING).get("turns"),
        expert=_name(names, advised.get("expert", "")),
        opinion=advised.get("opinion", ""),
        votes=votes,
    )


def _state(events: Sequence[Told], votes: Sequence[CountShown]) -> MotionState:
    """What its last vote came to; else the furthest of its steps."""
    if votes:
        return MotionState(max(votes, key=lambda one: one.number).outcome.value)
    reached = {_STEPS[one.kind] for one in events if one.kind in _STEPS}
    return next(state for state in reversed(_STEPS.values()) if state in reached)


def _count(one: Told) -> CountShown:
    numbers = {name: value for name, value in one.facts.items() if name not in ("motion_id", "session_id", "outcome")}
    return CountShown(**numbers, outcome=VoteOutcome(one.facts["outcome"]), voted_at=one.at)


def _name(names: Names, person_id: str) -> str:
    """As it stood in the invitation; nobody is shown by an id."""
    return names.get(person_id, "")


def _poll(events: Sequence[Told], fallen: Collection[str]) -> PollShown | None:
    """None where it was not heard yet that it was opened."""
    opened = next((one.facts for one in events if one.kind == "poll_opened.v1"), None)
    if opened is None:
        return None
    counted = next((one for one in events if one.kind == "poll_counted.v1"), None)
    result = counted.facts if counted else _NOTHING
    return PollShown(
        poll_id=opened["poll_id"],
        motion_id=opened["motion_id"],
        session_id=opened["session_id"],
        electorate=ElectorateKind(opened["electorate"]),
        options=opened["options"],
        base_heads=opened["heads"],
        base_area_m2=opened["area_m2"],
        opens_at=instant(opened, "opens_at"),
        closes_at=instant(opened, "closes_at"),
        due_at=instant(opened, "due_at"),
        is_withdrawn=counted is None and opened["motion_id"] in fallen,
        counted_at=counted.at if counted else None,
        outcome=VoteOutcome(result["outcome"]) if result else None,
        votes=[OptionShown(**one) for one in result.get("votes", [])],
        **{name: result.get(name, "") for name in ("option", "quorum_heads", "quorum_area", "majority")},
        **{name: result.get(name, 0) for name in ("abstained", "heads", "area_m2", "unchecked")},
    )


def _resolution(look: Look, row: ResolutionRow, events: Sequence[Told]) -> ResolutionShown:
    adopted = next((one.facts for one in events if one.kind == "resolution_adopted.v1"), _NOTHING)
    reviews = {one.facts["number"]: one for one in events if one.kind == "resolution_reviewed.v1"}
    objected = [one for one in events if one.kind == "resolution_objected.v1"]
    names = look.organisations([one.facts["organisation"] for one in objected])
    return ResolutionShown(
        row=row,
        amount_fen=adopted.get("amount_fen", 0),
        money=MoneySource(adopted.get("money", MoneySource.NONE)),
        poll_id=adopted.get("poll_id", ""),
        option=adopted.get("option", ""),
        tasks=[_resolved(task) for task in adopted.get("tasks", [])],
        objections=[_objection(one, reviews.get(one.facts["number"]), names) for one in objected],
    )


def _resolved(task: Facts) -> ResolvedTask:
    funding = [
        FundingShown(**{**one, "kind": ContributionKind(one["kind"]), "money": MoneySource(one["money"])})
        for one in task["funding"]
    ]
    same = {name: task[name] for name in ("what", "leader", "department", "person", "co_units")}
    return ResolvedTask(**same, due_at=instant(task, "due_at"), funding=funding)


def _objection(one: Told, review: Told | None, names: Names) -> ObjectionShown:
    said = review.facts if review else _NOTHING
    organisation = one.facts["organisation"]
    return ObjectionShown(
        number=one.facts["number"],
        organisation=names.get(organisation, organisation),
        reasons=one.facts["reasons"],
        objected_at=one.at,
        due_at=instant(one.facts, "due_at"),
        review=Review(said["review"]) if said else None,
        answer=said.get("answer", ""),
        is_default=said.get("is_default", False),
        reviewed_at=review.at if review else None,
    )
