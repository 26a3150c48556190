"""Every way into the board: what it hears of all services, and what it can be asked. It changes nothing by calls."""

from collections.abc import Sequence

from services.board.domain.session import ABOUT_SESSIONS
from services.board.schemas import replies, requests
from services.board.storage.repository import BoardStore
from services.board.use_cases import events, queries
from shared.auth import Role
from shared.bus.inbox.entrypoint import subscribe
from shared.bus.moment import Moment
from shared.bus.rpc.entrypoint import rpc
from shared.bus.timers.timers import Due
from shared.bus.work import UnitOfWork
from shared.contracts import alarms, evaluation, intake
from shared.contracts import directory as told
from shared.contracts.base import Event, Subject
from shared.directory import learning

READERS = list(Role)


class BoardService:
    """Keeps what can be looked at in tables made for looking. Nothing in them is the truth of anything."""

    name = "board"
    lets_gather = True  # nobody waits for what is only looked at
    work = UnitOfWork(BoardStore)

    def prepare(self, subjects: Sequence[Subject | Due], work: BoardStore, at: Moment) -> None:
        events.prepare(work, subjects, at)

    @subscribe(told.UnitsChangedV1, told.StaffChangedV1, told.OrganisationsChangedV1, told.DirectoryToldV1)
    def learn(self, event: Event, work: BoardStore, at: Moment) -> None:
        learning.learn(work, event, at)

    @subscribe(told.HallsChangedV1)
    def learn_halls(self, event: told.HallsChangedV1, work: BoardStore, at: Moment) -> None:
        events.learn_halls(work, event, at)

    @subscribe(intake.ComplaintAcceptedV1)
    def count_order(self, event: intake.ComplaintAcceptedV1, work: BoardStore, at: Moment) -> None:
        events.count_order(work, event, at)

    @subscribe(intake.IssueRaisedV1)
    def raise_issue(self, event: intake.IssueRaisedV1, work: BoardStore, at: Moment) -> None:
        events.raise_issue(work, event, at)

    @subscribe(*events.STORIES)
    def follow_issue(self, event: Event, work: BoardStore, at: Moment) -> None:
        events.follow_issue(work, event, at)

    @subscribe(*ABOUT_SESSIONS)
    def follow_session(self, event: Event, work: BoardStore, at: Moment) -> None:
        events.follow_session(work, event, at)

    @subscribe(*events.ABOUT_RESOLUTIONS)
    def follow_resolution(self, event: Event, work: BoardStore, at: Moment) -> None:
        events.follow_resolution(work, event, at)

    @subscribe(alarms.IncidentOpenedV1)
    def open_incident(self, event: alarms.IncidentOpenedV1, work: BoardStore, at: Moment) -> None:
        events.open_incident(work, event, at)

    @subscribe(alarms.IncidentSettledV1)
    def settle_incident(self, event: alarms.IncidentSettledV1, work: BoardStore, at: Moment) -> None:
        events.settle_incident(work, event, at)

    @subscribe(evaluation.PeriodPublishedV1)
    def publish_period(self, event: evaluation.PeriodPublishedV1, work: BoardStore, at: Moment) -> None:
        events.publish_period(work, event, at)

    @subscribe(evaluation.ErratumIssuedV1)
    def mend_period(self, event: evaluation.ErratumIssuedV1, work: BoardStore, at: Moment) -> None:
        events.mend_period(work, event, at)

    @rpc(requests.ListIssues, replies.IssuesReply, roles=READERS, reads=True)
    def list_issues(self, request: requests.ListIssues, work: BoardStore, at: Moment) -> replies.IssuesReply:
        return queries.list_issues(work, request, at)

    @rpc(requests.GetIssue, replies.IssueReply, roles=READERS, reads=True)
    def get_issue(self, request: requests.GetIssue, work: BoardStore, at: Moment) -> replies.IssueReply:
        return queries.get_issue(work, request, at)

    @rpc(requests.GetSession, replies.SessionReply, roles=READERS, reads=True)
    def get_session(self, request: requests.GetSession, work: BoardStore, at: Moment) -> replies.SessionReply:
        return queries.get_session(work, request, at)

    @rpc(requests.Search, replies.FoundReply, roles=READERS, reads=True)
    def search(self, request: requests.Search, work: BoardStore, at: Moment) -> replies.FoundReply:
        return queries.search(work, request, at)
