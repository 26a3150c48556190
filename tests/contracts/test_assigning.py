"""What a task needs before it is given: funding shares that add up to the whole, or none; gifts say what they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared.contracts.assigning import FundingNotWhole, check_funding
from shared.contracts.deliberation import FundingSharePart
from shared.contracts.vocabulary import ContributionKind, MoneySource

PARTS = some.lists(some.integers(1, 10_000), min_size=1, max_size=12)


def share(payer, share_ratio, money=MoneySource.PUBLIC):
    return FundingSharePart(payer=payer, share_ratio=share_ratio, money=money)


def gift(payer, kind, given):
    return FundingSharePart(payer=payer, kind=kind, given=given)


def shares_of(parts, whole):
    return [share(f"出资方{number}", part / whole) for number, part in enumerate(parts)]


@given(PARTS)
def test_a_whole_cut_into_shares_is_accepted_whatever_floating_numbers_say(parts):
    check_funding(shares_of(parts, sum(parts)))


@given(PARTS, some.integers(1, 120_000))
def test_shares_are_accepted_exactly_when_they_add_up(parts, whole):
    if sum(parts) == whole:
        check_funding(shares_of(parts, whole))
    else:
        with pytest.raises(FundingNotWhole, match="not to 1"):
            check_funding(shares_of(parts, whole))


@given(some.floats(min_value=-1, max_value=0))
def test_a_share_of_nothing_or_less_is_refused_even_if_the_sum_is_right(nothing):
    with pytest.raises(FundingNotWhole, match="more than nothing"):
        check_funding([share("街道", 1 - nothing), share("物业", nothing)])


@pytest.mark.parametrize("payers", [("街道", "街道"), ("街道", " 街道"), ("街道", " ")])
def test_every_share_has_a_payer_of_its_own(payers):
    with pytest.raises(FundingNotWhole, match="payer"):
        check_funding([share(payer, 0.5) for payer in payers])


@pytest.mark.parametrize("ratios", [(0.1, 0.2, 0.7), (1 / 3, 1 / 3, 1 / 3), (0.333333, 0.333333, 0.333334), (1.0,)])
def test_tenths_and_thirds_make_a_whole(ratios):
    check_funding([share(f"出资方{number}", ratio) for number, ratio in enumerate(ratios)])


def test_a_task_that_costs_nothing_has_no_shares():
    check_funding([])


def test_the_fault_is_told_at_the_field_of_the_task():
    with pytest.raises(FundingNotWhole) as refused:
        check_funding([share("街道", 0.5)], field="tasks.1.funding")

    assert refused.value.fields == {"tasks.1.funding": ["The shares add up to 0.5, not to 1."]}


@pytest.mark.parametrize("kind", [ContributionKind.IN_KIND, ContributionKind.HOURS])
def test_a_gift_beside_money_or_alone_needs_no_share(kind):
    check_funding([share("街道", 1.0), gift("志愿队", kind, "铲雪 40 小时")])
    check_funding([gift("志愿队", kind, "铲雪 40 小时")])


@pytest.mark.parametrize("kind", [ContributionKind.IN_KIND, ContributionKind.HOURS])
def test_a_gift_says_what_is_given(kind):
    with pytest.raises(FundingNotWhole, match="given"):
        check_funding([gift("志愿队", kind, " ")])


def test_who_gives_money_and_hours_is_named_for_each_but_once_for_one():
    hours = gift("物业", ContributionKind.HOURS, "看管 20 小时")

    check_funding([share("物业", 1.0), hours])
    with pytest.raises(FundingNotWhole, match="payer"):
        check_funding([share("物业", 1.0), hours, hours])


def test_a_gift_that_is_valued_counts_to_the_whole():
    valued = FundingSharePart(payer="物业", kind=ContributionKind.IN_KIND, share_ratio=0.4, given="充电桩 2 个")

    check_funding([share("街道", 0.6), valued])
    with pytest.raises(FundingNotWhole, match="not to 1"):
        check_funding([share("街道", 1.0), valued])


def test_money_says_whose_it_is_and_a_gift_need_not():
    with pytest.raises(FundingNotWhole, match=r"Whose money it is stands in `money`: public, owners, households"):
        check_funding([share("街道", 1.0, MoneySource.NONE)])
    check_funding([gift("志愿队", ContributionKind.HOURS, "铲雪 40 小时")])
