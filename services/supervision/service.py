"""Every way into supervision, and the escalation RPC for street systems. Both stand on the same cases.

They run as two processes, so that a street's call never waits for a burst of events.
"""

from typing import Any

from services.supervision import use_cases
from services.supervision.schemas import (
    CaseReply,
    CasesReply,
    ClockReply,
    Escalate,
    EscalateReply,
    ExplainClock,
    ExplainClockReply,
    ExtendClock,
    GetCase,
    GetTimeline,
    ListCases,
    PauseClock,
    Preview,
    RecordLookBack,
    ResumeClock,
    ReturnDown,
    SettleIncident,
    Status,
    TimelineReply,
    Withdraw,
)
from services.supervision.storage.duty_file import duty_list
from services.supervision.storage.repository import SupervisionStore
from shared.auth import Role
from shared.bus import Moment, UnitOfWork, rpc, subscribe, timer
from shared.contracts import councils, deliberation, dispatch, evaluation, intake

READERS = [Role.SUPERVISOR, Role.LEADER, Role.CLERK, Role.CHAIR, Role.HANDLER, Role.STREET_SYSTEM]
CLIMBERS = [Role.STREET_SYSTEM, Role.LEADER, Role.SUPERVISOR]


class SupervisionService:
    """Keeps a case and its clocks for every issue, says when one runs out, and lets what is unsolved climb."""

    name = "supervision"
    work = UnitOfWork(SupervisionStore)

    def prepare(self, events: list[Any], work: Any, at: Moment) -> None:
        use_cases.preload(work, events)

    @subscribe(intake.IssueRaisedV1)
    def open_case(self, event: Any, work: Any, at: Moment) -> None:
        use_cases.open_case(work, event, policies=at.policies, now=at.now)

    @subscribe(intake.ComplaintLinkedV1)
    def follow_link(self, event: Any, work: Any, at: Moment) -> None:
        use_cases.follow_link(work, event)

    @subscribe(intake.IssueListedV1)
    def follow_listing(self, event: Any, work: Any, at: Moment) -> None:
        use_cases.follow_listing(work, event)

    @subscribe(intake.ComplaintUrgedV1)
    def take_urge(self, event: Any, work: Any, at: Moment) -> None:
        use_cases.take_urge(work, event, policies=at.policies, now=at.now)

    @subscribe(councils.SessionScheduledV1)
    @subscribe(councils.SessionPostponedV1)
    def wait_for_session(self, event: Any, work: Any, at: Moment) -> None:
        use_cases.wait_for_session(work, event, policies=at.policies, now=at.now)

    @subscribe(deliberation.ResolutionAdoptedV1)
    def carry_out_resolution(self, event: Any, work: Any, at: Moment) -> None:
        use_cases.carry_out_resolution(work, event, policies=at.policies, now=at.now)

    @subscribe(deliberation.DeliberationFailedV1)
    def take_failed_deliberation(self, event: Any, work: Any, at: Moment) -> None:
        use_cases.take_failed_deliberation(work, event, policies=at.policies, now=at.now)

    @subscribe(dispatch.IssueHandledV1)
    def await_evaluation(self, event: Any, work: Any, at: Moment) -> None:
        use_cases.await_evaluation(work, event, policies=at.policies, now=at.now)

    @subscribe(dispatch.HandlingFailedV1)
    @subscribe(evaluation.RedoOrderedV1)
    def resume_work(self, event: Any, work: Any, at: Moment) -> None:
        use_cases.resume_work(work, event, policies=at.policies, now=at.now)

    @subscribe(evaluation.IssueEvaluatedV1)
    def take_evaluation(self, event: Any, work: Any, at: Moment) -> None:
        use_cases.take_evaluation(work, event, policies=at.policies, now=at.now)

    @subscribe(deliberation.SessionOpenedV1)
    @subscribe(deliberation.SessionInquorateV1)
    @subscribe(dispatch.TaskSignedForV1)
    @subscribe(dispatch.TaskBlockedV1)
    def follow_trial(self, event: Any, work: Any, at: Moment) -> None:
        use_cases.follow_trial(work, event)

    @subscribe(intake.ComplaintUnlinkedV1)
    @subscribe(councils.NoticePublishedV1)
    @subscribe(councils.SessionMovedUpV1)
    @subscribe(deliberation.SessionClosedV1)
    @subscribe(deliberation.MotionVotedV1)
    @subscribe(deliberation.ResolutionPublishedV1)
    @subscribe(deliberation.MinutesSignedV1)
    @subscribe(dispatch.TaskAssignedV1)
    @subscribe(dispatch.TaskReturnedV1)
    @subscribe(dispatch.TaskExtendedV1)
    @subscribe(dispatch.MilestoneReachedV1)
    @subscribe(dispatch.TaskDoneV1)
    @subscribe(dispatch.TaskAcceptedV1)
    @subscribe(dispatch.TaskSentBackV1)
    @subscribe(evaluation.CallbackCompletedV1)
    def note(self, event: Any, work: Any, at: Moment) -> None:
        use_cases.note(work, event)

    @timer("clock")
    def ring(self, due: Any, work: Any, at: Moment) -> None:
        use_cases.ring(work, due.ref, policies=at.policies, now=at.now)

    @timer("look_back")
    def announce_look_back(self, due: Any, work: Any, at: Moment) -> None:
        use_cases.announce_look_back(work, due.ref, now=at.now)

    @rpc(GetCase, CaseReply, roles=READERS, reads=True)
    def get_case(self, request: Any, work: Any, at: Moment) -> CaseReply:
        return use_cases.get_case(work, request, by=at.caller, now=at.now)

    @rpc(ListCases, CasesReply, roles=READERS, reads=True)
    def list_cases(self, request: Any, work: Any, at: Moment) -> CasesReply:
        return use_cases.list_cases(work, request, by=at.caller)

    @rpc(GetTimeline, TimelineReply, roles=READERS, reads=True)
    def timeline(self, request: Any, work: Any, at: Moment) -> TimelineReply:
        return use_cases.get_timeline(work, request, by=at.caller)

    @rpc(ExplainClock, ExplainClockReply, roles=READERS, reads=True)
    def explain_clock(self, request: Any, work: Any, at: Moment) -> ExplainClockReply:
        return use_cases.explain_clock(work, request, by=at.caller, now=at.now)

    @rpc(PauseClock, ClockReply, roles=[Role.SUPERVISOR])
    def pause_clock(self, request: Any, work: Any, at: Moment) -> ClockReply:
        clock = use_cases.pause_clock(work, request, by=at.caller, policies=at.policies, now=at.now)
        return use_cases.clock_reply(clock, now=at.now)

    @rpc(ResumeClock, ClockReply, roles=[Role.SUPERVISOR])
    def resume_clock(self, request: Any, work: Any, at: Moment) -> ClockReply:
        clock = use_cases.resume_clock(work, request, by=at.caller, policies=at.policies, now=at.now)
        return use_cases.clock_reply(clock, now=at.now)

    @rpc(ExtendClock, ClockReply, roles=[Role.SUPERVISOR, Role.LEADER])
    def extend_clock(self, request: Any, work: Any, at: Moment) -> ClockReply:
        clock = use_cases.extend_clock(work, request, by=at.caller, policies=at.policies, now=at.now)
        return use_cases.clock_reply(clock, now=at.now)

    @rpc(RecordLookBack, CaseReply, roles=[Role.SUPERVISOR])
    def record_look_back(self, request: Any, work: Any, at: Moment) -> CaseReply:
        case = use_cases.record_look_back(work, request, by=at.caller, policies=at.policies, now=at.now)
        return use_cases.case_reply(work, case, now=at.now)

    @rpc(ReturnDown, CaseReply, roles=[Role.SUPERVISOR, Role.LEADER])
    def return_down(self, request: Any, work: Any, at: Moment) -> CaseReply:
        case = use_cases.return_down(work, request, by=at.caller, policies=at.policies, now=at.now)
        return use_cases.case_reply(work, case, now=at.now)

    @rpc(SettleIncident, CaseReply, roles=[Role.SUPERVISOR])
    def settle_incident(self, request: Any, work: Any, at: Moment) -> CaseReply:
        case = use_cases.settle_incident(work, request, by=at.caller, policies=at.policies, now=at.now)
        return use_cases.case_reply(work, case, now=at.now)


class EscalationService:
    """Lets street systems, written by anyone in any language, send an issue up one holder."""

    name = "escalation"
    work = UnitOfWork(SupervisionStore, publishes=False)

    @rpc(Escalate, EscalateReply, roles=CLIMBERS)
    def escalate(self, request: Any, work: Any, at: Moment) -> EscalateReply:
        return use_cases.escalate(work, request, by=at.caller, duties=duty_list(), policies=at.policies, now=at.now)

    @rpc(Preview, EscalateReply, roles=CLIMBERS, reads=True)
    def preview(self, request: Any, work: Any, at: Moment) -> EscalateReply:
        return use_cases.preview(work, request, by=at.caller, duties=duty_list(), policies=at.policies, now=at.now)

    @rpc(Status, CaseReply, roles=CLIMBERS, reads=True)
    def status(self, request: Any, work: Any, at: Moment) -> CaseReply:
        return use_cases.case_reply(work, use_cases.status(work, request, by=at.caller), now=at.now)

    @rpc(Withdraw, CaseReply, roles=CLIMBERS)
    def withdraw(self, request: Any, work: Any, at: Moment) -> CaseReply:
        case = use_cases.withdraw(work, request, by=at.caller, policies=at.policies, now=at.now)
        return use_cases.case_reply(work, case, now=at.now)
