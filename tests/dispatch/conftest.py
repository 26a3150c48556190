"""A migrated database of dispatch on SQLite and on PostgreSQL, told a few units, duties and desks; and work on none."""

import pytest
from sqlalchemy import Engine

from services.dispatch.use_cases import events
from tests.databases import engine_of
from tests.dispatch.builders import MONDAY, a_work, issue_listed, issue_raised
from tests.fakes import a_moment
from tests.told import few_desks, few_duties, tell


def tell_desks(engine: Engine) -> None:
    tell(engine, *few_duties(), *few_desks())


untold = engine_of("dispatch")
engine = engine_of("dispatch", tell_desks)


@pytest.fixture
def work():
    return a_work()


@pytest.fixture
def raised(work):
    """A unit of work that knows one issue with its first task."""
    events.open_issue(work, issue_raised(), a_moment(MONDAY))
    work.outbox.events.clear()
    return work


@pytest.fixture(params=["in hand", "before a council"])
def general(request):
    """A general issue, which somebody is at work on or which waits for a resolution."""
    work = a_work()
    events.open_issue(work, issue_raised(), a_moment(MONDAY))
    if request.param == "before a council":
        events.await_resolution(work, issue_listed(), a_moment(MONDAY))
    work.outbox.events.clear()
    return work
