"""No open state waits in silence: for each a row says whose turn it is, by which call, and what happens otherwise."""

import importlib
import pkgutil
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any

import pytest

import shared.requests
from services import ANSWERING, SERVICES
from services.board.domain import words
from services.cli.suite.calls import calls_of
from services.councils.domain.listing import ListingState
from services.councils.domain.session import SessionState
from services.deliberation.domain.display import DisplayState
from services.deliberation.domain.minutes import MinutesState
from services.deliberation.domain.motion import MotionState
from services.deliberation.domain.poll import PollState
from services.deliberation.domain.session import SessionState as SessionAtWorkState
from services.directory.domain.change import ChangeState
from services.dispatch.domain.issue import IssueState as IssueAtWorkState
from services.dispatch.domain.task import TaskState
from services.evaluation.domain.period import PeriodState
from services.evaluation.domain.survey import SurveyState
from services.gateway.words.waits import WAITS
from services.intake.domain.complaint import ComplaintState
from services.intake.domain.issue import IssueState as OrderedIssueState
from services.intake.domain.waits import ENDS, IN_HAND
from services.supervision.domain.case import CaseState
from services.supervision.domain.clock import ClockState
from shared.auth import Role
from shared.contracts.vocabulary import IncidentKind
from shared.requests.request import RequestState
from shared.waits import Wait

LIST = "list_my_work"
OVER: dict[type[StrEnum], set[StrEnum]] = {
    TaskState: {
        TaskState.ACCEPTED,
        TaskState.FAILED,
        TaskState.MOVED_UP,
        TaskState.WITHDRAWN,
        TaskState.ENDED,
        TaskState.DECLINED,
    },
    CaseState: {CaseState.CLOSED},
    ComplaintState: set(ENDS | IN_HAND),
    SessionState: {SessionState.CLOSED, SessionState.INQUORATE, SessionState.MOVED_UP, SessionState.LAPSED},
    MinutesState: {MinutesState.SIGNED},
    MotionState: {MotionState.LOST, MotionState.WITHDRAWN, MotionState.POLLED},
    PollState: {PollState.COUNTED, PollState.WITHDRAWN},
    DisplayState: set(DisplayState) - {DisplayState.CONTESTED},
    ChangeState: {ChangeState.DONE, ChangeState.REJECTED},
}
"""The states in which nobody has to move any more, or a timer does. Every other state of these is open.

Of a motion that is polled it is the poll that waits."""
OF = {
    TaskState: ("dispatch", "WAITS"),
    CaseState: ("supervision", "WAITS"),
    ComplaintState: ("intake", "WAITS"),
    SessionState: ("councils", "WAITS"),
    MinutesState: ("deliberation", "WAITS"),
    MotionState: ("deliberation", "OF_MOTIONS"),
    PollState: ("deliberation", "OF_POLLS"),
    DisplayState: ("deliberation", "OF_DISPLAYS"),
    ChangeState: ("directory", "WAITS"),
}
"""Where the rows of each stand: the service, and their name there."""
BY_OTHERS: dict[type[StrEnum], str] = {
    ClockState: "time itself moves it; what it is of has its row",
    ListingState: "its sessions have rows, and without one it is tried again daily, with an incident in time",
    OrderedIssueState: "its orders and its case have rows",
    IssueAtWorkState: "its tasks have rows",
    SessionAtWorkState: "councils' row of the session, and those of its motions and minutes",
    SurveyState: "rows by who asks; see tests/evaluation/test_waits.py",
    PeriodState: "FREEZING once it has ended, or by a timer; then PUBLISHING",
    RequestState: "rows by what is wanted",
    **dict.fromkeys(
        (
            *(words.ClockState, words.SessionState, words.MotionState, words.ResolutionState),
            *(words.TaskState, words.MinutesState),
        ),
        "what the board shows of others' things: nobody moves there, and whoever owns them has the rows",
    ),
}
"""Other states, and where it is said who moves."""
BESIDE_STATES: dict[type[StrEnum], tuple[str, str]] = {IncidentKind: ("supervision", "OF_INCIDENTS")}
"""What waits by its kind while it is open, and where its rows stand. What is asked for: test_requests.py."""
CALLS: dict[str, Any] = {
    f"{process}.{method}": call for process in ANSWERING for method, call in calls_of(process).items()
}


def waits_of(service: str) -> list[Wait]:
    """Every row that a service has."""
    module = importlib.import_module(f"services.{service}.domain.waits")
    tables = [value for value in vars(module).values() if isinstance(value, dict)]
    found = [*vars(module).values(), *(row for table in tables for row in table.values())]
    return list(dict.fromkeys(row for row in found if isinstance(row, Wait)))


WITH_WAITS = [service for service in SERVICES if LIST in calls_of(service)]
ROWS = [(service, wait) for service in WITH_WAITS for wait in waits_of(service)]


def states_of_everything() -> set[type[StrEnum]]:
    """Whatever is called a state in the domain of a service, or where one that all share is kept."""
    modules = [
        f"{package.__name__}.{one.name}"
        for package in (*(importlib.import_module(f"services.{name}.domain") for name in SERVICES), shared.requests)
        for one in pkgutil.iter_modules(package.__path__)
    ]
    values = [value for name in modules for value in vars(importlib.import_module(name)).values()]
    words = {value for value in values if isinstance(value, type) and issubclass(value, StrEnum)}
    return {one for one in words if one.__name__.endswith("State")}


def test_no_states_are_left_out():
    assert states_of_everything() == OVER.keys() | BY_OTHERS.keys()


def rows_of(states: type[StrEnum]) -> dict[StrEnum, Wait]:
    service, name = OF[states]
    rows: dict[StrEnum, Wait] = getattr(importlib.import_module(f"services.{service}.domain.waits"), name)
    return rows


def kinds_without_a_row(kinds: type[StrEnum], rows: Iterable[StrEnum]) -> set[StrEnum]:
    return set(kinds) ^ set(rows)


def amiss(states: type[StrEnum], rows: Iterable[StrEnum]) -> set[StrEnum]:
    """Open states without a row, and others that have one."""
    return set(rows) ^ (set(states) - OVER[states])


def closed(service: str, wait: Wait, calls: Mapping[str, Any]) -> list[str]:
    """What whose turn it is can't call: the calls of a row, and the list of what waits."""
    the_list = f"{service}.{LIST}"
    may_call = {name: set(calls[name].roles) for name in (*wait.calls, the_list) if name in calls}
    acts = [name for name in wait.calls if not wait.roles & may_call.get(name, set())]
    return acts if wait.roles <= may_call.get(the_list, set()) else [*acts, the_list]


def without_a_row(service: str, rows: Collection[tuple[str, Wait]]) -> set[Role]:
    """Who may read a service's list and has no row in it, or the other way round."""
    return set(CALLS[f"{service}.{LIST}"].roles) ^ {role for one, wait in rows if one == service for role in wait.roles}


EVERY_STATE = pytest.mark.parametrize("states", OVER, ids=lambda one: one.__name__)
EVERY_ROW = pytest.mark.parametrize(("service", "wait"), ROWS, ids=lambda one: getattr(one, "act", one))


@EVERY_STATE
def test_every_open_state_has_its_row_and_no_other_has_one(states):
    assert amiss(states, rows_of(states)) == set()


@EVERY_STATE
def test_a_state_whose_row_is_taken_out_is_named(states):
    rows = set(rows_of(states))

    assert rows
    assert [amiss(states, rows - {state}) for state in rows] == [{state} for state in rows]


@pytest.mark.parametrize("kinds", BESIDE_STATES, ids=lambda one: one.__name__)
def test_every_kind_of_what_waits_beside_states_has_its_row_and_one_that_is_taken_out_is_named(kinds):
    service, name = BESIDE_STATES[kinds]
    rows = set(getattr(importlib.import_module(f"services.{service}.domain.waits"), name))

    assert kinds_without_a_row(kinds, rows) == set()
    assert [kinds_without_a_row(kinds, rows - {one}) for one in rows] == [{one} for one in rows]


@EVERY_ROW
def test_whose_turn_it_is_may_make_the_calls_of_the_row_and_read_the_list(service, wait):
    assert wait.act
    assert wait.otherwise
    assert wait.calls
    assert closed(service, wait, CALLS) == []


@EVERY_ROW
def test_a_call_or_a_list_that_is_taken_out_is_named_by_every_row_that_leads_to_it(service, wait):
    for taken_out in (*wait.calls, f"{service}.{LIST}"):
        assert closed(service, wait, {name: call for name, call in CALLS.items() if name != taken_out}) == [taken_out]


@pytest.mark.parametrize("service", WITH_WAITS)
def test_who_may_read_the_list_has_a_row(service):
    assert without_a_row(service, ROWS) == set()


@pytest.mark.parametrize("service", WITH_WAITS)
def test_who_reads_a_list_from_which_their_rows_are_taken_out_is_named(service):
    for role in CALLS[f"{service}.{LIST}"].roles:
        left = [(one, wait) for one, wait in ROWS if role not in wait.roles]
        assert role in without_a_row(service, left)


def test_the_pages_know_every_sentence_of_the_rows_and_no_other():
    assert {sentence for _, wait in ROWS for sentence in (wait.act, wait.otherwise)} == WAITS
