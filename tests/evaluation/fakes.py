"""Repositories that keep everything in dicts, and a unit of work that fires its own timers."""

from datetime import datetime

from services.evaluation import use_cases
from services.evaluation.domain.callback import Callback
from services.evaluation.domain.errors import UnknownOrder, UnknownPeriod
from services.evaluation.domain.issue import Issue
from services.evaluation.domain.period import Erratum, Period
from services.evaluation.domain.rates import Sample
from services.evaluation.domain.survey import Survey, SurveyState
from tests.evaluation.builders import rules
from tests.fakes import FakeWork


class FakeIssues:
    def __init__(self) -> None:
        self.kept: dict[str, Issue] = {}

    def preload(self, ids) -> None:
        pass

    def find(self, issue_id: str) -> Issue | None:
        return self.kept.get(issue_id)

    look_up = find

    def add(self, issue: Issue) -> None:
        assert issue.id not in self.kept
        self.kept[issue.id] = issue


class FakeSurveys:
    def __init__(self, issues: FakeIssues) -> None:
        self.kept: dict[str, Survey] = {}
        self._issues = issues

    def preload(self, order_nos) -> None:
        pass

    preload_of_issues = preload_due = preload

    def find(self, order_no: str) -> Survey | None:
        return self.kept.get(order_no)

    def look_up(self, order_no: str) -> Survey:
        if order_no not in self.kept:
            raise UnknownOrder(order_no)
        return self.kept[order_no]

    get_to_change = look_up

    def of_issue(self, issue_id: str) -> list[Survey]:
        return [survey for _, survey in sorted(self.kept.items()) if survey.issue_id == issue_id]

    def add(self, survey: Survey) -> None:
        assert survey.order_no not in self.kept
        self.kept[survey.order_no] = survey

    def keep(self, survey: Survey) -> None:
        assert self.kept[survey.order_no] is survey

    def asking(self, unit_code: str, *, after: str, most: int) -> list[tuple[Survey, str]]:
        asking = [survey for _, survey in sorted(self.kept.items()) if survey.state is SurveyState.ASKING]
        held = [(survey, self._issues.kept[survey.issue_id].unit_code) for survey in asking if survey.order_no > after]
        return [(survey, unit) for survey, unit in held if unit.startswith(unit_code)][:most]

    def requests_of(self, period_id: str) -> dict[str, int]:
        units = [survey.origin_unit for survey in self.kept.values() if survey.period_id == period_id]
        return {unit: units.count(unit) for unit in units}


class FakeCallbacks:
    def __init__(self) -> None:
        self.kept: list[Callback] = []

    def add(self, callback: Callback) -> None:
        assert callback.id not in [one.id for one in self.kept]
        self.kept.append(callback)

    def of_order(self, order_no: str) -> list[Callback]:
        return [one for one in self.kept if one.order_no == order_no]

    def samples_of(self, period_id: str) -> list[Sample]:
        return _samples(one for one in self.kept if one.period_id == period_id)

    def samples_between(self, from_at: datetime, to_at: datetime) -> list[Sample]:
        return _samples(one for one in self.kept if from_at <= one.completed_at < to_at)


class FakePeriods:
    def __init__(self) -> None:
        self.kept: dict[str, Period] = {}
        self.errata: list[Erratum] = []

    def find_counted(self, period_id: str) -> Period | None:
        return self.kept.get(period_id)

    find_to_change = find_counted

    def begin(self, period: Period) -> bool:
        is_new = period.id not in self.kept
        self.kept.setdefault(period.id, period)
        return is_new

    def get(self, period_id: str) -> Period:
        if period_id not in self.kept:
            raise UnknownPeriod(period_id)
        return self.kept[period_id]

    get_to_change = get

    def before(self, period: Period) -> Period | None:
        return next((one for one in self.kept.values() if one.ends_at == period.starts_at), None)

    def every(self, *, most: int) -> list[Period]:
        return sorted(self.kept.values(), key=lambda one: one.id, reverse=True)[:most]

    def add_erratum(self, erratum: Erratum) -> None:
        self.errata.append(erratum)

    def errata_of(self, period_id: str) -> list[Erratum]:
        return [one for one in self.errata if one.period_id == period_id]


def a_work() -> FakeWork:
    issues = FakeIssues()
    return FakeWork(issues=issues, surveys=FakeSurveys(issues), callbacks=FakeCallbacks(), periods=FakePeriods())


def fire_due(work: FakeWork, now: datetime) -> None:
    """What the bus does with the timers that are due, in its order."""
    due = sorted((due_at, *key) for key, due_at in work.timers.due.items() if due_at <= now)
    for _, kind, ref in due:
        del work.timers.due[(kind, ref)]
        if kind == "callback":
            use_cases.start_callback(work, ref, now=now)
        else:
            use_cases.freeze_period(work, ref, **rules(now))


def _samples(callbacks) -> list[Sample]:
    in_order = sorted(callbacks, key=lambda one: (one.order_no, one.completed_at, one.round))
    return [
        Sample(
            one.order_no,
            one.unit_code,
            one.dispatch_kind,
            one.reached,
            one.contacted,
            one.solved,
            one.satisfaction,
        )
        for one in in_order
    ]
