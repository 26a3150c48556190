"""Every way into deliberation: the three events about sessions, and what chair and clerk ask in the hall."""

from functools import cache
from typing import Any

from services.deliberation import use_cases
from services.deliberation.domain.errors import UnknownSession
from services.deliberation.schemas import requests
from services.deliberation.schemas.replies import (
    MinutesReply,
    MotionReply,
    RecordReply,
    ResolutionReply,
    SessionReply,
    minutes_reply,
    motion_reply,
    record_reply,
    resolution_reply,
    session_reply,
)
from services.deliberation.storage.repository import DeliberationStore
from services.deliberation.use_cases.record import session_of
from shared.auth import Role
from shared.bus import Moment, NotYet, UnitOfWork, rpc, subscribe
from shared.calendars import Calendar
from shared.contracts.councils import SessionMovedUpV1, SessionPostponedV1, SessionScheduledV1

HALL = [Role.CHAIR, Role.CLERK]
READERS = [Role.CHAIR, Role.CLERK, Role.LEADER, Role.SUPERVISOR, Role.STREET_SYSTEM]


@cache
def suite_calendar() -> Calendar:
    """The working days, for how long a resolution is displayed."""
    return Calendar.load()


class DeliberationService:
    """Holds the sessions: the five steps of each motion, the votes, the resolutions, and the record of it all."""

    name = "deliberation"
    work = UnitOfWork(DeliberationStore)

    def _rules(self, session_id: str, work: Any, at: Moment) -> dict[str, Any]:
        """The instant, and the policy of the session's unit."""
        session = work.sessions.find(session_id)
        return {"policy": at.policy_in(session.unit_code if session else None), "now": at.now}

    def _motion_rules(self, motion_id: str, work: Any, at: Moment) -> dict[str, Any]:
        return self._rules(session_of(motion_id), work, at)

    @subscribe(SessionScheduledV1)
    def call_session(self, event: Any, work: Any, at: Moment) -> None:
        use_cases.call_session(work, event)

    @subscribe(SessionPostponedV1)
    def postpone_session(self, event: Any, work: Any, at: Moment) -> None:
        try:
            use_cases.postpone_session(work, event)
        except UnknownSession as unknown:
            raise NotYet(str(unknown)) from None

    @subscribe(SessionMovedUpV1)
    def move_up_session(self, event: Any, work: Any, at: Moment) -> None:
        try:
            use_cases.move_up_session(work, event)
        except UnknownSession as unknown:
            raise NotYet(str(unknown)) from None

    @rpc(requests.RecordArrivals, SessionReply, roles=HALL)
    def record_arrivals(self, request: Any, work: Any, at: Moment) -> SessionReply:
        rules = self._rules(request.session_id, work, at)
        session = use_cases.record_arrivals(work, request, by=at.caller, now=rules["now"])
        return session_reply(session, rule=rules["policy"].quorum, at=rules["now"])

    @rpc(requests.RecordDepartures, SessionReply, roles=HALL)
    def record_departures(self, request: Any, work: Any, at: Moment) -> SessionReply:
        rules = self._rules(request.session_id, work, at)
        session = use_cases.record_departures(work, request, by=at.caller, now=rules["now"])
        return session_reply(session, rule=rules["policy"].quorum, at=rules["now"])

    @rpc(requests.OpenSession, SessionReply, roles=HALL)
    def open_session(self, request: Any, work: Any, at: Moment) -> SessionReply:
        rules = self._rules(request.session_id, work, at)
        session = use_cases.open_session(work, request, by=at.caller, **rules)
        return session_reply(session, rule=rules["policy"].quorum, at=rules["now"])

    @rpc(requests.CloseSession, SessionReply, roles=HALL)
    def close_session(self, request: Any, work: Any, at: Moment) -> SessionReply:
        rules = self._rules(request.session_id, work, at)
        session = use_cases.close_session(work, request, by=at.caller, now=rules["now"])
        motions = work.motions.list_of_session(session.id)
        return session_reply(session, motions, rule=rules["policy"].quorum, at=rules["now"])

    @rpc(requests.StateMotion, MotionReply, roles=HALL)
    def state_motion(self, request: Any, work: Any, at: Moment) -> MotionReply:
        rules = self._rules(request.session_id, work, at)
        return motion_reply(use_cases.state_motion(work, request, by=at.caller, **rules))

    @rpc(requests.SecondMotion, MotionReply, roles=HALL)
    def second_motion(self, request: Any, work: Any, at: Moment) -> MotionReply:
        rules = self._motion_rules(request.motion_id, work, at)
        return motion_reply(use_cases.second_motion(work, request, by=at.caller, **rules))

    @rpc(requests.WithdrawMotion, MotionReply, roles=HALL)
    def withdraw_motion(self, request: Any, work: Any, at: Moment) -> MotionReply:
        return motion_reply(use_cases.withdraw_motion(work, request, by=at.caller, now=at.now))

    @rpc(requests.StateOpposition, MotionReply, roles=HALL)
    def state_opposition(self, request: Any, work: Any, at: Moment) -> MotionReply:
        rules = self._motion_rules(request.motion_id, work, at)
        return motion_reply(use_cases.state_opposition(work, request, by=at.caller, **rules))

    @rpc(requests.RecordTurn, MotionReply, roles=HALL)
    def record_turn(self, request: Any, work: Any, at: Moment) -> MotionReply:
        rules = self._motion_rules(request.motion_id, work, at)
        return motion_reply(use_cases.record_turn(work, request, by=at.caller, **rules))

    @rpc(requests.CloseDebate, MotionReply, roles=HALL)
    def close_debate(self, request: Any, work: Any, at: Moment) -> MotionReply:
        return motion_reply(use_cases.close_debate(work, request, by=at.caller, now=at.now))

    @rpc(requests.GiveOpinion, MotionReply, roles=HALL)
    def give_opinion(self, request: Any, work: Any, at: Moment) -> MotionReply:
        return motion_reply(use_cases.give_opinion(work, request, by=at.caller, now=at.now))

    @rpc(requests.RecordRecusal, MotionReply, roles=HALL)
    def record_recusal(self, request: Any, work: Any, at: Moment) -> MotionReply:
        return motion_reply(use_cases.record_recusal(work, request, by=at.caller, now=at.now))

    @rpc(requests.HoldVote, MotionReply, roles=HALL)
    def vote(self, request: Any, work: Any, at: Moment) -> MotionReply:
        rules = self._motion_rules(request.motion_id, work, at)
        use_cases.vote(work, request, by=at.caller, **rules)
        return motion_reply(*use_cases.get_motion(work, request.motion_id, by=at.caller))

    @rpc(requests.AdoptResolution, ResolutionReply, roles=HALL)
    def adopt_resolution(self, request: Any, work: Any, at: Moment) -> ResolutionReply:
        rules = self._motion_rules(request.motion_id, work, at)
        adopted = use_cases.adopt_resolution(work, request, by=at.caller, calendar=suite_calendar(), **rules)
        return resolution_reply(adopted)

    @rpc(requests.CirculateMinutes, MinutesReply, roles=HALL)
    def circulate_minutes(self, request: Any, work: Any, at: Moment) -> MinutesReply:
        return minutes_reply(use_cases.circulate_minutes(work, request, by=at.caller, now=at.now))

    @rpc(requests.CorrectMinutes, MinutesReply, roles=HALL)
    def correct_minutes(self, request: Any, work: Any, at: Moment) -> MinutesReply:
        return minutes_reply(use_cases.correct_minutes(work, request, by=at.caller, now=at.now))

    @rpc(requests.ApproveMinutes, MinutesReply, roles=[Role.CHAIR])
    def approve_minutes(self, request: Any, work: Any, at: Moment) -> MinutesReply:
        return minutes_reply(use_cases.approve_minutes(work, request, by=at.caller, now=at.now))

    @rpc(requests.SignMinutes, MinutesReply, roles=[Role.CHAIR])
    def sign_minutes(self, request: Any, work: Any, at: Moment) -> MinutesReply:
        return minutes_reply(use_cases.sign_minutes(work, request, by=at.caller, now=at.now))

    @rpc(requests.GetSession, SessionReply, roles=READERS, reads=True)
    def get_session(self, request: Any, work: Any, at: Moment) -> SessionReply:
        session, motions = use_cases.get_session(work, request.session_id, by=at.caller)
        return session_reply(session, motions, rule=at.policy_in(session.unit_code).quorum, at=at.now)

    @rpc(requests.GetMotion, MotionReply, roles=READERS, reads=True)
    def get_motion(self, request: Any, work: Any, at: Moment) -> MotionReply:
        return motion_reply(*use_cases.get_motion(work, request.motion_id, by=at.caller))

    @rpc(requests.GetRecord, RecordReply, roles=READERS, reads=True)
    def get_record(self, request: Any, work: Any, at: Moment) -> RecordReply:
        return record_reply(*use_cases.get_record(work, request.session_id, by=at.caller))
