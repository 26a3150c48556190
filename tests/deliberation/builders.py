"""Builders for the tests of deliberation, and a hall in which a session is played."""

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any, get_type_hints

from services.deliberation.domain.motion import Motion, MotionState, Side, Turn
from services.deliberation.domain.quorum import Invitee
from services.deliberation.domain.session import Session
from services.deliberation.domain.vote import Choice
from services.deliberation.schemas.replies import MinutesReply, MotionReply, RecordReply, SessionReply
from services.deliberation.schemas.requests import BallotPart
from services.deliberation.use_cases import events, minutes, motions, queries, resolutions, sessions
from shared.auth import Caller, Role
from shared.contracts.councils import (
    AgendaItemPart,
    InviteePart,
    SessionMovedUpV1,
    SessionPostponedV1,
    SessionScheduledV1,
)
from shared.contracts.deliberation import FundingSharePart, ResolvedTaskPart
from shared.contracts.vocabulary import MoneySource, PostponementReason, SessionKind
from shared.policy import PolicyBook
from tests.fakes import a_moment

COMMUNITY = "110105017041"
ISSUE = "I-20260302-000001"
FRIDAY = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
POLICY = PolicyBook.load().at(TUESDAY)
CHAIR = Caller("chair-1", frozenset({Role.CHAIR}), COMMUNITY)
CLERK = Caller("clerk-1", frozenset({Role.CLERK}), COMMUNITY)
STREET_CHAIR = Caller("chair-9", frozenset({Role.CHAIR}), "110105017")
STREET_CLERK = Caller("clerk-9", frozenset({Role.CLERK}), "110105017")
STRANGER = Caller("chair-2", frozenset({Role.CHAIR}), "110105018")
ORDINARY, MONEY = MoneySource.NONE, MoneySource.PUBLIC
A_SHED = AgendaItemPart(number=1, matter="停车棚", amount_fen=2_000_000, money=MONEY)
EVERYBODY = [f"P-{number}" for number in range(1, 10)]


def some_deputies(number: int = 9, residents: int = 4) -> list[InviteePart]:
    kinds = ["residents_delegate"] * residents + ["party_delegate"] * (number - residents)
    return [
        InviteePart(person_id=f"P-{place}", name=f"代表{place}", category=kind) for place, kind in enumerate(kinds, 1)
    ]


def some_invitees(number: int = 9, residents: int = 4) -> list[Invitee]:
    return [Invitee(one.person_id, one.name, one.category) for one in some_deputies(number, residents)]


def a_scheduled(number: int = 1, **changes: Any) -> SessionScheduledV1:
    fields: dict[str, Any] = {
        "session_id": f"{ISSUE}/S{number}",
        "issue_id": ISSUE,
        "unit_code": COMMUNITY,
        "number": number,
        "kind": SessionKind.ORDINARY,
        "title": "小区停车",
        "category": "parking",
        "hall_id": "H-1",
        "hall_name": "社区议事厅",
        "starts_at": TUESDAY,
        "deputies": some_deputies(),
        "experts": [InviteePart(person_id="X-1", name="律师", category="lawyer")],
        "lapses_at": changes.get("starts_at", TUESDAY) + timedelta(hours=1),
        "scheduled_at": FRIDAY,
    }
    return SessionScheduledV1(**fields | changes)


def a_postponed(number: int = 1, **changes: Any) -> SessionPostponedV1:
    fields: dict[str, Any] = {
        "session_id": f"{ISSUE}/S{number}",
        "issue_id": ISSUE,
        "unit_code": COMMUNITY,
        "reason": PostponementReason.HALL_LOST,
        "words": "议事厅漏水",
        "postponed_by": "clerk-1",
        "was_to_start_at": TUESDAY,
        "starts_at": TUESDAY + timedelta(days=3),
        "lapses_at": TUESDAY + timedelta(days=3, hours=1),
        "postponed_at": FRIDAY + timedelta(hours=1),
    }
    return SessionPostponedV1(**fields | changes)


def a_moved_up(number: int = 1) -> SessionMovedUpV1:
    return SessionMovedUpV1(
        session_id=f"{ISSUE}/S{number}", issue_id=ISSUE, unit_code=COMMUNITY, moved_up_at=FRIDAY + timedelta(hours=2)
    )


def a_motion(**changes: Any) -> Motion:
    fields: dict[str, Any] = {
        "id": f"{ISSUE}/S1/M1",
        "session_id": f"{ISSUE}/S1",
        "issue_id": ISSUE,
        "unit_code": COMMUNITY,
        "mover": "P-1",
        "motion": "划定十个车位",
        "stated_at": TUESDAY,
    }
    return Motion(**fields | changes)


def a_motion_ready_for_vote(**changes: Any) -> Motion:
    motion = a_motion(**changes)
    motion.second("P-2", POLICY.speech)
    motion.oppose("P-3", "车位不够")
    motion.take_turn(Turn("P-1", Side.FOR, "够用"), POLICY.speech)
    motion.take_turn(Turn("P-3", Side.AGAINST, "不够"), POLICY.speech)
    motion.close_debate()
    motion.advise("X-1", "可以试行", experts_present=[])
    assert motion.state is MotionState.ADVISED
    return motion


def a_task(**changes: Any) -> ResolvedTaskPart:
    fields: dict[str, Any] = {
        "what": "施划车位",
        "leader": "赵",
        "department": "城管科",
        "person": "钱",
        "co_units": ["物业公司"],
        "due_at": TUESDAY + timedelta(days=30),
        "funding": [share("街道", 0.3), share("居民", 0.7)],
    }
    return ResolvedTaskPart(**fields | changes)


def share(payer: str, share_ratio: float, money: MoneySource = MoneySource.DONATIONS) -> FundingSharePart:
    return FundingSharePart(payer=payer, share_ratio=share_ratio, money=money)


def ballots(votes_for: int = 0, against: int = 0, abstain: int = 0) -> list[BallotPart]:
    choices = [Choice.FOR] * votes_for + [Choice.AGAINST] * against + [Choice.ABSTAIN] * abstain
    return [BallotPart(person_id=f"P-{place}", choice=choice) for place, choice in enumerate(choices, 1)]


class Hall:
    """One session, played through the use cases; every call may change its fields."""

    def __init__(self, work: Any, number: int = 1, **scheduled: Any) -> None:
        self.work, self.number = work, number
        event = a_scheduled(number, **scheduled)
        self.now = event.starts_at
        events.call_session(work, event, a_moment(FRIDAY))

    @property
    def session(self) -> Session:
        return self.work.sessions.get(f"{ISSUE}/S{self.number}")

    def ask(self, use_case: Any, *, by: Caller = CHAIR, **fields: Any) -> Any:
        """Call a use case with its request: about this session or its first motion, unless the fields say otherwise."""
        of = {"session_id": f"{ISSUE}/S{self.number}", "motion_id": f"{ISSUE}/S{self.number}/M1"}
        kind = get_type_hints(use_case)["request"]
        named = {field.name for field in dataclasses.fields(kind)}
        known = {name: value for name, value in (of | {"idempotency_key": "k"}).items() if name in named}
        return use_case(self.work, kind(**known | fields), a_moment(self.now, asked_by=by))

    def open(self, present: list[str] | None = None) -> SessionReply:
        self.ask(sessions.record_arrivals, by=CLERK, person_ids=EVERYBODY if present is None else present)
        return self.ask(sessions.open_session)

    def state_motion(self, motion: str = "划定十个车位", new_facts: str = "", **more: Any) -> Motion:
        stated = self.ask(motions.state_motion, mover="P-1", motion=motion, new_facts=new_facts, **more)
        return self.work.motions.get(stated.motion_id)

    def five_steps(self, **motion: Any) -> Motion:
        stated = self.state_motion(**motion)
        of = {"motion_id": stated.id}
        self.ask(motions.second_motion, seconder="P-2", **of)
        self.ask(motions.state_opposition, speaker="", statement="", **of)
        self.ask(motions.close_debate, **of)
        self.ask(motions.give_opinion, expert="X-1", opinion="可以试行", **of)
        return stated

    def vote(self, **cast: int) -> MotionReply:
        return self.ask(motions.vote, ballots=ballots(**cast))

    def carry(self) -> None:
        self.five_steps()
        self.vote(votes_for=7, against=2)
        self.ask(resolutions.adopt_resolution, tasks=[a_task()])

    def sign_minutes(self) -> MinutesReply:
        """Circulated, and signed by both when nobody may object any more."""
        self.now = self.ask(minutes.circulate_minutes).objections_until
        for signer in (CLERK, CHAIR):
            signed = self.ask(minutes.sign_minutes, by=signer)
        return signed

    def record(self) -> RecordReply:
        return self.ask(queries.get_record)
