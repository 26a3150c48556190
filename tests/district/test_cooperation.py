"""Railway land, told on the running suite: the railway is asked and not commanded, and the street's clock shows why."""

from datetime import timedelta

import pytest

from shared.auth import Role
from tests.district.at_work import DISTRICT

STREET = "110105016"
RAILWAY = {"name": "北京铁路局工务段", "kind": "land_owner", "standing": "asked", "unit": DISTRICT}
LETTER = [{"uri": "https://files.example.org/letter.pdf", "sha256": "a" * 64}]
DAY = timedelta(days=1)

pytestmark = pytest.mark.timeout(600)


def explained(district, issue):
    case = district.ask("supervision", "get_case", Role.SUPERVISOR, DISTRICT, issue_id=issue)
    tier = next(one["clock_id"] for one in case["clocks"] if one["kind"] == "tier" and one["unit_code"] == STREET)
    reply = district.ask("supervision", "explain_clock", Role.CLERK, STREET, clock_id=tier)
    return reply["clock"]["state"], "\n".join(reply["words"])


def ask_railway(district, issue, words):
    about = {"issue_id": issue, "organisation_id": "O-railway", "reason": "their_land", "words": words}
    return district.act("supervision", "ask_organisation", Role.HANDLER, STREET, **about)["request_id"]


def test_the_railway_answers_one_letter_and_not_the_other_and_the_clock_of_the_street_shows_both(district):
    district.enter("organisation", "O-railway", **RAILWAY)
    first, second = district.file("铁路边道路积水", unit=STREET), district.file("铁路围栏破损", unit=STREET)
    answered, unanswered = (ask_railway(district, issue, "请清理") for issue in (first, second))
    assert [explained(district, issue)[0] for issue in (first, second)] == ["paused", "paused"]

    letter = {"request_id": answered, "agrees": True, "words": "下月清理", "answered_by": "工务段", "evidence": LETTER}
    district.act("supervision", "record_answer", Role.LEADER, STREET, **letter)
    assert (explained(district, first)[0], "同意:下月清理" in explained(district, first)[1]) == ("counting", True)

    district.pass_time(district.clock.now() + 10 * DAY)

    assert explained(district, first)[0] == "breached", "its order had seven days"
    assert (explained(district, second)[0], "逾期未答复" in explained(district, second)[1]) == ("counting", True)
    silent = district.ask("supervision", "get_request", Role.CLERK, STREET, request_id=unanswered)
    assert (silent["state"], silent["is_default"], silent["facts"]["whom"]) == ("refused", True, "O-railway")
    tasks = district.ask("dispatch", "list_tasks", Role.SUPERVISOR, DISTRICT, issue_id=second)["tasks"]
    assert "O-railway" not in {one.get("organisation_id") for one in tasks}
