"""Tasks of what is not public are for their unit and the organisation in charge, and for nobody else."""

import pytest

from services.dispatch.domain.errors import UnknownTask
from services.dispatch.schemas.requests import GetTask, ListTasks
from services.dispatch.use_cases import events, queries
from shared.auth import Caller, Role
from shared.contracts.vocabulary import Publicity
from tests.dispatch.builders import MONDAY, STREET, a_work, issue_raised
from tests.fakes import a_moment
from tests.wordings import WORDS, worded

ELSEWHERE = Caller("clerk-2", frozenset({Role.CLERK}), "110105002", "O-2")
TASK = GetTask(task_id="I-1/T1")


@pytest.fixture
def work():
    made = a_work()
    events.open_issue(made, issue_raised(), a_moment(MONDAY))
    return made


def seen_by(work, caller):
    at = a_moment(MONDAY, asked_by=caller)
    return [one.task_id for one in queries.list_tasks(work, ListTasks(issue_id="I-1"), at).tasks]


def test_what_is_public_is_shown_in_the_whole_district(work):
    assert seen_by(work, ELSEWHERE) == ["I-1/T1"]


@pytest.mark.parametrize("publicity", [Publicity.PARTIES, Publicity.CLOSED])
def test_what_is_not_is_shown_to_its_unit_to_who_is_above_and_to_the_organisation_in_charge(work, publicity):
    events.take_wording(work, worded("I-1", STREET, at=MONDAY, publicity=publicity), a_moment(MONDAY))
    organisation = work.tasks.get("I-1/T1").organisation_id

    assert seen_by(work, ELSEWHERE) == []
    with pytest.raises(UnknownTask):
        queries.get_task(work, TASK, a_moment(MONDAY, asked_by=ELSEWHERE))
    for caller in (
        Caller("leader-1", frozenset({Role.LEADER}), STREET),
        Caller("handler-3", frozenset({Role.HANDLER}), "110105002", organisation),
    ):
        assert queries.get_task(work, TASK, a_moment(MONDAY, asked_by=caller)).what == WORDS


def test_a_report_is_so_from_the_beginning_and_so_are_its_later_tasks():
    work = a_work()
    events.open_issue(work, issue_raised(publicity="closed"), a_moment(MONDAY))

    assert seen_by(work, ELSEWHERE) == []
