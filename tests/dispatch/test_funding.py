"""Funding shares add up to the whole."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from services.dispatch.domain.errors import FundingNotWhole
from services.dispatch.domain.funding import FundingShare, whole_funding

PARTS = some.lists(some.integers(min_value=1, max_value=10_000), min_size=1, max_size=12)


def shares_of(parts, whole):
    return [FundingShare(f"出资方{number}", part / whole) for number, part in enumerate(parts)]


@given(PARTS)
def test_parts_of_a_whole_are_taken_as_they_are(parts):
    shares = shares_of(parts, sum(parts))

    assert whole_funding(shares) == shares


@given(PARTS, some.integers(min_value=1, max_value=120_000))
def test_parts_of_anything_else_are_refused(parts, whole):
    assume(whole != sum(parts))

    with pytest.raises(FundingNotWhole, match="not to 1"):
        whole_funding(shares_of(parts, whole))


@given(some.floats(min_value=-1, max_value=0))
def test_a_share_of_nothing_or_less_is_refused_even_if_the_sum_is_right(nothing):
    with pytest.raises(FundingNotWhole):
        whole_funding([FundingShare("街道", 1 - nothing), FundingShare("物业", nothing)])


def test_a_task_that_costs_nothing_has_no_shares():
    assert whole_funding([]) == []
