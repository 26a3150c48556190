"""Cases and clocks come out of both databases as they went in, and a batch costs a handful of statements."""

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from services.supervision.domain.case import CaseState
from services.supervision.domain.errors import AlreadyAtDistrict
from services.supervision.domain.escalation import Escalation
from services.supervision.domain.timeline import entry_of
from services.supervision.schemas.requests import Escalate, GetCase, ListCases
from services.supervision.service import EscalationService
from services.supervision.storage.repository import SupervisionStore
from services.supervision.storage.tables import bus, metadata
from services.supervision.use_cases import escalations, events, queries
from shared.auth import Role
from shared.bus.work import reading, transaction
from shared.contracts.vocabulary import EscalationReason, Outcome
from tests.fakes import a_moment
from tests.harness import Bus, statements_of
from tests.supervision.builders import (
    COMMUNITY,
    DISTRICT,
    GRID,
    ISSUE,
    MONDAY,
    STREET,
    STREET_SYSTEM,
    complaint_linked,
    days,
    hours,
    issue_evaluated,
    issue_handled,
    issue_raised,
    task_signed_for,
)

TIER_1, TIER_2 = f"{ISSUE}/tier-1", f"{ISSUE}/tier-2"


def a_unit(engine: Engine) -> Any:
    """A unit of work of its own, committed at the end."""
    return transaction(engine, SupervisionStore)


def a_look(engine: Engine) -> Any:
    return reading(engine, SupervisionStore)


def raise_issue(work: Any, number: int = 1001, unit: str = COMMUNITY) -> None:
    raised = issue_raised(issue_id=f"I-{number}", order_no=str(number), unit_code=unit)
    events.open_case(work, raised, a_moment(MONDAY))


def test_the_migration_makes_the_tables_that_the_code_expects(engine: Engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, _: name != "alembic_version"}
        )
        assert compare_metadata(context, metadata) == []


def test_a_ledger_comes_back_as_it_was(engine: Engine):
    with a_unit(engine) as work:
        raise_issue(work)
        clock = work.clocks.find(f"{ISSUE}/tier-1")
        clock.pause(at=MONDAY + hours(1), by="li", reason="等待业主")
        clock.resume(at=MONDAY + hours(3), by="li")
        clock.extend_to(MONDAY + days(40), at=MONDAY + hours(4), by="wang", reason="材料")
        kept = clock.ledger

    with a_look(engine) as work:
        assert work.clocks.find(f"{ISSUE}/tier-1").ledger == kept


def test_a_whole_story_leaves_the_whole_file(engine: Engine):
    with a_unit(engine) as work:
        raise_issue(work)
    with a_unit(engine) as work:
        events.await_evaluation(work, issue_handled(MONDAY + days(2)), a_moment(MONDAY + days(2)))
    with a_unit(engine) as work:
        unsolved = issue_evaluated(Outcome.UNSOLVED, MONDAY + days(7))
        events.take_evaluation(work, unsolved, a_moment(MONDAY + days(7)))
    with a_unit(engine) as work:
        handled = issue_handled(MONDAY + days(9), STREET)
        events.await_evaluation(work, handled, a_moment(MONDAY + days(9)))
        solved = issue_evaluated(Outcome.SOLVED, MONDAY + days(10), STREET)
        events.take_evaluation(work, solved, a_moment(MONDAY + days(10)))

    with a_look(engine) as work:
        answer = queries.get_case(work, GetCase(issue_id=ISSUE), a_moment(MONDAY + days(11), asked_by=STREET_SYSTEM))
        kinds = [entry.kind for entry in work.timeline.list_of(ISSUE, 100)]
    assert (answer.case.state, answer.case.outcome, answer.case.unit_code) == ("closed", "solved", STREET)
    assert [line.state for line in answer.clocks] == ["met", "ended", "met"]
    assert [line.number for line in answer.look_backs] == [1, 2, 3]
    assert kinds[0] == "issue_raised.v1"
    assert kinds.index("issue_escalated.v1") < kinds.index("issue_closed.v1")


def test_the_same_news_enter_the_timeline_once(engine: Engine):
    for _ in range(2):
        with a_unit(engine) as work:
            work.timeline.add(entry_of(task_signed_for()))
            work.timeline.add(entry_of(task_signed_for()))

    with a_look(engine) as work:
        assert len(work.timeline.list_of(ISSUE, 100)) == 1


def test_no_rung_is_climbed_twice(engine: Engine):
    def climb(name: str) -> None:
        with a_unit(engine) as work:
            work.escalations.add(
                Escalation(
                    id=name,
                    issue_id=ISSUE,
                    rung=1,
                    from_unit=COMMUNITY,
                    to_unit=STREET,
                    reason=EscalationReason.UNRESOLVED,
                    explanation="",
                    escalated_by="supervision",
                    escalated_at=MONDAY,
                    due_at=MONDAY,
                )
            )

    climb("first")
    with pytest.raises(IntegrityError):
        climb("second")


def test_cases_are_listed_by_unit_and_state(engine: Engine):
    with a_unit(engine) as work:
        raise_issue(work, 1, GRID)
        raise_issue(work, 2, COMMUNITY)
        raise_issue(work, 3, STREET)
        raise_issue(work, 4, "110105018001")
    with a_look(engine) as work:
        held = [case.issue_id for case in work.cases.list_in([COMMUNITY, GRID], CaseState.OPEN, 10)]
        answer = queries.list_cases(work, ListCases(unit_code=STREET), a_moment(MONDAY, asked_by=STREET_SYSTEM))

    assert held == ["I-1", "I-2"]
    assert [line.issue_id for line in answer.cases] == ["I-1", "I-2", "I-3"]


def test_a_batch_costs_a_handful_of_statements(engine: Engine):
    heard = [issue_raised(issue_id=f"I-{number}", order_no=str(number)) for number in range(200)]
    with statements_of(engine) as seen, a_unit(engine) as work:
        events.prepare(work, [*heard, complaint_linked()], a_moment(MONDAY))
        for raised in heard:
            events.open_case(work, raised, a_moment(MONDAY))
    with a_look(engine) as work:
        assert len(work.cases.list_in([COMMUNITY], None, 1000)) == 200
        assert len(work.connection.execute(select(bus.timers)).all()) == 400

    assert len(seen) <= 10, seen


def test_an_escalation_costs_few_statements(engine: Engine):
    with a_unit(engine) as work:
        raise_issue(work)
    request = Escalate(
        issue_id=ISSUE,
        from_unit=COMMUNITY,
        reason=EscalationReason.OVER_DUTY,
        explanation="归口区级部门",
        idempotency_key="k",
    )
    with a_look(engine) as work:
        work.units(MONDAY), work.duties(MONDAY)  # in memory, as after the first call
    with statements_of(engine) as seen, a_unit(engine) as work:
        escalations.escalate(work, request, a_moment(MONDAY + days(1), asked_by=STREET_SYSTEM))

    looks = [one for one in seen if "directory_" in one]
    assert len(looks) == 1, "one look at whether the directory has changed"
    assert len(seen) - len(looks) <= (3 if engine.dialect.name == "postgresql" else 11), seen


def asked(engine: Engine, method: str, request: dict[str, Any], role: Role, unit: str) -> Any:
    """By the real entrance, without a broker."""
    return Bus(engine, EscalationService, MONDAY + days(1)).ask(method, request, role, unit)


def test_the_incident_outlives_the_refusal_that_opened_it(engine: Engine):
    with a_unit(engine) as work:
        raise_issue(work, unit=DISTRICT)
    wire = {
        "issue_id": ISSUE,
        "from_unit": DISTRICT,
        "reason": "over_level",
        "explanation": "市级事项",
        "idempotency_key": "k",
    }
    for _ in range(2):
        with pytest.raises(AlreadyAtDistrict):
            asked(engine, "escalate", wire, Role.SUPERVISOR, DISTRICT)

    with a_look(engine) as work:
        assert [incident.id for incident in work.incidents.of(issue_id=ISSUE)] == [f"{ISSUE}/B1"]


def test_the_same_key_gets_the_same_reply_and_climbs_once_and_a_preview_changes_nothing(engine: Engine):
    with a_unit(engine) as work:
        raise_issue(work)
    wire = {
        "issue_id": ISSUE,
        "from_unit": COMMUNITY,
        "reason": "over_duty",
        "explanation": "归口",
        "idempotency_key": "k",
    }

    first, second = (asked(engine, "escalate", wire, Role.STREET_SYSTEM, STREET) for _ in range(2))
    seen = {"issue_id": ISSUE, "reason": "over_level", "tried": "管网已抢修三次", "from_unit": STREET}
    following = asked(engine, "preview", seen, Role.STREET_SYSTEM, STREET)

    assert first == second
    assert (first["to_unit"], following["to_unit"]) == (STREET, DISTRICT)
    with a_look(engine) as work:
        assert work.cases.find(ISSUE).rung == 1
        assert [clock.id for clock in work.clocks.of(issue_id=ISSUE)] == [f"{ISSUE}/resident", TIER_1, TIER_2]
