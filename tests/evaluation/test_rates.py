"""The three rates, their composite and their intervals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain.rates import Rates, Tally, latest_of_each_order, rates_of, wilson
from shared.contracts.vocabulary import Solved
from tests.evaluation.builders import POLICY, a_sample, not_reached


def tally_of(*samples):
    tally = Tally()
    for sample in samples:
        tally.add(sample, satisfied_from=4)
    return tally


def test_the_rates_are_shares_of_those_who_were_reached():
    tally = tally_of(
        a_sample("A"),
        a_sample("B", solved=Solved.PARTLY, satisfaction=4),
        a_sample("C", solved=Solved.NO, satisfaction=3),
        a_sample("D", contacted=False, solved=Solved.NO, satisfaction=1),
        not_reached("E"),
    )

    assert rates_of(tally, POLICY.weights) == Rates(5, 4, 0.75, 0.25, 0.5, 0.4125)


def test_nobody_reached_is_no_sample_and_no_rate():
    assert rates_of(tally_of(not_reached("A")), POLICY.weights) == Rates(1, 0, None, None, None, None)


def test_the_last_callback_of_an_order_counts():
    early, late, other = a_sample("A", solved=Solved.NO), a_sample("A"), a_sample("B")

    assert list(latest_of_each_order([early, late, other])) == [late, other]


@pytest.mark.parametrize(
    ("part", "whole", "interval"), [(0, 10, (0.0, 0.2775)), (5, 10, (0.2366, 0.7634)), (90, 100, (0.8256, 0.9448))]
)
def test_the_interval_is_the_one_in_the_books(part, whole, interval):
    assert wilson(part, whole, confidence=0.95) == interval


samples = st.lists(
    st.builds(
        lambda number, contacted, solved, satisfaction, reached: (
            a_sample(f"O-{number}", contacted=contacted, solved=solved, satisfaction=satisfaction)
            if reached
            else not_reached(f"O-{number}")
        ),
        st.integers(0, 999),
        st.booleans(),
        st.sampled_from(Solved),
        st.integers(1, 5),
        st.booleans(),
    ),
    max_size=30,
)


@given(samples, st.randoms(use_true_random=False))
def test_rates_lie_between_none_and_all_and_do_not_depend_on_the_order(given_samples, random):
    rates = rates_of(tally_of(*given_samples), POLICY.weights)
    random.shuffle(given_samples)

    assert rates_of(tally_of(*given_samples), POLICY.weights) == rates
    figures = (rates.response_ratio, rates.resolution_ratio, rates.satisfaction_ratio, rates.composite_ratio)
    assert all(figure is None if not rates.samples else 0 <= figure <= 1 for figure in figures)
    if rates.samples:
        assert min(figures[:3]) - 0.0001 <= rates.composite_ratio <= max(figures[:3]) + 0.0001


@given(samples)
def test_silence_never_changes_a_rate(given_samples):
    without = rates_of(tally_of(*given_samples), POLICY.weights)
    silent = rates_of(tally_of(*given_samples, not_reached("silent")), POLICY.weights)

    assert (silent.samples, silent.composite_ratio) == (without.samples, without.composite_ratio)


@given(st.integers(1, 5000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_the_interval_holds_the_share_and_stays_within_none_and_all(counts):
    part, whole = counts
    low, high = wilson(part, whole, confidence=0.95)

    assert 0 <= low <= part / whole + 0.0001
    assert part / whole - 0.0001 <= high <= 1
