"""Where the lines of the pictures go: bars of clocks and votes, the grid of streets, the lines of a chart."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.board.reading.meetings import VoteOutcome
from services.board.reading.shapes import Light
from services.board.reading.whole import ClockState
from services.gateway.drawing.bars import RAIL, clock_bar, vote_bar
from services.gateway.drawing.charts import heat_steps, line_chart, shares
from services.gateway.drawing.tiles import placed, step_of
from services.gateway.pages.design import examples

NOW = datetime(2026, 3, 10, 1, tzinfo=UTC)
COUNTING = examples.clock(NOW, ClockState.COUNTING, Light.IN_TIME)


def stretches(bar, kind):
    return [(part.x, part.x + part.width) for part in bar.parts if part.kind == kind]


def test_a_clock_spends_what_counts_and_hatches_what_rests():
    bar = clock_bar(COUNTING, NOW)
    (first, rest, second) = stretches(bar, "spent")[0], stretches(bar, "held")[0], stretches(bar, "spent")[1]

    assert first[0] == 0
    assert first[1] == rest[0]
    assert rest[1] == second[0]
    assert second[1] < bar.due == RAIL


def test_an_extension_is_ringed_from_the_first_limit_to_the_last():
    bar = clock_bar(COUNTING, NOW)

    assert bar.has_more
    assert stretches(bar, "more")[0][1] == bar.due


def test_a_clock_that_is_over_goes_on_past_its_limit():
    bar = clock_bar(examples.clock(NOW, ClockState.BREACHED, Light.LATE), NOW)

    assert bar.due < RAIL
    assert stretches(bar, "spent")[-1][1] == RAIL


def test_a_clock_on_hold_rests_until_now():
    assert len(stretches(clock_bar(examples.clock(NOW, ClockState.PAUSED, Light.PAUSED), NOW), "held")) == 2


@given(st.timedeltas(min_value=timedelta(days=-40), max_value=timedelta(days=40)))
def test_no_part_of_a_clock_lies_outside_its_rail(passed):
    for part in clock_bar(COUNTING, NOW + passed).parts:
        assert 0 <= part.x <= part.x + part.width <= RAIL


def test_a_vote_is_drawn_over_those_present():
    bar = vote_bar(examples.count(NOW, VoteOutcome.CARRIED))

    assert [part.kind for part in bar.parts] == ["for", "against", "abstained"]
    assert bar.parts[0].width == 7 * RAIL // 9
    assert bar.needed == 5 * RAIL // 9
    assert (bar.present, bar.quorum) == (9 * RAIL // 11, 6 * RAIL // 11)


def test_each_street_has_a_place_of_its_own_on_the_grid():
    laid = placed(examples.tiles())

    assert len(laid) == 43
    assert len({(one.column, one.row) for one in laid}) == 43


def test_streets_of_another_district_lie_in_the_order_of_their_codes():
    others = [one for one in examples.tiles() if one.unit.code < "110105010"]
    unknown = [
        type(one)(unit=type(one.unit)("9" + one.unit.code, "x", None), open=0, late=0, samples=0, resolution_ratio=None)
        for one in others
    ]

    assert [(one.column, one.row) for one in placed(unknown)][:8] == [*((n, 1) for n in range(1, 8)), (1, 2)]


@pytest.mark.parametrize(("ratio", "step"), [(None, 0), (0.0, 1), (0.6, 2), (0.899, 4), (0.9, 5), (1.0, 5)])
def test_a_share_is_one_of_five_steps(ratio, step):
    assert step_of(ratio) == step


def test_a_chart_leaves_out_what_is_not_known_and_begins_below_the_lowest():
    chart = line_chart(["1", "2", "3"], {"resolution": [0.84, None, 0.91], "response": [None, None, None]})

    assert [line.name for line in chart.lines] == ["resolution"]
    assert len(chart.lines[0].points) == 2
    assert chart.heights[0][0] == "80%"


def test_names_of_lines_that_end_together_stand_apart():
    chart = line_chart(["1"], {"response": [0.9], "resolution": [0.9], "satisfaction": [0.9]})
    heights = sorted(line.name_y for line in chart.lines)

    assert all(lower - upper >= 16 for upper, lower in pairwise(heights))


def test_a_load_is_told_in_five_steps_of_its_most():
    assert heat_steps([[0, 1, 5, 10]]) == [[(0, 0), (1, 1), (5, 3), (10, 5)]]
    assert heat_steps([[0, 0]]) == [[(0, 0), (0, 0)]]


def test_shares_are_thousandths_of_the_largest():
    assert shares([5, 10, 0]) == [500, 1000, 0]
    assert shares([]) == []
