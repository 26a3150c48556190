"""Resolutions: five things for each task, and rule 8: funding shares add up to the whole."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.deliberation.domain.errors import FundingBroken, ResolutionRefused
from services.deliberation.domain.resolution import check_funding, check_tasks
from tests.deliberation.builders import TUESDAY, a_task, share

CUTS = st.lists(st.integers(1, 9_999), max_size=7, unique=True)


@given(CUTS)
def test_a_whole_cut_into_shares_is_accepted_whatever_floating_numbers_say(cuts):
    edges = [0, *sorted(cuts), 10_000]
    shares = [share(f"payer {end}", (end - start) / 10_000) for start, end in pairwise(edges)]

    check_funding(shares, field="funding")


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=6))
def test_shares_are_accepted_exactly_when_they_add_up(parts):
    shares = [share(f"payer {place}", part / 10_000) for place, part in enumerate(parts)]

    if sum(parts) == 10_000:
        check_funding(shares, field="funding")
    else:
        with pytest.raises(FundingBroken):
            check_funding(shares, field="funding")


def test_three_tenths_and_seven_tenths_are_one():
    check_funding([share("a", 0.1), share("b", 0.2), share("c", 0.7)], field="funding")


def test_no_shares_mean_that_nothing_is_to_be_paid():
    check_funding([], field="funding")


def test_a_payer_is_named_once():
    with pytest.raises(FundingBroken, match="payer"):
        check_funding([share("街道", 0.5), share("街道", 0.5)], field="funding")


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
