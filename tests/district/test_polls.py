"""Voting household by household and by owners, on paper, over a window: told on the running suite."""

from datetime import datetime
from typing import Any

import pytest

from shared.auth import Role
from shared.errors import Refused
from tests.district.at_work import District
from tests.district.test_meetings import Hall, a_task, called, waiting, with_council

COMMUNITY = "110105016903"
PEOPLE = [f"polls-{number}" for number in range(1, 9)]
DESIGNS = ["方案一:透水砖", "方案二:沥青", "方案三:石板"]

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def council(district: District) -> District:
    return with_council(district, COMMUNITY, "表决新村", PEOPLE)


def enter(hall: Hall, poll: dict[str, str], *papers: dict[str, Any]) -> Any:
    return hall.district.act("deliberation", "enter_papers", Role.CLERK, COMMUNITY, **poll, papers=list(papers))


def chair(hall: Hall, method: str, poll: dict[str, str], **asked: Any) -> Any:
    return hall.district.act("deliberation", method, Role.CHAIR, COMMUNITY, **poll, **asked)


def paper(dwelling: str, choice: int, *signed_by: str, authorised: str = "") -> dict[str, Any]:
    return {"dwelling": dwelling, "choice": choice, "signed_by": list(signed_by), "authorised": authorised}


def test_three_designs_go_from_door_to_door_for_two_weeks_and_silence_is_consent_to_none(council):
    session = called(council, "建议为表决新村小广场重新铺装地面", COMMUNITY)
    hall = Hall(council, session)
    of = hall.move("小广场按选定的方案铺装")
    register = [{"dwelling": f"{n}室", "holders": [f"h{n}"]} for n in range(1, 6)]
    register += [{"dwelling": "6室", "holders": ["h6", "spouse-of-h6"]}, {"dwelling": "7室", "holders": ["h7"]}]
    asked = {"electorate": "households", "register": register, "options": DESIGNS, "days": 14}
    poll = {"poll_id": hall.say("open_poll", **of, **asked)["poll_id"]}
    hall.say("close_session")
    assert "deliberation.enter_papers" in waiting(council, "deliberation", Role.CLERK, poll["poll_id"], unit=COMMUNITY)

    with pytest.raises(Refused, match="Signed by all of h6, spouse-of-h6"):
        enter(hall, poll, paper("6室", 2, "h6"))
    mine = [paper("1室", 1, "h1"), paper("2室", 1, "h2"), paper("6室", 1, "h6", "spouse-of-h6")]
    entered = enter(hall, poll, *mine, paper("3室", 2, "daughter-of-h3", authorised="委托书 2026-3"))
    with pytest.raises(Refused, match="somebody else checks it"):
        council.act("deliberation", "check_papers", Role.CLERK, COMMUNITY, **poll, right=[1])
    chair(hall, "check_papers", poll, right=[one["number"] for one in entered["papers"]])
    council.pass_time(datetime.fromisoformat(entered["closes_at"]))
    counted = chair(hall, "count_poll", poll)["tally"]
    case = council.ask("supervision", "get_case", Role.SUPERVISOR, COMMUNITY, issue_id=session["issue_id"])
    assert case["case"]["unit_code"] == COMMUNITY  # its clock waited for the papers

    assert (counted["outcome"], counted["option"], counted["heads"]) == ("carried", DESIGNS[0], 4)
    assert [one["heads"] for one in counted["votes"]] == [3, 1, 0]
    assert (counted["base_heads"], counted["quorum_heads"], counted["majority"]) == (7, "> 1/2", "> 1/2")
    assert "deliberation.adopt_resolution" in waiting(
        council, "deliberation", Role.CHAIR, of["motion_id"], unit=COMMUNITY
    )
    hall.say("adopt_resolution", **of, tasks=[a_task(council)])
    public = council.ask("deliberation", "get_poll", Role.PUBLIC, **poll)
    assert (public["tally"]["option"], public["papers"]) == (DESIGNS[0], [])


def test_an_owner_of_eight_flats_and_the_developer_of_ten_unsold_ones_are_two_heads_and_all_their_area_counts(council):
    session = called(council, "建议用维修资金大修表决新村电梯", COMMUNITY)
    item = {"matter": "使用维修资金大修电梯", "amount_fen": 30_000_000, "money": "owners"}
    session = council.act("councils", "put_on_agenda", Role.CLERK, COMMUNITY, session_id=session["session_id"], **item)
    hall = Hall(council, session)
    of = hall.move("使用维修资金三十万元大修电梯", item=1, amount_fen=30_000_000)
    owners = ["zhao"] * 8 + ["developer"] * 10 + ["qian", "sun", "li"]
    register = [{"dwelling": f"{n}室", "holders": [who], "area_m2": 80.0} for n, who in enumerate(owners, 1)]
    asked = {"electorate": "owners", "register": register, "days": 14, "owners_item": 6}
    opened = hall.say("open_poll", **of, **asked)
    hall.say("close_session")
    poll = {"poll_id": opened["poll_id"]}
    assert (opened["base_heads"], opened["base_area_m2"]) == (5, 1680.0)

    council.pass_time(datetime.fromisoformat(opened["opens_at"]))
    signed = [("1室", 1, "zhao"), ("9室", 1, "developer"), ("19室", 1, "qian"), ("20室", 2, "sun")]
    entered = enter(hall, poll, *(paper(*one) for one in signed))
    with pytest.raises(Refused, match="already"):
        enter(hall, poll, paper("2室", 1, "zhao"))
    chair(hall, "check_papers", poll, right=[one["number"] for one in entered["papers"]])
    council.pass_time(datetime.fromisoformat(opened["closes_at"]))
    counted = chair(hall, "count_poll", poll)["tally"]

    assert [(one["heads"], one["area_m2"]) for one in counted["votes"]] == [(3, 1520.0), (1, 80.0)]
    assert (counted["heads"], counted["area_m2"], counted["majority"]) == (4, 1600.0, ">= 3/4")
    assert counted["outcome"] == "carried"
