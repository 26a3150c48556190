"""The board of a district at work: it shows what its services say, and made anew it is the same, table by table."""

from datetime import timedelta

from services import SERVICES
from services.board.reading.board import Board
from services.board.reading.shapes import IssueFilter
from services.cli.suite.rebuild import Rebuild
from shared.storage.engine import engine_for
from tests.board.dump import dump

COMMUNITY = "110105018075"

SOURCES = tuple(name for name in SERVICES if name != "board")


def test_after_two_days_the_board_made_anew_is_the_one_that_was_lived_and_goes_on(district):
    issue = district.file("楼道灯不亮", COMMUNITY)
    district.pass_time(district.clock.now() + timedelta(days=2))
    district.settle()
    board, engine = Board(engine_for("board"), district.clock), engine_for("board")
    lived, before = dump(engine), board.issue(issue)

    made = Rebuild(engine, {name: engine_for(name) for name in SOURCES}).run()

    anew = dump(engine, made.generation)
    assert {name: rows for name, rows in anew.items() if rows != lived[name]} == {}
    assert made.not_heard_before == 0
    assert len(anew["issues"]) > 0
    assert board.issue(issue) == before
    another = district.file("井盖松动", COMMUNITY)
    assert board.issue(another).row.is_open
    assert another in {row.issue_id for row in board.issues(IssueFilter(), most=100).rows}
