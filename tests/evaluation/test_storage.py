"""What evaluation keeps comes out of both databases as it went in, and a batch costs a handful of statements."""

import pytest
from sqlalchemy import func, inspect, select
from sqlalchemy.exc import OperationalError

from services.evaluation.domain.callback import Callback
from services.evaluation.domain.errors import UnknownOrder, UnknownPeriod
from services.evaluation.domain.issue import Issue
from services.evaluation.domain.period import Period, PeriodState
from services.evaluation.schemas.requests import GetRates, VerifyPeriod
from services.evaluation.service import EvaluationService
from services.evaluation.storage import tables
from services.evaluation.storage.repository import EvaluationStore
from services.evaluation.use_cases import callbacks, events, periods, queries
from shared.auth import Role
from shared.bus.timers.timers import Due
from shared.bus.work import reading, transaction
from shared.contracts.vocabulary import Asker, DispatchKind, Outcome, Solved
from shared.storage.engine import LostRace, is_transient
from tests.evaluation.builders import (
    AGENT,
    COMMUNITY,
    EVALUATOR,
    LIMIT_OVER,
    MONDAY,
    STREET,
    a_survey,
    days,
    handled,
    hours,
    linked,
    said,
    unlinked,
)
from tests.fakes import a_moment
from tests.harness import Bus, statements_of

APRIL = MONDAY + days(31)


def changing(engine):
    return transaction(engine, EvaluationStore)


def looking(engine):
    return reading(engine, EvaluationStore)


def link_many(engine, count, issue_of=lambda number: f"I-{number:04}"):
    links = [linked(f"O-{number:04}", issue_of(number)) for number in range(count)]
    with changing(engine) as work:
        events.prepare(work, links)
        for one in links:
            events.follow_link(work, one, a_moment(MONDAY))


def dues(count, now=LIMIT_OVER):
    return [Due("callback", f"O-{number:04}", now) for number in range(count)]


def start_all(engine, count, now=LIMIT_OVER):
    with changing(engine) as work:
        fired = list(dues(count, now))
        events.prepare(work, fired)
        for due in fired:
            callbacks.go_on(work, due, a_moment(now))


def answer(engine, number, solved=Solved.YES, now=LIMIT_OVER):
    with changing(engine) as work:
        callbacks.record_callback(work, said(solved, f"O-{number:04}"), a_moment(now, asked_by=AGENT))


def freeze(work, period_id, now):
    periods.freeze_by_itself(work, Due("freeze_period", period_id, now), a_moment(now))


def test_the_migration_makes_what_the_tables_say(engine):
    made = inspect(engine)
    for table in tables.metadata.sorted_tables:
        assert {column["name"] for column in made.get_columns(table.name)} == set(table.columns.keys())
        assert {index.name for index in table.indexes} <= {index["name"] for index in made.get_indexes(table.name)}


def test_everything_comes_back_whole(engine):
    issue = Issue("I-A", COMMUNITY, MONDAY, MONDAY, True, COMMUNITY, MONDAY + hours(1), MONDAY, 1, None)
    survey = a_survey(round=2, attempt=1, began_at=MONDAY, asked_at=MONDAY, reached=True, solved=Solved.PARTLY)
    callback = Callback(
        id="A/C1",
        order_no="A",
        issue_id="I-A",
        unit_code=COMMUNITY,
        rank_unit=STREET,
        community=COMMUNITY,
        charged=[["O-1", "区住建委", "department", "7/10"]],
        dispatch_kind=DispatchKind.RELAYED,
        period_id="2026-03",
        asked_by=Asker.HOTLINE,
        is_self_check=False,
        is_late=False,
        dispatch_no=2,
        round=1,
        attempts=2,
        began_at=MONDAY,
        asked_at=MONDAY,
        completed_at=MONDAY,
        recorded_by="agent-1",
        reached=False,
    )
    with changing(engine) as work:
        work.issues.add(issue)
        work.surveys.add(survey)
        work.callbacks.add(callback)
    with looking(engine) as work:
        assert work.issues.find("I-A") == issue
        assert work.surveys.get("A") == survey
        assert work.callbacks.of(order_no="A") == [callback]


def test_a_period_with_its_errata_comes_back_byte_for_byte(engine):
    period = Period.around(MONDAY, 1)
    with changing(engine) as work:
        work.periods.add(period)
    with changing(engine) as work:
        work.periods.lock(period.id).freeze('{"结果":1}'.encode(), 7, at=MONDAY)
    with changing(engine) as work:
        kept = work.periods.lock(period.id)
        kept.publish(at=MONDAY)
        work.errata.add(kept.mend("错", "对", by="evaluator-1", at=MONDAY))
    with looking(engine) as work:
        found = work.periods.get(period.id)
        assert (found.state, found.result, found.samples) == (PeriodState.PUBLISHED, '{"结果":1}'.encode(), 7)
        assert [one.correction for one in work.errata.of(period_id=period.id)] == ["对"]
        assert work.periods.find_before(Period.around(period.ends_at, 1)) is found
        assert work.periods.list_latest(5) == [found]


def test_two_that_begin_a_period_at_once_count_in_the_same(engine):
    skip_where_one_has_the_whole_database(engine)
    with changing(engine) as second:
        with changing(engine) as first:
            events.follow_link(first, linked("A", "I-A"), a_moment(MONDAY))
            events.follow_link(second, linked("B", "I-B"), a_moment(MONDAY))
        second.flush()
        with pytest.raises(OperationalError, match="lock timeout"):
            freeze_without_waiting(engine)

    with looking(engine) as work:
        assert [one.id for one in work.periods.list_latest(5)] == ["2026-03"]
        assert work.surveys.requests_of("2026-03") == {STREET: 2}


def test_nothing_counts_in_a_period_that_others_began_and_froze_meanwhile(engine):
    skip_where_one_has_the_whole_database(engine)
    with pytest.raises(LostRace) as late:
        link_while_others_begin_and_freeze(engine)

    assert is_transient(late.value)
    with changing(engine) as again:
        events.follow_link(again, linked("B", "I-B"), a_moment(MONDAY))
        assert again.surveys.get("B").period_id == "2026-04"


def link_while_others_begin_and_freeze(engine):
    with changing(engine) as late:
        events.follow_link(late, linked("B", "I-B"), a_moment(MONDAY))
        link_many(engine, 1)
        freeze_without_waiting(engine)


def test_the_freeze_waits_for_whoever_counts_something(engine):
    skip_where_one_has_the_whole_database(engine)
    link_many(engine, 1)
    with changing(engine) as counting:
        events.follow_link(counting, linked("B", "I-B"), a_moment(MONDAY))
        with pytest.raises(OperationalError, match="lock timeout"):
            freeze_without_waiting(engine)
        with changing(engine) as beside:
            events.follow_link(beside, linked("C", "I-C"), a_moment(MONDAY))

    with changing(engine) as work:
        freeze(work, "2026-03", APRIL)
        assert work.surveys.requests_of("2026-03") == {STREET: 3}


def freeze_without_waiting(engine):
    with changing(engine) as work:
        work.connection.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
        freeze(work, "2026-03", APRIL)


def skip_where_one_has_the_whole_database(engine):
    if engine.dialect.name == "sqlite":
        pytest.skip("one transaction of SQLite has the whole database")


def test_a_batch_of_links_is_read_and_written_in_few_statements(engine):
    links = [linked(f"O-{number:04}", f"I-{number // 2:04}") for number in range(500)]
    with statements_of(engine) as seen, changing(engine) as work:
        events.prepare(work, links)
        for one in links:
            events.follow_link(work, one, a_moment(MONDAY))

    assert len(seen) < 20
    with looking(engine) as work:
        assert work.surveys.requests_of("2026-03") == {STREET: 500}
        assert work.connection.scalar(select(func.count()).select_from(tables.bus.timers)) == 501
        assert len(work.surveys.of(issue_id="I-0000")) == 2


def test_a_mixed_batch_of_known_issues_asks_no_more_for_each(engine):
    link_many(engine, 100)
    done = MONDAY + days(1)
    handlings = [handled(done, issue_id=f"I-{number:04}") for number in range(100)]
    endings = [unlinked(f"O-{number:04}", f"I-{number:04}") for number in range(50)]
    with statements_of(engine) as seen, changing(engine) as work:
        events.prepare(work, [*handlings, *endings])
        for one in handlings:
            events.take_handling(work, one, a_moment(done))
        for one in endings:
            events.follow_unlink(work, one, a_moment(done))

    assert len(selects(seen)) == 3


def test_two_hundred_timers_cost_two_reads(engine):
    link_many(engine, 200)
    with statements_of(engine) as seen:
        start_all(engine, 200)

    assert len(selects(seen)) == 2
    with looking(engine) as work:
        asking = work.surveys.list_asking([STREET, COMMUNITY], Asker.OWN, after="O-0009", most=3)
        assert [survey.order_no for survey in asking] == ["O-0010", "O-0011", "O-0012"]
        assert {work.issues.get(survey.issue_id).unit_code for survey in asking} == {COMMUNITY}
        assert work.surveys.list_asking(["110105018"], Asker.OWN, after="", most=3) == []


def test_timers_that_are_prepared_cost_two_reads(engine):
    link_many(engine, 200)
    with statements_of(engine) as seen, changing(engine) as work:
        events.prepare(work, [*dues(200), Due("freeze_period", "2026-03", APRIL)])
        for due in dues(200):
            callbacks.go_on(work, due, a_moment(LIMIT_OVER))

    assert len(selects(seen)) == 2
    with looking(engine) as work:
        assert len(work.surveys.list_asking(None, Asker.OWN, after="", most=500)) == 200


def test_a_hundred_answers_cost_five_reads(engine):
    link_many(engine, 100, issue_of=lambda number: f"I-{number // 2:04}")
    start_all(engine, 100)
    done = LIMIT_OVER + hours(1)
    with changing(engine) as work:
        for number in range(50):
            events.take_handling(work, handled(LIMIT_OVER, issue_id=f"I-{number:04}"), a_moment(done))
    answers = [said(order_no=f"O-{number:04}") for number in range(100)]
    with statements_of(engine) as seen, changing(engine) as work:
        events.prepare(work, answers)
        for one in answers:
            callbacks.record_callback(work, one, a_moment(done, asked_by=AGENT))

    assert len(selects(seen)) == 5
    with looking(engine) as work:
        assert len(list(work.callbacks.samples_of("2026-03"))) == 100
        assert {work.surveys.get(f"O-{number:04}").outcome for number in range(100)} == {Outcome.SOLVED}


def test_an_answer_that_is_refused_leaves_no_trace_beside_those_that_are_taken(engine):
    link_many(engine, 3)
    start_all(engine, 2)
    bus = Bus(engine, EvaluationService, LIMIT_OVER)
    content = {"reached": True, "contacted": True, "solved": "yes", "satisfaction": 5}
    calls = [
        ("record_callback", content | {"order_no": f"O-{number:04}", "idempotency_key": str(number)})
        for number in (0, 2, 1)
    ]
    first, refused, second = bus.ask_all(calls, Role.CALLBACK_AGENT)

    assert (first["state"], refused.code, second["state"]) == ("asked", "no_callback_open", "asked")
    assert bus.ask_all(calls[:1], Role.CALLBACK_AGENT) == [first]
    with looking(engine) as work:
        assert [one.order_no for one in work.callbacks.samples_of("2026-03")] == ["O-0000", "O-0001"]
        assert (work.surveys.get("O-0002").state, work.surveys.get("O-0002").round) == ("waiting", 0)


def selects(seen):
    return [statement for statement in seen if statement.startswith("SELECT")]


def test_an_order_that_moves_within_a_batch_is_found_at_its_new_issue(engine):
    link_many(engine, 2, issue_of=lambda _: "I-A")
    with changing(engine) as work:
        assert len(work.surveys.of(issue_id="I-A")) == 2
        events.follow_unlink(work, unlinked("O-0000"), a_moment(MONDAY))
        events.follow_link(work, linked("O-0000", "I-B", linked_at=MONDAY + hours(1)), a_moment(MONDAY))

        assert [one.order_no for one in work.surveys.of(issue_id="I-A")] == ["O-0001"]
        assert [one.order_no for one in work.surveys.of(issue_id="I-B")] == ["O-0000"]


def test_a_month_is_frozen_and_verified_from_what_is_workd(engine):
    link_many(engine, 12)
    start_all(engine, 12)
    for number in range(12):
        answer(engine, number, Solved.NO if number == 0 else Solved.YES)
    with changing(engine) as work:
        freeze(work, "2026-03", APRIL)
    with looking(engine) as work:
        verified = queries.verify_period(work, VerifyPeriod(period_id="2026-03"), a_moment(APRIL, asked_by=EVALUATOR))
        found = queries.get_rates(work, GetRates(period_id="2026-03"), a_moment(APRIL, asked_by=EVALUATOR))

    assert verified.is_same
    assert (found.overall.samples, found.overall.resolution_ratio, found.state) == (12, 0.9167, "frozen")


def test_the_last_of_several_answers_of_an_order_counts(engine):
    link_many(engine, 1)
    start_all(engine, 1)
    answer(engine, 0, Solved.NO)
    done = LIMIT_OVER + days(1)
    with changing(engine) as work:
        events.take_handling(work, handled(done, issue_id="I-0000"), a_moment(done))
    start_all(engine, 1, now=done)
    answer(engine, 0, Solved.YES, now=done)
    with looking(engine) as work:
        assert [one.solved for one in work.callbacks.samples_of("2026-03")] == [Solved.NO, Solved.YES]
        between = work.callbacks.samples_between(LIMIT_OVER, done)
        assert [one.solved for one in between] == [Solved.NO]
        found = queries.get_rates(work, GetRates(period_id="2026-03"), a_moment(APRIL, asked_by=EVALUATOR))
        assert (found.overall.samples, found.overall.resolution_ratio) == (1, 1.0)


def test_what_is_not_there_is_said_not_to_be(engine):
    with changing(engine) as work:
        with pytest.raises(UnknownOrder):
            work.surveys.lock("nobody")
        with pytest.raises(UnknownPeriod):
            work.periods.get("2026-03")
        assert work.issues.find_and_lock("I-Z") is None
        assert work.periods.find_and_share_lock("2026-03") is None
