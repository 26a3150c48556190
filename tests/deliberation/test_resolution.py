"""Resolutions: five things for each task, and funding, by the rule that dispatch assigns by."""

from datetime import timedelta

import pytest

from services.deliberation.domain.errors import OffTheNotice, ResolutionRefused
from services.deliberation.domain.resolution import check_tasks
from services.dispatch.domain.assignment import FiveThings
from shared.contracts.assigning import FundingNotWhole, IncompleteAssignment
from shared.contracts.vocabulary import MoneySource
from shared.errors import Refused
from tests.deliberation.builders import TUESDAY, a_task, share


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"leader": " "}, "Missing"),
        ({"department": " "}, "Missing"),
        ({"person": " "}, "Missing"),
        ({"what": " "}, "Missing"),
        ({"co_units": []}, "name at least one"),
        ({"co_units": ["物业", " "]}, "name at least one"),
        ({"due_at": TUESDAY}, "in the future"),
    ],
)
def test_a_task_lacks_one_of_its_five_things(changes, fault):
    with pytest.raises(Refused, match=fault) as refused:
        check_tasks([a_task(), a_task(**changes)], at=TUESDAY)

    assert list(refused.value.fields) == [f"tasks.1.{name}" for name in changes]


def test_what_lacks_in_several_tasks_is_named_at_once():
    with pytest.raises(IncompleteAssignment) as refused:
        check_tasks([a_task(leader=""), a_task(person="", co_units=[])], at=TUESDAY)

    assert set(refused.value.fields) == {"tasks.0.leader", "tasks.1.person", "tasks.1.co_units"}


@pytest.mark.parametrize("changes", [{"leader": ""}, {"department": " "}, {"person": ""}, {"co_units": []}])
def test_the_council_hears_the_words_that_dispatch_would_say(changes):
    task = a_task(**changes)
    with pytest.raises(IncompleteAssignment) as moved:
        check_tasks([task], at=TUESDAY)
    with pytest.raises(IncompleteAssignment) as assigned:
        FiveThings(task.leader, task.department, task.person, task.co_units, task.due_at, "O-1", "D-1")

    assert moved.value.fields == {f"tasks.0.{name}": said for name, said in assigned.value.fields.items()}


def test_all_for_the_street_and_nothing_for_the_residents_is_refused_where_it_is_resolved():
    with pytest.raises(FundingNotWhole, match="more than nothing") as refused:
        check_tasks([a_task(), a_task(funding=[share("街道", 1.0), share("居民", 0.0)])], at=TUESDAY)

    assert refused.value.fields == {"tasks.1.funding": ["Each share is more than nothing."]}


def test_a_resolution_names_at_least_one_task():
    with pytest.raises(ResolutionRefused, match="at least one"):
        check_tasks([], at=TUESDAY)


def test_a_whole_task_is_accepted():
    check_tasks([a_task(due_at=TUESDAY + timedelta(seconds=1))], at=TUESDAY)


@pytest.mark.parametrize("moved_on", [MoneySource.NONE, MoneySource.DONATIONS, MoneySource.HOUSEHOLDS])
def test_a_motion_without_the_streets_money_leads_to_none_of_it(moved_on):
    paid = a_task(funding=[share("街道", 0.5, MoneySource.PUBLIC), share("居民", 0.5)])

    with pytest.raises(OffTheNotice, match="put_on_agenda") as refused:
        check_tasks([a_task(), paid], at=TUESDAY, money=moved_on)

    assert refused.value.fields == {"tasks.1.funding": ["街道: money of public."]}


def test_what_was_moved_on_the_streets_money_is_paid_by_it_and_by_what_is_given_freely():
    paid = a_task(funding=[share("街道", 0.5, MoneySource.PUBLIC), share("居民", 0.5)])

    check_tasks([paid], at=TUESDAY, money=MoneySource.PUBLIC)
