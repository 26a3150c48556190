"""Every way into deliberation: events about sessions, a timer for minutes, and what chair and clerk ask in the hall."""

from collections.abc import Sequence

from services.deliberation.schemas import displays as shown
from services.deliberation.schemas import polls as polling
from services.deliberation.schemas import replies, requests
from services.deliberation.storage.repository import DeliberationStore
from services.deliberation.use_cases import displays, events, minutes, motions, polls, queries, resolutions, sessions
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
from shared.contracts.councils import (
    NoticePublishedV1,
    SessionLapsedV1,
    SessionMovedUpV1,
    SessionPostponedV1,
    SessionScheduledV1,
)
from shared.contracts.dispatch import TaskDeclinedV1
from shared.contracts.intake import WordingConfirmedV1
from shared.contracts.supervision import IssueClosedV1
from shared.directory import learning

HALL = [Role.CHAIR, Role.CLERK]
READERS = [Role.CHAIR, Role.CLERK, Role.LEADER, Role.SUPERVISOR, Role.STREET_SYSTEM]


class DeliberationService:
    """Holds the sessions: the five steps of each motion, the votes, the resolutions, and the record of it all."""

    name = "deliberation"
    work = UnitOfWork(DeliberationStore)

    def prepare(self, subjects: Sequence[Subject | Due], work: DeliberationStore, at: Moment) -> None:
        events.prepare(work, subjects)

    @subscribe(told.UnitsChangedV1)
    @subscribe(told.StaffChangedV1)
    @subscribe(told.DeputiesChangedV1)
    @subscribe(told.DirectoryToldV1)
    def learn(self, event: Event, work: DeliberationStore, at: Moment) -> None:
        learning.learn(work, event, at)

    @subscribe(SessionScheduledV1)
    def call_session(self, event: SessionScheduledV1, work: DeliberationStore, at: Moment) -> None:
        events.call_session(work, event, at)

    @subscribe(WordingConfirmedV1)
    def take_wording(self, event: WordingConfirmedV1, work: DeliberationStore, at: Moment) -> None:
        events.take_wording(work, event, at)

    @subscribe(NoticePublishedV1)
    def announce_agenda(self, event: NoticePublishedV1, work: DeliberationStore, at: Moment) -> None:
        events.announce_agenda(work, event, at)

    @subscribe(SessionPostponedV1)
    def postpone_session(self, event: SessionPostponedV1, work: DeliberationStore, at: Moment) -> None:
        events.postpone_session(work, event, at)

    @subscribe(SessionMovedUpV1)
    def move_up_session(self, event: SessionMovedUpV1, work: DeliberationStore, at: Moment) -> None:
        events.move_up_session(work, event, at)

    @subscribe(SessionLapsedV1)
    def lapse_session(self, event: SessionLapsedV1, work: DeliberationStore, at: Moment) -> None:
        events.lapse_session(work, event, at)

    @subscribe(TaskDeclinedV1)
    def take_declined(self, event: TaskDeclinedV1, work: DeliberationStore, at: Moment) -> None:
        displays.take_declined(work, event, at)

    @subscribe(IssueClosedV1)
    def close_issue(self, event: IssueClosedV1, work: DeliberationStore, at: Moment) -> None:
        events.close_issue(work, event, at)

    @timer(minutes.DUE)
    def pass_due(self, due: Due, work: DeliberationStore, at: Moment) -> None:
        minutes.pass_due(work, due, at)

    @timer(displays.DUE)
    def pass_display(self, due: Due, work: DeliberationStore, at: Moment) -> None:
        displays.pass_due(work, due, at)

    @rpc(requests.RecordArrivals, replies.SessionReply, roles=HALL)
    def record_arrivals(
        self, request: requests.RecordArrivals, work: DeliberationStore, at: Moment
    ) -> replies.SessionReply:
        return sessions.record_arrivals(work, request, at)

    @rpc(requests.RecordDepartures, replies.SessionReply, roles=HALL)
    def record_departures(
        self, request: requests.RecordDepartures, work: DeliberationStore, at: Moment
    ) -> replies.SessionReply:
        return sessions.record_departures(work, request, at)

    @rpc(requests.OpenSession, replies.SessionReply, roles=HALL)
    def open_session(self, request: requests.OpenSession, work: DeliberationStore, at: Moment) -> replies.SessionReply:
        return sessions.open_session(work, request, at)

    @rpc(requests.CloseSession, replies.SessionReply, roles=HALL)
    def close_session(
        self, request: requests.CloseSession, work: DeliberationStore, at: Moment
    ) -> replies.SessionReply:
        return sessions.close_session(work, request, at)

    @rpc(requests.StateMotion, replies.MotionReply, roles=HALL)
    def state_motion(self, request: requests.StateMotion, work: DeliberationStore, at: Moment) -> replies.MotionReply:
        return motions.state_motion(work, request, at)

    @rpc(requests.SecondMotion, replies.MotionReply, roles=HALL)
    def second_motion(self, request: requests.SecondMotion, work: DeliberationStore, at: Moment) -> replies.MotionReply:
        return motions.second_motion(work, request, at)

    @rpc(requests.WithdrawMotion, replies.MotionReply, roles=HALL)
    def withdraw_motion(
        self, request: requests.WithdrawMotion, work: DeliberationStore, at: Moment
    ) -> replies.MotionReply:
        return motions.withdraw_motion(work, request, at)

    @rpc(requests.StateOpposition, replies.MotionReply, roles=HALL)
    def state_opposition(
        self, request: requests.StateOpposition, work: DeliberationStore, at: Moment
    ) -> replies.MotionReply:
        return motions.state_opposition(work, request, at)

    @rpc(requests.RecordTurn, replies.MotionReply, roles=HALL)
    def record_turn(self, request: requests.RecordTurn, work: DeliberationStore, at: Moment) -> replies.MotionReply:
        return motions.record_turn(work, request, at)

    @rpc(requests.CloseDebate, replies.MotionReply, roles=HALL)
    def close_debate(self, request: requests.CloseDebate, work: DeliberationStore, at: Moment) -> replies.MotionReply:
        return motions.close_debate(work, request, at)

    @rpc(requests.GiveOpinion, replies.MotionReply, roles=HALL)
    def give_opinion(self, request: requests.GiveOpinion, work: DeliberationStore, at: Moment) -> replies.MotionReply:
        return motions.give_opinion(work, request, at)

    @rpc(requests.RecordRecusal, replies.MotionReply, roles=HALL)
    def record_recusal(
        self, request: requests.RecordRecusal, work: DeliberationStore, at: Moment
    ) -> replies.MotionReply:
        return motions.record_recusal(work, request, at)

    @rpc(requests.HoldVote, replies.MotionReply, roles=HALL)
    def vote(self, request: requests.HoldVote, work: DeliberationStore, at: Moment) -> replies.MotionReply:
        return motions.vote(work, request, at)

    @timer(polls.DUE)
    def count_due(self, due: Due, work: DeliberationStore, at: Moment) -> None:
        polls.pass_due(work, due, at)

    @rpc(polling.PreviewPoll, polling.PollPreview, roles=HALL, reads=True, private=True)
    def preview_poll(self, request: polling.PreviewPoll, work: DeliberationStore, at: Moment) -> polling.PollPreview:
        return polls.preview_poll(work, request, at)

    @rpc(polling.OpenPoll, polling.PollReply, roles=HALL, private=True)
    def open_poll(self, request: polling.OpenPoll, work: DeliberationStore, at: Moment) -> polling.PollReply:
        return polls.open_poll(work, request, at)

    @rpc(polling.EnterPapers, polling.PollReply, roles=HALL, private=True)
    def enter_papers(self, request: polling.EnterPapers, work: DeliberationStore, at: Moment) -> polling.PollReply:
        return polls.enter_papers(work, request, at)

    @rpc(polling.CheckPapers, polling.PollReply, roles=HALL, private=True)
    def check_papers(self, request: polling.CheckPapers, work: DeliberationStore, at: Moment) -> polling.PollReply:
        return polls.check_entered_papers(work, request, at)

    @rpc(polling.CountPoll, polling.PollReply, roles=HALL, private=True)
    def count_poll(self, request: polling.CountPoll, work: DeliberationStore, at: Moment) -> polling.PollReply:
        return polls.count_poll(work, request, at)

    @rpc(polling.GetPoll, polling.PollReply, roles=list(Role), reads=True, private=True)
    def get_poll(self, request: polling.GetPoll, work: DeliberationStore, at: Moment) -> polling.PollReply:
        return queries.get_poll(work, request, at)

    @rpc(polling.ListPolls, polling.PollsReply, roles=READERS, reads=True)
    def list_polls(self, request: polling.ListPolls, work: DeliberationStore, at: Moment) -> polling.PollsReply:
        return queries.list_polls(work, request, at)

    @rpc(requests.AdoptResolution, replies.ResolutionReply, roles=HALL)
    def adopt_resolution(
        self, request: requests.AdoptResolution, work: DeliberationStore, at: Moment
    ) -> replies.ResolutionReply:
        return resolutions.adopt_resolution(work, request, at)

    @rpc(shown.ObjectToResolution, shown.DisplayReply, roles=[Role.RESIDENT], private=True)
    def object_to_resolution(
        self, request: shown.ObjectToResolution, work: DeliberationStore, at: Moment
    ) -> shown.DisplayReply:
        return displays.object_to_resolution(work, request, at)

    @rpc(shown.RecordObjection, shown.DisplayReply, roles=HALL, private=True)
    def record_objection(
        self, request: shown.RecordObjection, work: DeliberationStore, at: Moment
    ) -> shown.DisplayReply:
        return displays.record_objection(work, request, at)

    @rpc(shown.ReviewObjection, shown.DisplayReply, roles=HALL, private=True)
    def review_objection(
        self, request: shown.ReviewObjection, work: DeliberationStore, at: Moment
    ) -> shown.DisplayReply:
        return displays.review_objection(work, request, at)

    @rpc(shown.GetResolution, shown.DisplayReply, roles=list(Role), reads=True, private=True)
    def get_resolution(self, request: shown.GetResolution, work: DeliberationStore, at: Moment) -> shown.DisplayReply:
        return queries.get_resolution(work, request, at)

    @rpc(shown.ListResolutions, shown.DisplaysReply, roles=list(Role), reads=True)
    def list_resolutions(
        self, request: shown.ListResolutions, work: DeliberationStore, at: Moment
    ) -> shown.DisplaysReply:
        return queries.list_resolutions(work, request, at)

    @rpc(requests.CirculateMinutes, replies.MinutesReply, roles=HALL)
    def circulate_minutes(
        self, request: requests.CirculateMinutes, work: DeliberationStore, at: Moment
    ) -> replies.MinutesReply:
        return minutes.circulate_minutes(work, request, at)

    @rpc(requests.CorrectMinutes, replies.MinutesReply, roles=HALL)
    def correct_minutes(
        self, request: requests.CorrectMinutes, work: DeliberationStore, at: Moment
    ) -> replies.MinutesReply:
        return minutes.correct_minutes(work, request, at)

    @rpc(requests.ObjectToMinutes, replies.MinutesReply, roles=HALL)
    def object_to_minutes(
        self, request: requests.ObjectToMinutes, work: DeliberationStore, at: Moment
    ) -> replies.MinutesReply:
        return minutes.object_to_minutes(work, request, at)

    @rpc(requests.AnswerObjection, replies.MinutesReply, roles=HALL)
    def answer_objection(
        self, request: requests.AnswerObjection, work: DeliberationStore, at: Moment
    ) -> replies.MinutesReply:
        return minutes.answer_objection(work, request, at)

    @rpc(requests.SignMinutes, replies.MinutesReply, roles=HALL)
    def sign_minutes(self, request: requests.SignMinutes, work: DeliberationStore, at: Moment) -> replies.MinutesReply:
        return minutes.sign_minutes(work, request, at)

    @rpc(requests.GetSession, replies.SessionReply, roles=READERS, reads=True)
    def get_session(self, request: requests.GetSession, work: DeliberationStore, at: Moment) -> replies.SessionReply:
        return queries.get_session(work, request, at)

    @rpc(requests.GetMotion, replies.MotionReply, roles=READERS, reads=True)
    def get_motion(self, request: requests.GetMotion, work: DeliberationStore, at: Moment) -> replies.MotionReply:
        return queries.get_motion(work, request, at)

    @rpc(requests.GetMinutes, replies.MinutesReply, roles=READERS, reads=True)
    def get_minutes(self, request: requests.GetMinutes, work: DeliberationStore, at: Moment) -> replies.MinutesReply:
        return queries.get_minutes(work, request, at)

    @rpc(requests.GetRecord, replies.RecordReply, roles=READERS, reads=True)
    def get_record(self, request: requests.GetRecord, work: DeliberationStore, at: Moment) -> replies.RecordReply:
        return queries.get_record(work, request, at)

    @rpc(ListMyWork, MyWorkReply, roles=HALL, reads=True)
    def list_my_work(self, request: ListMyWork, work: DeliberationStore, at: Moment) -> MyWorkReply:
        return queries.list_my_work(work, request, at)
