"""Every way into councils: the events it listens to, the timer that plans sessions, and what it can be asked."""

from collections.abc import Sequence

from services.councils.schemas import replies, requests
from services.councils.storage.repository import CouncilsStore
from services.councils.use_cases import agendas, events, postponements, queries, sessions, successions
from shared.auth import Role
from shared.bus.inbox.entrypoint import subscribe
from shared.bus.moment import Moment
from shared.bus.rpc.entrypoint import rpc
from shared.bus.rpc.my_work import ListMyWork, MyWorkReply
from shared.bus.timers.entrypoint import timer
from shared.bus.timers.timers import Due
from shared.bus.work import UnitOfWork
from shared.contracts import directory as told
from shared.contracts.base import Event, Subject
from shared.contracts.deliberation import (
    DeliberationFailedV1,
    ResolutionAdoptedV1,
    SessionClosedV1,
    SessionInquorateV1,
    SessionOpenedV1,
)
from shared.contracts.intake import IssueListedV1, IssuePlacedV1, WordingConfirmedV1
from shared.contracts.supervision import (
    EscalationUndoneV1,
    IssueClosedV1,
    IssueEscalatedV1,
    IssueReassignedV1,
    IssueReopenedV1,
    IssueReturnedDownV1,
)
from shared.directory import ending
from shared.requests import deciding
from shared.requests import messages as asked

HALL = [Role.CLERK, Role.CHAIR]


class CouncilsService:
    """Calls a session for every issue on a deliberation list: hall, hour, deputies, notice."""

    name = "councils"
    work = UnitOfWork(CouncilsStore)

    def prepare(self, subjects: Sequence[Subject | Due], work: CouncilsStore, at: Moment) -> None:
        events.prepare(work, subjects, at)

    @subscribe(told.UnitsChangedV1)
    def learn_units(self, event: told.UnitsChangedV1, work: CouncilsStore, at: Moment) -> None:
        ending.learn(work, event, at)

    @timer(ending.UNIT_END)
    def leave_ended_unit(self, due: Due, work: CouncilsStore, at: Moment) -> None:
        successions.leave_ended_unit(work, due, at)

    @subscribe(told.StaffChangedV1)
    @subscribe(told.DirectoryToldV1)
    @subscribe(told.HallsChangedV1)
    @subscribe(told.DeputiesChangedV1)
    def learn(self, event: Event, work: CouncilsStore, at: Moment) -> None:
        events.learn(work, event, at)

    @subscribe(IssueListedV1)
    def list_issue(self, event: IssueListedV1, work: CouncilsStore, at: Moment) -> None:
        events.list_issue(work, event, at)

    @subscribe(IssuePlacedV1)
    def follow_placing(self, event: IssuePlacedV1, work: CouncilsStore, at: Moment) -> None:
        successions.follow_placing(work, event, at)

    @subscribe(WordingConfirmedV1)
    def take_wording(self, event: WordingConfirmedV1, work: CouncilsStore, at: Moment) -> None:
        events.take_wording(work, event, at)

    @subscribe(IssueEscalatedV1)
    @subscribe(IssueReturnedDownV1)
    @subscribe(IssueReassignedV1)
    @subscribe(IssueReopenedV1)
    def move_issue(self, event: events.Moved, work: CouncilsStore, at: Moment) -> None:
        events.move_issue(work, event, at)

    @subscribe(EscalationUndoneV1)
    def undo_escalation(self, event: EscalationUndoneV1, work: CouncilsStore, at: Moment) -> None:
        events.undo_escalation(work, event, at)

    @subscribe(IssueClosedV1)
    def close_listing(self, event: IssueClosedV1, work: CouncilsStore, at: Moment) -> None:
        events.close_listing(work, event, at)

    @subscribe(SessionOpenedV1)
    def open_session(self, event: SessionOpenedV1, work: CouncilsStore, at: Moment) -> None:
        events.open_session(work, event, at)

    @subscribe(SessionClosedV1)
    def close_session(self, event: SessionClosedV1, work: CouncilsStore, at: Moment) -> None:
        events.close_session(work, event, at)

    @subscribe(SessionInquorateV1)
    def end_inquorate_session(self, event: SessionInquorateV1, work: CouncilsStore, at: Moment) -> None:
        events.end_inquorate_session(work, event, at)

    @subscribe(DeliberationFailedV1)
    def fail_deliberation(self, event: DeliberationFailedV1, work: CouncilsStore, at: Moment) -> None:
        events.fail_deliberation(work, event, at)

    @subscribe(ResolutionAdoptedV1)
    def resolve_issue(self, event: ResolutionAdoptedV1, work: CouncilsStore, at: Moment) -> None:
        events.resolve_issue(work, event, at)

    @timer("plan")
    def plan_session(self, due: Due, work: CouncilsStore, at: Moment) -> None:
        sessions.plan_session(work, due, at)

    @timer(sessions.TRY_AGAIN)
    def try_all_again(self, due: Due, work: CouncilsStore, at: Moment) -> None:
        sessions.try_all_again(work, due, at)

    @timer(sessions.DUE)
    def pass_due(self, due: Due, work: CouncilsStore, at: Moment) -> None:
        sessions.pass_due(work, due, at)

    @rpc(requests.GetSession, replies.SessionReply, roles=list(Role), reads=True)
    def get_session(self, request: requests.GetSession, work: CouncilsStore, at: Moment) -> replies.SessionReply:
        return queries.get_session(work, request, at)

    @rpc(requests.ListSessions, replies.SessionsReply, roles=list(Role), reads=True)
    def list_sessions(self, request: requests.ListSessions, work: CouncilsStore, at: Moment) -> replies.SessionsReply:
        return queries.list_sessions(work, request, at)

    @rpc(requests.ListHalls, replies.HallsReply, roles=list(Role), reads=True)
    def list_halls(self, request: requests.ListHalls, work: CouncilsStore, at: Moment) -> replies.HallsReply:
        return queries.list_halls(work, request, at)

    @rpc(requests.ListDeputies, replies.DeputiesReply, roles=list(Role), reads=True)
    def list_deputies(self, request: requests.ListDeputies, work: CouncilsStore, at: Moment) -> replies.DeputiesReply:
        return queries.list_deputies(work, request, at)

    @rpc(ListMyWork, MyWorkReply, roles=HALL, reads=True)
    def list_my_work(self, request: ListMyWork, work: CouncilsStore, at: Moment) -> MyWorkReply:
        return queries.list_my_work(work, request, at)

    @rpc(requests.PostponeSession, asked.RequestReply, roles=HALL)
    def postpone_session(
        self, request: requests.PostponeSession, work: CouncilsStore, at: Moment
    ) -> asked.RequestReply:
        return postponements.postpone_session(work, request, at)

    @rpc(asked.DecideRequest, asked.RequestReply, roles=HALL)
    def decide_request(self, request: asked.DecideRequest, work: CouncilsStore, at: Moment) -> asked.RequestReply:
        return postponements.decide_request(work, request, at)

    @timer(deciding.REQUEST)
    def decide_by_default(self, due: Due, work: CouncilsStore, at: Moment) -> None:
        postponements.decide_by_default(work, due, at)

    @rpc(asked.GetRequest, asked.RequestReply, roles=HALL, reads=True)
    def get_request(self, request: asked.GetRequest, work: CouncilsStore, at: Moment) -> asked.RequestReply:
        return postponements.get_request(work, request, at)

    @rpc(asked.ListRequests, asked.RequestsReply, roles=HALL, reads=True)
    def list_requests(self, request: asked.ListRequests, work: CouncilsStore, at: Moment) -> asked.RequestsReply:
        return deciding.list_requests(work, request, at)

    @rpc(requests.PutOnAgenda, replies.SessionReply, roles=HALL)
    def put_on_agenda(self, request: requests.PutOnAgenda, work: CouncilsStore, at: Moment) -> replies.SessionReply:
        return agendas.put_on_agenda(work, request, at)
