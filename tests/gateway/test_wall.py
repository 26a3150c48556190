"""The supervision wall: counts by light that lead to lists, what breaks today, incidents; within one's own unit."""

import pytest

from services.board.reading.shapes import Light
from services.board.reading.whole import IncidentKind
from services.gateway.words.names import NAMES
from tests.gateway.fake_board import ISSUE
from tests.gateway.people import STREET

COMMUNITY = f"{STREET}033"
NEIGHBOUR = "110105014"


@pytest.mark.parametrize("role", ["supervisor", "leader"])
def test_the_wall_is_of_the_unit_one_works_in(staff, board, role):
    page = staff(role).get("/wall")

    assert page.status_code == 200
    assert board.asked == [STREET]
    assert 'href="/wall"' in page.text


@pytest.mark.parametrize("role", ["clerk", "chair", "handler", "evaluator", "callback_agent"])
def test_it_is_for_supervisors_and_leaders_alone(staff, role):
    browser = staff(role)

    assert browser.get("/wall").status_code == browser.get("/wall.csv").status_code == 403
    assert 'href="/wall"' not in browser.get("/").text


def test_a_stranger_is_asked_to_sign_in(visitor):
    assert visitor.get("/wall").location == "/login?next=/wall"


def test_a_unit_inside_has_its_own_wall_and_one_elsewhere_has_not(staff, board):
    browser = staff("supervisor")

    assert browser.get(f"/wall?unit={COMMUNITY}").status_code == 200
    assert browser.get(f"/wall?unit={NEIGHBOUR}").status_code == 403
    assert browser.get("/wall?unit=110105").status_code == 403
    assert browser.get("/wall?unit=nowhere").status_code == 400
    assert board.asked == [COMMUNITY]


def test_each_count_leads_to_the_issues_that_it_counts_and_has_a_word(staff):
    page = staff("supervisor").get("/wall").text

    assert f'href="/issues?unit={STREET}&amp;light=late"' in page
    assert f'href="/issues?unit={STREET}&amp;tier=street&amp;light=warned"' in page
    assert all(NAMES["light"][light] in page for light in Light)


def test_who_is_most_behind_stands_first_below_the_whole(staff):
    page = staff("supervisor").get("/wall").text

    assert page.index("甘露园社区") < page.index("住邦社区")


def test_what_breaks_today_and_every_incident_leads_to_its_case(staff):
    page = staff("supervisor").get("/wall").text

    assert f'href="/cases/{ISSUE}"' in page
    assert f'href="/cases/{ISSUE}#incidents"' in page


def test_every_kind_of_incident_has_its_name():
    assert set(IncidentKind) == set(NAMES["incident"])


def test_an_empty_wall_says_why(staff, board):
    board.is_empty = True
    page = staff("supervisor").get("/wall").text

    assert "今天没有到期的议题" in page
    assert "没有等着处置的异常事件" in page


def test_the_same_counts_can_be_taken_away(staff):
    lines = staff("supervisor").get("/wall.csv").text.splitlines()

    assert lines[0] == "\ufeff单位或层级,已超期,临近期限,按期,暂停计时,不再计时,合计"
    assert lines[1].startswith("八里庄街道,2,")
    assert any(line.startswith("社区,") for line in lines)
