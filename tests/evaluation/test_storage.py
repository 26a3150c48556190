"""What evaluation keeps comes out of both databases as it went in, and a batch costs a handful of statements."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, inspect, select

from services.evaluation import schemas, use_cases
from services.evaluation.domain.callback import Callback
from services.evaluation.domain.errors import UnknownOrder, UnknownPeriod
from services.evaluation.domain.issue import Issue
from services.evaluation.domain.period import Period, PeriodState
from services.evaluation.storage import tables
from services.evaluation.storage.repository import EvaluationStore
from shared.bus.work import reading, transaction
from shared.contracts.vocabulary import DispatchKind, Solved
from tests.evaluation.builders import (
    AGENT,
    COMMUNITY,
    EVALUATOR,
    LIMIT_OVER,
    MONDAY,
    POLICIES,
    STREET,
    a_survey,
    days,
    handled,
    hours,
    linked,
    rules,
    said,
    unlinked,
)


def changing(engine):
    return transaction(engine, EvaluationStore)


def looking(engine):
    return reading(engine, EvaluationStore)


@contextmanager
def statements_of(engine):
    seen = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def link_many(engine, count, issue_of=lambda number: f"I-{number:04}"):
    events = [linked(f"O-{number:04}", issue_of(number)) for number in range(count)]
    with changing(engine) as store:
        use_cases.prepare(store, events)
        for one in events:
            use_cases.follow_link(store, one, **rules())


def start_all(engine, count, now=LIMIT_OVER):
    with changing(engine) as store:
        for number in range(count):
            use_cases.start_callback(store, f"O-{number:04}", now=now)


def answer(engine, number, solved=Solved.YES, now=LIMIT_OVER):
    with changing(engine) as store:
        use_cases.record_callback(store, said(solved, f"O-{number:04}"), by=AGENT, **rules(now))


def test_the_migration_makes_what_the_tables_say(engine):
    made = inspect(engine)
    for table in tables.metadata.sorted_tables:
        assert {column["name"] for column in made.get_columns(table.name)} == set(table.columns.keys())
        assert {index.name for index in table.indexes} <= {index["name"] for index in made.get_indexes(table.name)}


def test_everything_comes_back_whole(engine):
    issue = Issue("I-A", COMMUNITY, MONDAY, COMMUNITY, MONDAY + hours(1), MONDAY, 1, None)
    survey = a_survey(round=2, attempt=1, began_at=MONDAY, asked_at=MONDAY, reached=True, solved=Solved.PARTLY)
    callback = Callback(
        id="A/C1",
        order_no="A",
        issue_id="I-A",
        unit_code=COMMUNITY,
        dispatch_kind=DispatchKind.RELAYED,
        period_id="2026-03",
        round=1,
        attempts=2,
        began_at=MONDAY,
        asked_at=MONDAY,
        completed_at=MONDAY,
        recorded_by="agent-1",
        reached=False,
    )
    with changing(engine) as store:
        store.issues.add(issue)
        store.surveys.add(survey)
        store.callbacks.add(callback)
    with looking(engine) as store:
        assert store.issues.look_up("I-A") == issue
        assert store.surveys.look_up("A") == survey
        assert store.callbacks.of_order("A") == [callback]


def test_a_period_with_its_errata_comes_back_byte_for_byte(engine):
    period = Period.around(MONDAY, 1)
    with changing(engine) as store:
        assert store.periods.begin(period)
        assert not store.periods.begin(period)
        store.periods.find_to_change(period.id).freeze('{"结果":1}'.encode(), 7, at=MONDAY)
    with changing(engine) as store:
        kept = store.periods.get_to_change(period.id)
        kept.publish(at=MONDAY)
        store.periods.add_erratum(kept.mend("错", "对", by="evaluator-1", at=MONDAY))
    with looking(engine) as store:
        found = store.periods.get(period.id)
        assert (found.state, found.result, found.samples) == (PeriodState.PUBLISHED, '{"结果":1}'.encode(), 7)
        assert [one.correction for one in store.periods.errata_of(period.id)] == ["对"]
        assert store.periods.before(Period.around(period.ends_at, 1)) is found
        assert store.periods.every(most=5) == [found]


def test_a_batch_of_links_is_read_and_written_in_few_statements(engine):
    events = [linked(f"O-{number:04}", f"I-{number // 2:04}") for number in range(500)]
    with statements_of(engine) as seen, changing(engine) as store:
        use_cases.prepare(store, events)
        for one in events:
            use_cases.follow_link(store, one, **rules())

    assert len(seen) < 20
    with looking(engine) as store:
        assert store.surveys.requests_of("2026-03") == {COMMUNITY: 500}
        assert store.session.scalar(select(func.count()).select_from(tables.bus.timers)) == 501
        assert len(store.surveys.of_issue("I-0000")) == 2


def test_a_mixed_batch_of_known_issues_asks_no_more_for_each(engine):
    link_many(engine, 100)
    events = [handled(MONDAY + days(1), issue_id=f"I-{number:04}") for number in range(100)]
    events += [unlinked(f"O-{number:04}", f"I-{number:04}") for number in range(50)]
    with statements_of(engine) as seen, changing(engine) as store:
        use_cases.prepare(store, events)
        for one in events[:100]:
            use_cases.take_handling(store, one, **rules(MONDAY + days(1)))
        for one in events[100:]:
            use_cases.follow_unlink(store, one, **rules(MONDAY + days(1)))

    assert len([one for one in seen if one.startswith("SELECT")]) == 3


def test_two_hundred_timers_cost_three_reads(engine):
    link_many(engine, 200)
    with statements_of(engine) as seen:
        start_all(engine, 200)

    assert len([one for one in seen if one.startswith("SELECT")]) == 3
    with looking(engine) as store:
        asking = store.surveys.asking(STREET, after="O-0009", most=3)
        assert [(survey.order_no, unit) for survey, unit in asking] == [
            ("O-0010", COMMUNITY),
            ("O-0011", COMMUNITY),
            ("O-0012", COMMUNITY),
        ]
        assert store.surveys.asking("110105018", after="", most=3) == []


def test_an_order_that_moves_within_a_batch_is_found_at_its_new_issue(engine):
    link_many(engine, 2, issue_of=lambda _: "I-A")
    with changing(engine) as store:
        assert len(store.surveys.of_issue("I-A")) == 2
        use_cases.follow_unlink(store, unlinked("O-0000"), **rules())
        use_cases.follow_link(store, linked("O-0000", "I-B", linked_at=MONDAY + hours(1)), **rules())

        assert [one.order_no for one in store.surveys.of_issue("I-A")] == ["O-0001"]
        assert [one.order_no for one in store.surveys.of_issue("I-B")] == ["O-0000"]


def test_a_month_is_frozen_and_verified_from_what_is_stored(engine):
    link_many(engine, 12)
    start_all(engine, 12)
    for number in range(12):
        answer(engine, number, Solved.NO if number == 0 else Solved.YES)
    with changing(engine) as store:
        use_cases.freeze_period(store, "2026-03", **rules(MONDAY + days(31)))
    with looking(engine) as store:
        verified = use_cases.verify_period(store, schemas.VerifyPeriod(period_id="2026-03"), policies=POLICIES)
        found = use_cases.get_rates(store, schemas.GetRates(period_id="2026-03"), by=EVALUATOR, policies=POLICIES)

    assert verified.is_same
    assert (found.overall.samples, found.overall.resolution_ratio, found.state) == (12, 0.9167, "frozen")


def test_the_last_of_several_answers_of_an_order_counts(engine):
    link_many(engine, 1)
    start_all(engine, 1)
    answer(engine, 0, Solved.NO)
    done = LIMIT_OVER + days(1)
    with changing(engine) as store:
        use_cases.take_handling(store, handled(done, issue_id="I-0000"), **rules(done))
    start_all(engine, 1, now=done)
    answer(engine, 0, Solved.YES, now=done)
    with looking(engine) as store:
        assert [one.solved for one in store.callbacks.samples_of("2026-03")] == [Solved.NO, Solved.YES]
        between = store.callbacks.samples_between(LIMIT_OVER, done)
        assert [one.solved for one in between] == [Solved.NO]
        found = use_cases.get_rates(store, schemas.GetRates(period_id="2026-03"), by=EVALUATOR, policies=POLICIES)
        assert (found.overall.samples, found.overall.resolution_ratio) == (1, 1.0)


def test_what_is_not_there_is_said_not_to_be(engine):
    with changing(engine) as store:
        with pytest.raises(UnknownOrder):
            store.surveys.get_to_change("nobody")
        with pytest.raises(UnknownPeriod):
            store.periods.get("2026-03")
        assert store.issues.find("I-Z") is None
        assert store.periods.find_counted("2026-03") is None
