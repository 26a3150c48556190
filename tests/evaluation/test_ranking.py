"""Who stands where, and in which class."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain.ranking import classes_of, is_street, rank, rank_unit_of
from services.evaluation.domain.rates import Tally
from shared.directory.units import units_as_of
from tests.evaluation import builders
from tests.evaluation.builders import MONDAY, POLICY
from tests.told import a_copy, few_units


def a_tally(solved, samples=100):
    return Tally(asked=samples, samples=samples, weight=samples, contacted=samples, solved=solved, satisfied=solved)


def ranked(tallies):
    return rank(tallies, weights=POLICY.weights, policy=POLICY.ranking)


def classes(tallies, requests=None, before=None):
    return classes_of(ranked(tallies), requests or {}, before or {}, policy=POLICY.ranking)


def street(number):
    return f"110105{number:03}"


def test_a_street_answers_for_all_inside_it_and_the_district_stands_with_nobody():
    inside = ("110105017", "110105017003", "110105017003005")
    units = units_as_of(a_copy(), MONDAY)

    assert {rank_unit_of(unit, units) for unit in inside} == {builders.STREET}
    assert rank_unit_of(builders.DISTRICT, units) == builders.DISTRICT
    assert (is_street(builders.STREET), is_street(builders.DISTRICT)) == (True, False)


def test_a_street_answers_for_what_lies_inside_it_whatever_the_codes_say():
    moved = [replace(one, parent="110105018") if one.id == builders.COMMUNITY else one for one in few_units()]
    units = units_as_of(a_copy(units=moved), MONDAY)

    assert rank_unit_of(builders.COMMUNITY + "005", units) == "110105018"


def test_the_best_comes_first_equal_ones_share_a_place_and_few_samples_get_none():
    entries = ranked({street(1): a_tally(50), street(2): a_tally(90), street(3): a_tally(90), street(4): a_tally(9, 9)})

    assert [(entry.code, entry.rank) for entry in entries] == [
        (street(2), 1),
        (street(3), 1),
        (street(1), 3),
        (street(4), None),
    ]


def test_an_entry_shows_its_intervals():
    (entry,) = ranked({street(1): a_tally(90)})

    assert entry.resolution_interval == (0.8256, 0.9448)


def test_of_forty_three_streets_four_are_advanced_and_four_are_to_rectify():
    found = classes({street(number): a_tally(number) for number in range(1, 44)})

    assert found.advanced == [street(43), street(42), street(41), street(40)]
    assert found.rectify == [street(4), street(3), street(2), street(1)]


def test_progress_is_the_best_gain_over_the_period_before():
    found = classes(
        {street(1): a_tally(90), street(2): a_tally(60), street(3): a_tally(50)},
        before={street(1): 0.95, street(2): 0.3, street(3): 0.4},
    )

    assert found.progress == [street(2)]


def test_ten_equal_streets_share_a_place_and_none_of_them_is_best_or_last():
    tallies = {street(number): a_tally(50) for number in range(1, 11)}
    found = classes(tallies, requests=dict.fromkeys(tallies, 7) | {street(11): 7})

    assert {entry.rank for entry in ranked(tallies)} == {1}
    assert found.advanced == found.rectify == found.governance == []


def test_a_class_that_would_end_among_equals_ends_before_them():
    found = classes({street(number): a_tally(number // 3) for number in range(1, 44)})

    assert found.advanced == [street(42), street(43)]
    assert found.rectify == [street(2), street(1)]


def test_equal_gains_are_equal_also_where_floats_differ():
    before = {street(1): 0.1, street(2): 0.4, street(3): 0.9, street(4): 0.9}
    now = {street(1): a_tally(20), street(2): a_tally(50), street(3): a_tally(60), street(4): a_tally(60)}
    published = {entry.code: entry.rates.composite_ratio for entry in ranked(now)}
    gain = published[street(1)] - 0.1
    before[street(2)] = round(published[street(2)] - gain, 4)

    assert classes(now, before=before).progress == []


def test_the_ten_with_most_requests_are_named_for_governance():
    requests = {street(number): number for number in range(1, 20)}

    assert classes({}, requests).governance == [street(number) for number in range(19, 9, -1)]


@given(st.dictionaries(st.integers(1, 43).map(street), st.tuples(st.integers(0, 60), st.integers(0, 60))))
def test_nobody_is_best_and_last_at_once_and_a_better_share_never_ranks_lower(counts):
    tallies = {unit: a_tally(min(pair), max(pair)) for unit, pair in counts.items()}
    entries = ranked(tallies)
    found = classes(tallies)
    with_rank = [entry for entry in entries if entry.rank]

    assert not set(found.advanced) & set(found.rectify)
    assert [entry.rank for entry in with_rank] == sorted(entry.rank for entry in with_rank)
    composites = [entry.rates.composite_ratio for entry in with_rank]
    assert composites == sorted(composites, reverse=True)
    assert all((entry.rank is None) == (entry.rates.samples < POLICY.ranking.min_samples) for entry in entries)
