"""Resolutions: five things for each task."""

from datetime import timedelta

import pytest

from services.deliberation.domain.errors import ResolutionRefused
from services.deliberation.domain.resolution import check_tasks
from tests.deliberation.builders import TUESDAY, a_task


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"leader": " "}, "leader is missing"),
        ({"department": " "}, "department is missing"),
        ({"person": " "}, "person is missing"),
        ({"what": " "}, "what is missing"),
        ({"co_units": ["物业", " "]}, "co_units names an empty unit"),
        ({"due_at": TUESDAY}, "due_at is not in the future"),
    ],
)
def test_a_task_lacks_one_of_its_five_things(changes, fault):
    with pytest.raises(ResolutionRefused, match=fault) as refused:
        check_tasks([a_task(), a_task(**changes)], at=TUESDAY)

    assert list(refused.value.fields) == ["tasks.1"]


def test_a_resolution_names_at_least_one_task():
    with pytest.raises(ResolutionRefused, match="at least one"):
        check_tasks([], at=TUESDAY)


def test_a_whole_task_is_accepted():
    check_tasks([a_task(due_at=TUESDAY + timedelta(seconds=1))], at=TUESDAY)
