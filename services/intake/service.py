"""Every way into intake 集: what it listens to and what it can be asked."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from services.intake import use_cases
from services.intake.domain.catalogue_file import read_catalogue
from services.intake.domain.reading import Reader
from services.intake.schemas import (
    ComplaintListReply,
    ComplaintReply,
    DeliberationListReply,
    GetComplaint,
    GetIssue,
    IssueReply,
    LinkComplaint,
    ListComplaints,
    ListDeliberation,
    UnlinkComplaint,
)
from services.intake.storage.repository import IntakeStore
from shared.auth import Role
from shared.bus import Moment, UnitOfWork, rpc, subscribe
from shared.contracts.base import Event
from shared.contracts.deliberation import ResolutionAdoptedV1
from shared.contracts.dispatch import HandlingFailedV1, IssueHandledV1
from shared.contracts.evaluation import CallbackCompletedV1, RedoOrderedV1
from shared.contracts.hotline import ComplaintFiledV1
from shared.contracts.supervision import IssueClosedV1, IssueEscalatedV1, IssueReopenedV1, IssueReturnedDownV1
from shared.settings import settings
from shared.units import UnitDirectory


@cache
def the_reader() -> Reader:
    """The catalogue and the units of this process, read when first needed."""
    return Reader(read_catalogue(settings().categories_file), UnitDirectory.load(settings().units_file))


class IntakeService:
    """Takes complaints in, and says which issues grow from them."""

    name = "intake"
    work = UnitOfWork(IntakeStore)

    def prepare(self, events: Sequence[Event], work: IntakeStore, at: Moment) -> None:
        use_cases.prepare(work, events, reader=the_reader(), policies=at.policies, now=at.now)

    def refuse(self, fault: Any, work: IntakeStore, at: Moment) -> None:
        use_cases.reject(
            work,
            order_no=fault.order_no,
            message_id=fault.message_id,
            reason=fault.reason,
            fields=fault.fields,
            now=at.now,
        )

    @subscribe(ComplaintFiledV1)
    def take_in(self, event: ComplaintFiledV1, work: IntakeStore, at: Moment) -> None:
        use_cases.take_in(work, event, reader=the_reader(), policies=at.policies, now=at.now)

    @subscribe(IssueHandledV1)
    def reply_to_callers(self, event: IssueHandledV1, work: IntakeStore, at: Moment) -> None:
        use_cases.reply_to_callers(work, event, now=at.now)

    @subscribe(HandlingFailedV1)
    def list_failed_issue(self, event: HandlingFailedV1, work: IntakeStore, at: Moment) -> None:
        use_cases.list_failed_issue(work, event, now=at.now)

    @subscribe(ResolutionAdoptedV1)
    def settle_listing(self, event: ResolutionAdoptedV1, work: IntakeStore, at: Moment) -> None:
        use_cases.settle_listing(work, event)

    @subscribe(CallbackCompletedV1)
    def note_callback(self, event: CallbackCompletedV1, work: IntakeStore, at: Moment) -> None:
        use_cases.note_callback(work, event)

    @subscribe(RedoOrderedV1)
    def order_redo(self, event: RedoOrderedV1, work: IntakeStore, at: Moment) -> None:
        use_cases.order_redo(work, event)

    @subscribe(IssueEscalatedV1)
    def move_up(self, event: IssueEscalatedV1, work: IntakeStore, at: Moment) -> None:
        use_cases.move_issue(work, event, moved_at=event.escalated_at)

    @subscribe(IssueReturnedDownV1)
    def move_down(self, event: IssueReturnedDownV1, work: IntakeStore, at: Moment) -> None:
        use_cases.move_issue(work, event, moved_at=event.returned_at)

    @subscribe(IssueReopenedV1)
    def reopen_issue(self, event: IssueReopenedV1, work: IntakeStore, at: Moment) -> None:
        use_cases.reopen_issue(work, event)

    @subscribe(IssueClosedV1)
    def close_issue(self, event: IssueClosedV1, work: IntakeStore, at: Moment) -> None:
        use_cases.close_issue(work, event, now=at.now)

    @rpc(GetComplaint, ComplaintReply, roles=[Role.HOTLINE, Role.CLERK, Role.SUPERVISOR], reads=True)
    def get_complaint(self, request: GetComplaint, work: IntakeStore, at: Moment) -> ComplaintReply:
        return use_cases.get_complaint(work, request, by=at.caller)

    @rpc(ListComplaints, ComplaintListReply, roles=[Role.CLERK, Role.CHAIR, Role.SUPERVISOR], reads=True)
    def list_complaints(self, request: ListComplaints, work: IntakeStore, at: Moment) -> ComplaintListReply:
        return use_cases.list_complaints(work, request, by=at.caller)

    @rpc(GetIssue, IssueReply, roles=[Role.CLERK, Role.CHAIR, Role.HANDLER, Role.LEADER, Role.SUPERVISOR], reads=True)
    def get_issue(self, request: GetIssue, work: IntakeStore, at: Moment) -> IssueReply:
        return use_cases.get_issue(work, request, by=at.caller)

    @rpc(ListDeliberation, DeliberationListReply, roles=[Role.CLERK, Role.CHAIR, Role.SUPERVISOR], reads=True)
    def list_deliberation(self, request: ListDeliberation, work: IntakeStore, at: Moment) -> DeliberationListReply:
        return use_cases.list_deliberation(work, request, by=at.caller, units=the_reader().units)

    @rpc(LinkComplaint, ComplaintReply, roles=[Role.CLERK])
    def link_complaint(self, request: LinkComplaint, work: IntakeStore, at: Moment) -> ComplaintReply:
        return use_cases.link_complaint(work, request, by=at.caller, policies=at.policies, now=at.now)

    @rpc(UnlinkComplaint, ComplaintReply, roles=[Role.CLERK])
    def unlink_complaint(self, request: UnlinkComplaint, work: IntakeStore, at: Moment) -> ComplaintReply:
        return use_cases.unlink_complaint(
            work, request, by=at.caller, reader=the_reader(), policies=at.policies, now=at.now
        )
