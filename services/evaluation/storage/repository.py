"""Finding and keeping issues, the surveys of their orders, completed callbacks, and periods.

The lock on an issue guards its surveys, so that two answers about one issue are judged one after the other. What is
read before that lock is what another transaction may be about to change.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from services.evaluation.domain.callback import Callback
from services.evaluation.domain.charge import Charge
from services.evaluation.domain.errors import UnknownOrder, UnknownPeriod
from services.evaluation.domain.issue import Issue
from services.evaluation.domain.lead import Lead
from services.evaluation.domain.period import Erratum, Period, PeriodState
from services.evaluation.domain.rates import Charged, Sample
from services.evaluation.domain.survey import Survey, SurveyState
from services.evaluation.storage import organisations, tables
from shared.bus.work import Store
from shared.contracts.vocabulary import Asker
from shared.storage import LostRace, Repository, Writes, is_any, streaming
from shared.storage.work import Work

STREAMED = 5000


class IssueRepository(Repository[Issue]):
    entity, table = Issue, tables.issues

    def lock_of_orders(self, order_nos: Iterable[str]) -> set[str]:
        """Lock the issues that these orders belong to. Says which they are."""
        of_order = tables.surveys.c
        theirs = select(of_order.issue_id).where(is_any(of_order.order_no, order_nos))
        at = tables.issues.c
        locking = self.select_from_here().where(at.id.in_(theirs)).order_by(at.id).with_for_update()
        locked = {issue.id for issue in self.look_up(locking)}
        self._locked |= locked
        return locked


class SurveyRepository(Repository[Survey]):
    """Surveys by order number. To lock one is to lock its issue."""

    entity, table = Survey, tables.surveys
    movable = frozenset({"issue_id"})

    def __init__(self, work: Work, issues: IssueRepository) -> None:
        super().__init__(work)
        self._issues = issues

    def unknown(self, key: str) -> UnknownOrder:
        return UnknownOrder(f"no order has the number {key!r}", {"order_no": ["Unknown order."]})

    def lock_all(self, keys: Iterable[str]) -> None:
        """Their issues first; then they are read, with all surveys of these issues."""
        wanted = {key for key in keys if key not in self._locked}
        self._locked |= wanted
        if unread := wanted - self._kept.keys():
            self.load_of("issue_id", self._issues.lock_of_orders(unread))
            self.load(unread)

    def list_asking(self, unit_codes: Collection[str] | None, asker: Asker, *, after: str, most: int) -> list[Survey]:
        """Whom the hotline, or one of us, is to ask now in these units, or anywhere, by order number."""
        at, issue = tables.surveys.c, tables.issues.c
        asking = self.select_from_here().join(tables.issues, issue.id == at.issue_id)
        wanted = asking.where(at.state == SurveyState.ASKING, at.asker == asker, at.order_no > after)
        if unit_codes is not None:
            wanted = wanted.where(is_any(issue.unit_code, unit_codes))
        return self.look_up(wanted.order_by(at.order_no).limit(most))

    def list_answers_due(self, unit_codes: Collection[str] | None, asker: Asker, most: int) -> list[Survey]:
        """Whom somebody is to ask now in these units, or anywhere, by when the round ends."""
        at, issue = tables.surveys.c, tables.issues.c
        asking = self.select_from_here().join(tables.issues, issue.id == at.issue_id)
        wanted = asking.where(at.state == SurveyState.ASKING, at.asker == asker)
        if unit_codes is not None:
            wanted = wanted.where(is_any(issue.unit_code, unit_codes))
        return self.look_up(wanted.order_by(at.answer_by, at.order_no).limit(most))

    def requests_of(self, period_id: str) -> dict[str, int]:
        """How many orders came in a period, by the unit that stands in the ranks for the one they first went to."""
        at = tables.surveys.c
        counted = select(at.rank_unit, func.count()).where(at.period_id == period_id).group_by(at.rank_unit)
        return {row[0]: row[1] for row in self.connection.execute(counted)}


class ChargeRepository(Repository[Charge]):
    """Dispatches that have ended."""

    entity, table = Charge, tables.charges


class CallbackRepository(Repository[Callback]):
    """Completed callbacks. They are added and read, never changed."""

    entity, table = Callback, tables.callbacks

    def samples_of(self, period_id: str) -> Iterator[Sample]:
        """What counts in a period, by order and time."""
        return self._samples(tables.callbacks.c.period_id == period_id, _left_out(period_id))

    def samples_between(self, from_at: datetime, to_at: datetime) -> Iterator[Sample]:
        """What was completed from then until just before then, by order and time."""
        at = tables.callbacks.c
        return self._samples((at.completed_at >= from_at) & (at.completed_at < to_at), _left_out())

    def _samples(self, condition: ColumnElement[bool], left_out: Select[Any]) -> Iterator[Sample]:
        """Row by row: a city's month is millions of them."""
        at = tables.callbacks.c
        answers = (at.reached, at.contacted, at.solved, at.satisfaction)
        query = (
            select(at.order_no, at.rank_unit, at.community, at.charged, at.dispatch_kind, at.asked_by, *answers)
            .where(condition, at.is_self_check.is_(False), at.is_late.is_(False), at.order_no.not_in(left_out))
            .order_by(at.order_no, at.completed_at, at.round)
            .execution_options(yield_per=STREAMED)
        )
        with streaming(self.connection):
            for row in self.connection.execute(query):
                order_no, rank_unit, community, charged, *rest = row
                borne = [Charged(id, name, group, Fraction(share)) for id, name, group, share in charged]
                yield Sample(order_no, rank_unit, community, borne, *rest)


def _left_out(period_id: str = "") -> Select[Any]:
    """Orders that the hotline left out of the rates; of a period that is frozen, before it was."""
    survey, period = tables.surveys.c, tables.periods.c
    left_out = select(survey.order_no).where(survey.excluded_at.is_not(None))
    if not period_id:
        return left_out
    frozen_at = select(period.frozen_at).where(period.id == period_id).scalar_subquery()
    return left_out.where(frozen_at.is_(None) | (survey.excluded_at <= frozen_at))


class LeadRepository(Repository[Lead]):
    """Who led tasks of an issue, from when to when. The lock on the issue guards them."""

    entity, table = Lead, tables.leads


class PeriodRepository(Repository[Period]):
    """Periods. Whoever counts something in one shares a lock on it, which the freeze waits for."""

    entity, table = Period, tables.periods

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self._shared: set[str] = set()

    def unknown(self, key: str) -> UnknownPeriod:
        return UnknownPeriod(f"nothing has counted in a period {key!r}", {"period_id": ["Unknown period."]})

    def find_and_share_lock(self, period_id: str) -> Period | None:
        """To count something in; it is not frozen before this transaction ends."""
        if period_id not in self._shared | self._locked:
            self._shared.add(period_id)
            self._kept.setdefault(period_id, None)
            sharing = self.select_from_here().where(tables.periods.c.id == period_id)
            self._read(sharing.with_for_update(read=True), afresh=True)
        return self._seen(period_id)

    def find_before(self, period: Period) -> Period | None:
        """The one that ended where this one starts, if anything counted in it."""
        ended = self.select_from_here().where(tables.periods.c.ends_at == period.starts_at)
        return next(iter(self.look_up(ended)), None)

    def list_latest(self, most: int) -> list[Period]:
        return self.look_up(self.select_from_here().order_by(tables.periods.c.id.desc()).limit(most))

    def flush(self, writes: Writes) -> None:
        for period in self._kept.values():
            if period is not None and period.id not in self._stored:
                self._begin(period)
        super().flush(writes)

    def _begin(self, period: Period) -> None:
        """Write a new period down, unless it is there. Raises LostRace if it was frozen meanwhile: do it again.

        Of two transactions that begin it at once the second waits here for the first, and both share a lock on it.
        """
        values = self._values_of(period)
        first = Writes(self.connection)
        first.insert(self.table, [dict(zip(self._names, values, strict=True))], unless_there="id")
        first.flush()
        at = tables.periods.c
        there = self.connection.scalar(select(at.state).where(at.id == period.id).with_for_update(read=True))
        if there is not PeriodState.OPEN:
            raise LostRace(f"period {period.id} was begun and frozen by others")
        self._stored[period.id] = values


class ErratumRepository(Repository[Erratum]):
    entity, table = Erratum, tables.errata


class EvaluationStore(Store):
    """The unit of work that evaluation's use cases see."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.issues = IssueRepository(self)
        self.surveys = SurveyRepository(self, self.issues)
        self.charges = ChargeRepository(self)
        self.callbacks = CallbackRepository(self)
        self.leads = LeadRepository(self)
        self.periods = PeriodRepository(self)
        self.errata = ErratumRepository(self)

    def organisations(self, now: datetime) -> dict[str, organisations.Ranked]:
        """Those that are ranked by themselves, by id. Raises NotTold before the directory was told."""
        return organisations.ranked_as_of(self.directory, now)
