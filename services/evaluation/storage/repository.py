"""What evaluation's use cases load and save. A whole batch is loaded at once; after that, finding asks no more.

Whatever changes a survey locks its issue first, so that two answers about one issue are judged one after the other.
Loading surveys before their issue is locked would read what another transaction is about to change.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.evaluation.domain.callback import Callback
from services.evaluation.domain.errors import UnknownOrder, UnknownPeriod
from services.evaluation.domain.issue import Issue
from services.evaluation.domain.period import Erratum, Period
from services.evaluation.domain.rates import Sample
from services.evaluation.domain.survey import Survey, SurveyState
from services.evaluation.storage import tables
from shared.bus import Store
from shared.storage import is_any, streaming

AT_ONCE = 200  # as many as the bus fires timers in one transaction
STREAMED = 5000


class IssueRepository:
    """Issues by id, locked against other transactions, remembered for one unit of work; also which are not there."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, Issue | None] = {}

    def preload(self, ids: Iterable[str]) -> None:
        wanted = sorted(set(ids) - self._known.keys())
        if not wanted:
            return
        self._known.update(dict.fromkeys(wanted))
        c = tables.issues.c
        locking = select(Issue).where(is_any(c.id, wanted)).order_by(c.id).with_for_update()
        self._known.update((issue.id, issue) for issue in self._session.scalars(locking))

    def find(self, issue_id: str) -> Issue | None:
        self.preload([issue_id])
        return self._known[issue_id]

    def look_up(self, issue_id: str) -> Issue | None:
        """To be read only."""
        return self._session.get(Issue, issue_id)

    def add(self, issue: Issue) -> None:
        self._known[issue.id] = issue
        self._session.add(issue)


class SurveyRepository:
    """Surveys by order number and by issue, also those this unit of work has added or moved."""

    def __init__(self, session: Session, issues: IssueRepository) -> None:
        self._session = session
        self._issues = issues
        self._known: dict[str, Survey | None] = {}
        self._by_issue: dict[str, dict[str, Survey]] = {}
        self._whole: set[str] = set()
        self._has_looked_ahead = False

    def preload(self, order_nos: Iterable[str]) -> None:
        """Load these in one query."""
        wanted = set(order_nos) - self._known.keys()
        if not wanted:
            return
        self._known.update(dict.fromkeys(wanted))
        self._keep_all(select(Survey).where(is_any(tables.surveys.c.order_no, wanted)))

    def preload_of_issues(self, issue_ids: Iterable[str]) -> None:
        """Load all surveys of these issues in one query."""
        wanted = set(issue_ids) - self._whole
        if wanted:
            self._whole |= wanted
            self._keep_all(select(Survey).where(is_any(tables.surveys.c.issue_id, wanted)))

    def preload_due(self, now: datetime) -> None:
        """Load, once, those whose timers fire together with this one, and lock their issues."""
        if self._has_looked_ahead:
            return
        self._has_looked_ahead = True
        c = tables.surveys.c
        due = select(c.order_no, c.issue_id).where(c.asks_at <= now).order_by(c.asks_at, c.order_no).limit(AT_ONCE)
        found = self._session.execute(due).all()
        self._issues.preload(row.issue_id for row in found)
        self.preload(row.order_no for row in found)

    def find(self, order_no: str) -> Survey | None:
        self.preload([order_no])
        return self._known[order_no]

    def get_to_change(self, order_no: str) -> Survey:
        """Locks its issue first. Raises UnknownOrder."""
        issue_id = self._session.scalar(select(tables.surveys.c.issue_id).where(tables.surveys.c.order_no == order_no))
        if issue_id is not None:
            self._issues.preload([issue_id])
        return self.look_up(order_no)

    def look_up(self, order_no: str) -> Survey:
        """To be read only. Raises UnknownOrder."""
        survey = self.find(order_no)
        if survey is None:
            raise UnknownOrder(f"no order has the number {order_no!r}", {"order_no": ["Unknown order."]})
        return survey

    def of_issue(self, issue_id: str) -> list[Survey]:
        """By order number."""
        self.preload_of_issues([issue_id])
        candidates = self._by_issue.get(issue_id, {})
        return [survey for _, survey in sorted(candidates.items()) if survey.issue_id == issue_id]

    def add(self, survey: Survey) -> None:
        self._session.add(survey)
        self.keep(survey)

    def keep(self, survey: Survey) -> None:
        """Tell that a survey belongs to its issue now."""
        self._known[survey.order_no] = survey
        self._by_issue.setdefault(survey.issue_id, {})[survey.order_no] = survey

    def asking(self, unit_code: str, *, after: str, most: int) -> list[tuple[Survey, str]]:
        """Whom somebody is to ask now in a unit and those inside it, with the unit, by order number."""
        s, i = tables.surveys.c, tables.issues.c
        inside = (i.unit_code >= unit_code, i.unit_code < f"{unit_code}z") if unit_code else ()
        query = (
            select(Survey, i.unit_code)
            .join(tables.issues, i.id == s.issue_id)
            .where(s.state == SurveyState.ASKING, s.order_no > after, *inside)
        )
        return [(row[0], row[1]) for row in self._session.execute(query.order_by(s.order_no).limit(most))]

    def requests_of(self, period_id: str) -> dict[str, int]:
        """How many orders came in a period, by the unit they first went to."""
        c = tables.surveys.c
        counted = select(c.origin_unit, func.count()).where(c.period_id == period_id).group_by(c.origin_unit)
        return {row[0]: row[1] for row in self._session.execute(counted)}

    def _keep_all(self, query: Any) -> None:
        for survey in self._session.scalars(query):
            self.keep(survey)


class CallbackRepository:
    """Completed callbacks. They are added and read, never changed."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, callback: Callback) -> None:
        self._session.add(callback)

    def of_order(self, order_no: str) -> list[Callback]:
        c = tables.callbacks.c
        return list(self._session.scalars(select(Callback).where(c.order_no == order_no).order_by(c.round)))

    def samples_of(self, period_id: str) -> Iterator[Sample]:
        """What counts in a period, by order and time."""
        return self._samples(tables.callbacks.c.period_id == period_id)

    def samples_between(self, from_at: datetime, to_at: datetime) -> Iterator[Sample]:
        """What was completed from then until just before then, by order and time."""
        c = tables.callbacks.c
        return self._samples((c.completed_at >= from_at) & (c.completed_at < to_at))

    def _samples(self, condition: Any) -> Iterator[Sample]:
        """Row by row: a city's month is millions of them."""
        c = tables.callbacks.c
        query = (
            select(c.order_no, c.unit_code, c.dispatch_kind, c.reached, c.contacted, c.solved, c.satisfaction)
            .where(condition)
            .order_by(c.order_no, c.completed_at, c.round)
            .execution_options(yield_per=STREAMED)
        )
        with streaming(self._session):
            for row in self._session.execute(query):
                yield Sample(*row)


class PeriodRepository:
    """Periods. Whoever counts something in one shares a lock on it, which the freeze waits for."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._counted: dict[str, Period] = {}

    def find_counted(self, period_id: str) -> Period | None:
        """The period, which can't be frozen before this transaction ends."""
        if period_id not in self._counted:
            sharing = select(Period).where(tables.periods.c.id == period_id).with_for_update(read=True)
            found = self._session.scalars(sharing).one_or_none()
            if found is None:
                return None
            self._counted[period_id] = found
        return self._counted[period_id]

    def begin(self, period: Period) -> bool:
        """Write a new period down; False if another transaction did so first. Find it again afterwards."""
        row = {name: getattr(period, name) for name in tables.periods.columns.keys()}  # noqa: SIM118
        dialect = postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite
        writing = dialect.insert(tables.periods).values(row).on_conflict_do_nothing()
        return self._session.scalar(writing.returning(tables.periods.c.id)) is not None

    def find_to_change(self, period_id: str) -> Period | None:
        """Waits for those that count something in it."""
        locking = select(Period).where(tables.periods.c.id == period_id).with_for_update()
        return self._session.scalars(locking.execution_options(populate_existing=True)).one_or_none()

    def get_to_change(self, period_id: str) -> Period:
        """Raises UnknownPeriod."""
        return _known(self.find_to_change(period_id), period_id)

    def get(self, period_id: str) -> Period:
        """To be read only. Raises UnknownPeriod."""
        return _known(self._session.get(Period, period_id), period_id)

    def before(self, period: Period) -> Period | None:
        """The one that ended where this one starts, if anything counted in it."""
        ended = select(Period).where(tables.periods.c.ends_at == period.starts_at)
        return self._session.scalars(ended).one_or_none()

    def every(self, *, most: int) -> list[Period]:
        """The latest first."""
        return list(self._session.scalars(select(Period).order_by(tables.periods.c.id.desc()).limit(most)))

    def add_erratum(self, erratum: Erratum) -> None:
        self._session.add(erratum)

    def errata_of(self, period_id: str) -> list[Erratum]:
        c = tables.errata.c
        return list(self._session.scalars(select(Erratum).where(c.period_id == period_id).order_by(c.number)))


class EvaluationStore(Store):
    """What a handler of evaluation works on."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.issues = IssueRepository(session)
        self.surveys = SurveyRepository(session, self.issues)
        self.callbacks = CallbackRepository(session)
        self.periods = PeriodRepository(session)


def _known(period: Period | None, period_id: str) -> Period:
    if period is None:
        raise UnknownPeriod(f"nothing has counted in a period {period_id!r}", {"period_id": ["Unknown period."]})
    return period
