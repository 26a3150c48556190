"""Every way into evaluation: the events it listens to, its timers, the answers of callers, and what it can be asked."""

from collections.abc import Sequence
from typing import Any

from services.evaluation import schemas, use_cases
from services.evaluation.storage.repository import EvaluationStore
from services.evaluation.use_cases.asking import CALLBACK
from services.evaluation.use_cases.periods import FREEZE
from shared.auth import Role
from shared.bus import Due, Moment, UnitOfWork, rpc, subscribe, timer
from shared.contracts import Event
from shared.contracts.dispatch import IssueHandledV1
from shared.contracts.intake import ComplaintLinkedV1, ComplaintUnlinkedV1
from shared.contracts.supervision import IssueClosedV1, IssueEscalatedV1, IssueReopenedV1, IssueReturnedDownV1

ASKERS = [Role.CALLBACK_AGENT, Role.EVALUATOR, Role.SUPERVISOR]
READERS = [role for role in Role if role is not Role.OPERATOR]


class EvaluationService:
    """Asks the people concerned when the limit expires, judges handled issues by their answers, and ranks the units."""

    name = "evaluation"
    work = UnitOfWork(EvaluationStore)

    def prepare(self, events: Sequence[Event], work: EvaluationStore, at: Moment) -> None:
        use_cases.prepare(work, events)

    @subscribe(ComplaintLinkedV1)
    def follow_link(self, event: ComplaintLinkedV1, work: EvaluationStore, at: Moment) -> None:
        use_cases.follow_link(work, event, **_rules(at))

    @subscribe(ComplaintUnlinkedV1)
    def follow_unlink(self, event: ComplaintUnlinkedV1, work: EvaluationStore, at: Moment) -> None:
        use_cases.follow_unlink(work, event, **_rules(at))

    @subscribe(IssueHandledV1)
    def take_handling(self, event: IssueHandledV1, work: EvaluationStore, at: Moment) -> None:
        use_cases.take_handling(work, event, **_rules(at))

    @subscribe(IssueEscalatedV1)
    def climb(self, event: IssueEscalatedV1, work: EvaluationStore, at: Moment) -> None:
        use_cases.move_issue(work, event, moved_at=event.escalated_at, **_rules(at))

    @subscribe(IssueReturnedDownV1)
    def come_down(self, event: IssueReturnedDownV1, work: EvaluationStore, at: Moment) -> None:
        use_cases.move_issue(work, event, moved_at=event.returned_at, **_rules(at))

    @subscribe(IssueReopenedV1)
    def open_again(self, event: IssueReopenedV1, work: EvaluationStore, at: Moment) -> None:
        use_cases.move_issue(work, event, moved_at=event.reopened_at, **_rules(at))

    @subscribe(IssueClosedV1)
    def close_issue(self, event: IssueClosedV1, work: EvaluationStore, at: Moment) -> None:
        use_cases.close_issue(work, event)

    @timer(CALLBACK)
    def start_callback(self, due: Due, work: EvaluationStore, at: Moment) -> None:
        use_cases.start_callback(work, due.ref, now=at.now)

    @timer(FREEZE)
    def freeze_period(self, due: Due, work: EvaluationStore, at: Moment) -> None:
        use_cases.freeze_period(work, due.ref, **_rules(at))

    @rpc(schemas.RecordCallback, schemas.SurveyReply, roles=[Role.CALLBACK_AGENT])
    def record_callback(self, request: Any, work: EvaluationStore, at: Moment) -> Any:
        return use_cases.record_callback(work, request, by=at.caller, **_rules(at))

    @rpc(schemas.GetSurvey, schemas.SurveyReply, roles=ASKERS, reads=True)
    def get_survey(self, request: Any, work: EvaluationStore, at: Moment) -> Any:
        return use_cases.get_survey(work, request, by=at.caller)

    @rpc(schemas.ListCallbacksDue, schemas.CallbacksDueReply, roles=ASKERS, reads=True)
    def list_callbacks_due(self, request: Any, work: EvaluationStore, at: Moment) -> Any:
        return use_cases.list_callbacks_due(work, request, by=at.caller)

    @rpc(schemas.GetRates, schemas.RatesReply, roles=READERS, reads=True)
    def get_rates(self, request: Any, work: EvaluationStore, at: Moment) -> Any:
        return use_cases.get_rates(work, request, by=at.caller, policies=at.policies)

    @rpc(schemas.GetRanking, schemas.RankingReply, roles=READERS, reads=True)
    def get_ranking(self, request: Any, work: EvaluationStore, at: Moment) -> Any:
        return use_cases.get_ranking(work, request, by=at.caller, policies=at.policies)

    @rpc(schemas.GetPeriod, schemas.PeriodReply, roles=READERS, reads=True)
    def get_period(self, request: Any, work: EvaluationStore, at: Moment) -> Any:
        return use_cases.get_period(work, request, by=at.caller)

    @rpc(schemas.ListPeriods, schemas.PeriodsReply, roles=READERS, reads=True)
    def list_periods(self, request: Any, work: EvaluationStore, at: Moment) -> Any:
        return use_cases.list_periods(work, request, by=at.caller)

    @rpc(schemas.VerifyPeriod, schemas.VerifiedReply, roles=[Role.EVALUATOR, Role.SUPERVISOR], reads=True)
    def verify_period(self, request: Any, work: EvaluationStore, at: Moment) -> Any:
        return use_cases.verify_period(work, request, policies=at.policies)

    @rpc(schemas.PublishPeriod, schemas.PeriodReply, roles=[Role.EVALUATOR])
    def publish_period(self, request: Any, work: EvaluationStore, at: Moment) -> Any:
        return use_cases.publish_period(work, request, now=at.now)

    @rpc(schemas.IssueErratum, schemas.PeriodReply, roles=[Role.EVALUATOR])
    def issue_erratum(self, request: Any, work: EvaluationStore, at: Moment) -> Any:
        return use_cases.issue_erratum(work, request, by=at.caller, now=at.now)


def _rules(at: Moment) -> dict[str, Any]:
    return {"policies": at.policies, "now": at.now}
