"""Every way into councils."""

from services.councils import use_cases
from services.councils.council_book import council_book
from services.councils.schemas import (
    DeputiesReply,
    GetSession,
    HallsReply,
    ListDeputies,
    ListHalls,
    ListSessions,
    PostponeSession,
    SessionReply,
    SessionsReply,
)
from services.councils.storage.repository import CouncilsStore
from shared.auth import Role
from shared.bus import Due, Moment, UnitOfWork, rpc, subscribe, timer
from shared.contracts.deliberation import (
    DeliberationFailedV1,
    ResolutionAdoptedV1,
    SessionClosedV1,
    SessionInquorateV1,
    SessionOpenedV1,
)
from shared.contracts.intake import IssueListedV1
from shared.contracts.supervision import IssueClosedV1, IssueEscalatedV1, IssueReopenedV1, IssueReturnedDownV1


class CouncilsService:
    """Calls a session for every issue on a deliberation list: hall, hour, deputies, notice."""

    name = "councils"
    work = UnitOfWork(CouncilsStore)

    @subscribe(IssueListedV1)
    def list_issue(self, event: IssueListedV1, work: CouncilsStore, at: Moment) -> None:
        use_cases.list_issue(work, event, now=at.now)

    @timer("plan")
    def plan_session(self, due: Due, work: CouncilsStore, at: Moment) -> None:
        use_cases.plan_session(work, due.ref, book=council_book(), policy_for=at.policy_in, now=at.now)

    @subscribe(SessionOpenedV1)
    def open_session(self, event: SessionOpenedV1, work: CouncilsStore, at: Moment) -> None:
        use_cases.open_session(work, event)

    @subscribe(SessionClosedV1)
    def close_session(self, event: SessionClosedV1, work: CouncilsStore, at: Moment) -> None:
        use_cases.close_session(work, event)

    @subscribe(SessionInquorateV1)
    def end_inquorate_session(self, event: SessionInquorateV1, work: CouncilsStore, at: Moment) -> None:
        use_cases.end_inquorate_session(work, event, policy=at.policy_in(event.unit_code), now=at.now)

    @subscribe(DeliberationFailedV1)
    def fail_deliberation(self, event: DeliberationFailedV1, work: CouncilsStore, at: Moment) -> None:
        use_cases.fail_deliberation(work, event, policy=at.policy_in(event.unit_code), now=at.now)

    @subscribe(ResolutionAdoptedV1)
    def resolve_issue(self, event: ResolutionAdoptedV1, work: CouncilsStore, at: Moment) -> None:
        use_cases.resolve_issue(work, event, now=at.now)

    @subscribe(IssueEscalatedV1)
    def move_issue_up(self, event: IssueEscalatedV1, work: CouncilsStore, at: Moment) -> None:
        use_cases.move_issue(work, event, at=event.escalated_at, now=at.now)

    @subscribe(IssueReturnedDownV1)
    def move_issue_down(self, event: IssueReturnedDownV1, work: CouncilsStore, at: Moment) -> None:
        use_cases.move_issue(work, event, at=event.returned_at, now=at.now)

    @subscribe(IssueReopenedV1)
    def reopen_issue(self, event: IssueReopenedV1, work: CouncilsStore, at: Moment) -> None:
        use_cases.move_issue(work, event, at=event.reopened_at, now=at.now)

    @subscribe(IssueClosedV1)
    def close_listing(self, event: IssueClosedV1, work: CouncilsStore, at: Moment) -> None:
        use_cases.close_listing(work, event, now=at.now)

    @rpc(GetSession, SessionReply, roles=list(Role), reads=True)
    def get_session(self, request: GetSession, work: CouncilsStore, at: Moment) -> SessionReply:
        return use_cases.get_session(work, request)

    @rpc(ListSessions, SessionsReply, roles=list(Role), reads=True)
    def list_sessions(self, request: ListSessions, work: CouncilsStore, at: Moment) -> SessionsReply:
        return use_cases.list_sessions(work, request)

    @rpc(ListHalls, HallsReply, roles=list(Role), reads=True)
    def list_halls(self, request: ListHalls, work: CouncilsStore, at: Moment) -> HallsReply:
        return use_cases.list_halls(work, request, book=council_book())

    @rpc(ListDeputies, DeputiesReply, roles=list(Role), reads=True)
    def list_deputies(self, request: ListDeputies, work: CouncilsStore, at: Moment) -> DeputiesReply:
        return use_cases.list_deputies(work, request, book=council_book())

    @rpc(PostponeSession, SessionReply, roles=[Role.CLERK, Role.CHAIR])
    def postpone_session(self, request: PostponeSession, work: CouncilsStore, at: Moment) -> SessionReply:
        return use_cases.postpone_session(
            work, request, by=at.caller, book=council_book(), policy_for=at.policy_in, now=at.now
        )
