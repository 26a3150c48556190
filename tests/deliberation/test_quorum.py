"""Rule 4: the quorum is computed at the moment, from arrivals, departures and recusals."""

import csv
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.deliberation.domain.quorum import count_quorum, least_part
from shared.policy.fields import Threshold
from tests.deliberation.builders import POLICY, some_invitees

NOBODY = frozenset()
BARS = st.builds(Threshold, st.fractions(0, 1, max_denominator=12), st.booleans())


def people(*numbers):
    return frozenset(f"P-{number}" for number in numbers)


@pytest.mark.parametrize(
    ("present", "recused", "met"),
    [
        (people(1, 2, 3, 4, 5), NOBODY, True),
        (people(1, 2, 3, 4), NOBODY, False),
        (people(1, 2, 3, 4, 5), people(5), False),
        (people(5, 6, 7, 8, 9), NOBODY, False),
        (people(1, 5, 6, 7, 8, 9), NOBODY, False),
        (people(1, 2, 5, 6, 7, 8), NOBODY, True),
        (people(1, 2, 5, 6, 7, 8), people(1), False),
    ],
    ids=[
        "five of nine",
        "four of nine",
        "one of five recused",
        "no resident",
        "one resident among six",
        "a third are residents",
        "the second resident is recused",
    ],
)
def test_quorum_of_nine_invited(present, recused, met):
    assert count_quorum(some_invitees(9, residents=4), present, recused, POLICY.quorum).is_met is met


def test_five_deputies_are_the_least_even_of_a_small_council():
    count = count_quorum(some_invitees(6, residents=6), people(1, 2, 3, 4), NOBODY, POLICY.quorum)

    assert (count.needed, count.is_met) == (5, False)


def test_guests_in_the_hall_are_not_counted():
    count = count_quorum(some_invitees(9), people(1, 2, 3, 4, 77, 78, 79), NOBODY, POLICY.quorum)

    assert count.present == 4


@given(BARS, st.integers(1, 300))
def test_the_least_part_meets_the_bar_and_one_less_does_not(bar, whole):
    least = least_part(bar, whole)

    if least <= whole:
        assert bar.is_met_by(least, whole)
    assert least == 1 or not bar.is_met_by(least - 1, whole)


@given(st.sets(st.integers(1, 15)), st.sets(st.integers(1, 15)), st.integers(1, 15), st.integers(0, 15))
def test_quorum_is_what_counting_by_hand_gives(present, recused, invited, residents):
    residents = min(residents, invited)
    count = count_quorum(some_invitees(invited, residents), people(*present), people(*recused), POLICY.quorum)

    here = {number for number in present - recused if number <= invited}
    by_hand = 2 * len(here) > invited and len(here) >= 5 and 3 * sum(n <= residents for n in here) >= len(here)
    assert count.is_met is by_hand


@given(st.sets(st.integers(1, 9)), st.sets(st.integers(1, 9)))
def test_a_recusal_never_adds_to_those_present(present, recused):
    deputies = some_invitees(9)
    with_them = count_quorum(deputies, people(*present), NOBODY, POLICY.quorum)
    without = count_quorum(deputies, people(*present), people(*recused), POLICY.quorum)

    assert without.present == with_them.present - len(present & recused)
    assert (without.invited, without.needed) == (with_them.invited, with_them.needed)


def test_the_meetings_of_a_real_committee_had_more_than_half_in_person():
    for meeting in real_votes():
        listed, proxies, away = (int(meeting[name]) for name in ("listed", "proxies", "on_leave"))
        if listed:
            assert POLICY.quorum.council.is_met_by(listed - proxies - away, listed), meeting


def test_a_bar_is_exact_where_floating_numbers_are_not():
    assert least_part(Threshold(Fraction(2, 3), False), 9) == 6


def real_votes():
    path = Path(__file__).parents[3] / "shared" / "data" / "votes" / "committee_votes.csv"
    if not path.exists():
        pytest.skip("../shared/data is absent: the committee votes are not part of the product")
    with path.open(encoding="utf-8") as rows:
        return list(csv.DictReader(rows))
