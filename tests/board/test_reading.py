"""Every look at the board, at what the samples of all events leave behind."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.board.domain.words import FoundKind, Light, MinutesState, MotionState, Stage
from services.board.reading.board import Board
from services.board.reading.shapes import HallFilter, IssueFilter, SessionFilter
from services.board.service import BoardService
from services.board.storage import tables
from shared.contracts.councils import SessionScheduledV1
from shared.contracts.deliberation import MinutesSignedV1, MotionSecondedV1, SessionOpenedV1
from shared.contracts.evaluation import RedoOrderedV1
from shared.contracts.intake import IssueRaisedV1
from shared.contracts.supervision import IssueReassignedV1
from shared.contracts.vocabulary import Publicity
from shared.errors import BadRequest, NotFound
from tests.board.samples import ISSUE, SESSION, heard
from tests.harness import Bus, HandClock

NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)


@pytest.fixture
def board(engine) -> Board:
    bus = Bus(engine, BoardService, NOW)
    bus.hear(*(event for events in heard().values() for event in events))
    return Board(engine, HandClock(NOW))


def hide(board: Board, publicity: Publicity) -> None:
    with board._engine.begin() as connection:
        connection.execute(tables.generation[1].issues.update().values(publicity=publicity, is_shown=False))


def test_an_issue_is_shown_whole(board):
    page = board.issue(ISSUE)

    assert page.row.issue_id == ISSUE
    assert [one.stage for one in page.stages] == list(Stage)
    assert {one.clock_id for one in page.clocks}
    assert all(one.ledger for one in page.clocks)
    assert page.people.people >= 1
    assert page.timeline[0].at >= page.timeline[-1].at
    assert {line.told_by for line in page.timeline} == {
        *("intake", "councils", "deliberation", "dispatch", "supervision", "evaluation")
    }


def test_votes_resolutions_tasks_and_the_minority_are_on_its_page(board):
    page = board.issue(ISSUE)

    (motion,) = page.motions
    assert motion.state in set(MotionState)
    assert (motion.votes[0].quorum, motion.votes[0].majority) == (">= 2/3", "> 1/2")
    assert motion.opposition
    assert [one.row.resolution_id for one in page.resolutions]
    assert page.tasks
    assert page.evaluation is not None


def test_no_order_number_is_shown_without_a_duty_and_it_is_with_one(board):
    assert "20260302-000001" not in str(board.issue(ISSUE)).replace(ISSUE, "")

    with_duty = board.issue(ISSUE, duty_in="110105")
    assert "20260302-000001" in {one.order_no for one in with_duty.clocks}


@pytest.mark.parametrize(
    ("to_unit", "since"),
    [
        pytest.param("110105017042", datetime(2026, 3, 2, 3, tzinfo=UTC), id="to another unit"),
        pytest.param("110105017041", datetime(2026, 3, 2, 1, 21, tzinfo=UTC), id="in another category alone"),
    ],
)
def test_a_correction_begins_anew_how_long_somebody_holds_an_issue_only_where_it_moves(engine, to_unit, since):
    said = {type(one): one for events in heard().values() for one in events}
    bus = Bus(engine, BoardService, NOW)
    bus.hear(said[IssueRaisedV1], replace(said[IssueReassignedV1], to_unit=to_unit))

    assert Board(engine, HandClock(NOW)).issue(ISSUE).row.held_since == since


def test_what_is_not_public_is_found_by_nobody_without_a_duty_there(board):
    hide(board, Publicity.PARTIES)

    with pytest.raises(NotFound):
        board.issue(ISSUE)
    with pytest.raises(NotFound):
        board.session(SESSION)
    assert not board.issues(IssueFilter(is_open=None)).rows
    assert ISSUE not in {one.issue_id for one in board.search("停车").rows}
    assert not board.front().resolutions
    assert board.issue(ISSUE, duty_in="110105").row.publicity is Publicity.PARTIES
    assert [one.issue_id for one in board.issues(IssueFilter(is_open=None, duty_in="110105")).rows] == [ISSUE]


def test_a_list_takes_every_filter_and_goes_on_from_its_cursor(board):
    row = board.issues(IssueFilter(is_open=None)).rows[0]
    wanted = {"unit": row.unit.code, "stage": row.stage, "tier": row.unit.tier, "light": row.light}

    assert board.issues(IssueFilter(is_open=row.is_open, category=row.category, **wanted)).rows == [row]
    assert not board.issues(IssueFilter(is_open=None, unit="110105001")).rows
    with pytest.raises(BadRequest) as refused:
        board.issues(cursor="nonsense")
    assert "cursor" in refused.value.fields


def test_sessions_and_halls_are_listed_and_shown(board):
    everything = SessionFilter(from_at=datetime(2026, 1, 1, tzinfo=UTC))
    (row,) = board.sessions(everything).rows
    page = board.session(row.session_id)

    assert page.row == row
    assert page.invited
    assert page.minutes.state is MinutesState.AWAITED  # the sample of signed ones is of another session
    (hall,) = board.halls(HallFilter()).rows
    assert board.hall(hall.hall_id).row == hall
    with pytest.raises(NotFound):
        board.hall("nowhere")


def test_who_signed_minutes_is_shown_by_name_and_nobody_by_an_id(board):
    signed = next(one for one in heard()["deliberation"] if isinstance(one, MinutesSignedV1))
    bus = Bus(board._engine, BoardService, NOW)
    bus.hear(replace(signed, session_id=SESSION, chair="person-2", clerk="left long ago"))
    minutes = board.session(SESSION).minutes

    assert (minutes.state, minutes.chair, minutes.clerk) == (MinutesState.SIGNED, "李敏", "")


def test_who_leads_a_session_is_shown_by_name_as_soon_as_it_is_open(board):
    opened = next(one for one in heard()["deliberation"] if isinstance(one, SessionOpenedV1))
    bus = Bus(board._engine, BoardService, NOW)
    bus.hear(replace(opened, session_id=SESSION, chair="person-2", clerks=["left long ago", "person-2"]))
    page = board.session(SESSION)

    assert (page.chair, page.clerks) == ("李敏", ["李敏"])
    assert board.staff(page.row.unit.code)["person-2"] == "李敏"


def test_the_timeline_names_deputies_as_they_were_invited(board):
    seconded = next(one for one in heard()["deliberation"] if isinstance(one, MotionSecondedV1))
    called = next(one for one in heard()["councils"] if isinstance(one, SessionScheduledV1))
    bus = Bus(board._engine, BoardService, NOW)
    bus.hear(replace(seconded, seconder=called.deputies[0].person_id))
    told = [one.facts["seconder"] for one in board.issue(ISSUE).timeline if one.kind == "motion_seconded.v1"]

    assert called.deputies[0].name in told
    assert called.deputies[0].person_id not in told


def test_a_redo_that_is_told_again_for_others_is_one_line_and_due_as_it_was_first(board):
    before = board.issue(ISSUE)
    redo = next(one for one in heard()["evaluation"] if isinstance(one, RedoOrderedV1))
    bus, later = Bus(board._engine, BoardService, NOW), redo.ordered_at + timedelta(hours=1)
    bus.hear(replace(redo, order_no="2", ordered_at=later, due_at=redo.due_at + timedelta(days=9)))
    after = board.issue(ISSUE)

    lines = [one.kind for one in after.timeline]
    assert (lines.count("redo_ordered.v1"), after.evaluation) == (1, before.evaluation)
    assert after.evaluation is not None
    assert after.evaluation.redo_due_at == redo.due_at


def test_two_characters_suffice_to_find_whatever_is_written(board):
    title = board.issue(ISSUE).row.title

    found = board.search(title[:2])
    assert found.rows[0].issue_id == ISSUE
    kinds = {one.kind for word in (title[:2], board.halls().rows[0].name[:2]) for one in board.search(word).rows}
    assert {FoundKind.ISSUE, FoundKind.HALL} <= kinds
    assert not board.search("龘龘").rows
    with pytest.raises(BadRequest):
        board.search("停")


def test_ranks_are_those_that_were_published_and_name_the_units(board):
    ranks = board.ranks()

    (table,) = ranks.tables
    assert (table.group, table.entries[0].rank, table.entries[0].samples) == ("street", 1, 37)
    assert ranks.errata[0].correction
    with pytest.raises(NotFound):
        board.ranks("1999-01")


def test_the_front_the_wall_and_figures_count_what_was_told(board):
    front, wall = board.front(), board.wall(now=NOW)
    figures = board.figures("110105", date(2026, 1, 1), date(2026, 12, 31))

    assert front.period_id == board.ranks().period_id
    assert sum(wall.rows[0].lights.values()) == front.open
    assert {one for row in wall.rows for one in row.lights} == set(Light)
    total = sum(one.counts["orders"] for one in figures.days)
    assert total == sum(one.orders for one in figures.load) == 1
    assert board.behind() >= timedelta(0)
