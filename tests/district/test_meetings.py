"""Meeting and deciding, from the notice to signed minutes, by chair, clerk and deputies: told on the running suite."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.auth import Role
from shared.contracts.assigning import FundingNotWhole, check_funding
from shared.contracts.deliberation import FundingSharePart
from shared.contracts.vocabulary import MoneySource
from shared.errors import BadRequest, Refused
from tests.district.at_work import DISTRICT, District

STREET, COMMUNITY = "110105016", "110105016901"
DEPUTIES = [f"member-{number}" for number in range(1, 9)]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def council(district: District) -> District:
    return with_council(district, COMMUNITY, "议事新村", DEPUTIES)


def with_council(district: District, community: str, name: str, people: list[str]) -> District:
    """A new community with a hall and eight deputies; the street's people see to it."""
    district.enter("unit", community, name=f"{name}社区居委会", kind="neighbourhood", parent=STREET)
    hall = {
        "name": f"{name}议事厅",
        "unit": community,
        "kind": "community",
        "address": f"{name}1号",
        "contact": "010-1",
    }
    district.enter("hall", f"hall-of-{community}", **hall, opening_hours="周一至周日 09:00-21:30")
    for number, person in enumerate(people):
        category = "residents_delegate" if number % 2 else "party_delegate"
        district.enter("person", person, name=f"代表{number}", unit=community)
        district.enter("deputy", f"seat-of-{person}", person=person, unit=community, category=category)
    return district


def called(district: District, title: str, community: str = COMMUNITY, **more: Any) -> Any:
    """What residents propose goes before their council: its session, as it was announced."""
    issue = district.file(title, community, request_kind="proposal", **more)
    district.pass_time(district.clock.now() + HOUR)
    return next(one for one in sessions(district, community) if one["issue_id"] == issue)


def sessions(district: District, community: str = COMMUNITY) -> Any:
    return district.ask("councils", "list_sessions", Role.CLERK, community, unit_code=community)["sessions"]


def waiting(district: District, service: str, role: Role, about: str, *, unit: str = COMMUNITY) -> list[str]:
    waits = district.ask(service, "list_my_work", role, unit)["waits"]
    return [call for one in waits if one["about"] == about for call in one["calls"]]


class Hall:
    """A session that has begun, eight deputies in it. `say` is the chair's word, `note` the clerk's."""

    def __init__(self, district: District, session: Any) -> None:
        self.district, self.session, self.id = district, session, session["session_id"]
        self.people = [one["person_id"] for one in session["deputies"]]
        district.pass_time(datetime.fromisoformat(session["starts_at"]))
        self.note("record_arrivals", person_ids=self.people)
        self.say("open_session")

    def say(self, method: str, role: Role = Role.CHAIR, **asked: Any) -> Any:
        about = {} if "motion_id" in asked else {"session_id": self.id}
        return self.district.act("deliberation", method, role, self.session["unit_code"], **about, **asked)

    def note(self, method: str, **asked: Any) -> Any:
        return self.say(method, Role.CLERK, **asked)

    def move(self, words: str, **more: Any) -> dict[str, str]:
        """Through the five steps, up to the vote."""
        asked = {"mover": self.people[0], "motion": words}
        of = {"motion_id": self.note("state_motion", **asked, **more)["motion_id"]}
        self.note("second_motion", **of, seconder=self.people[1])
        self.note("state_opposition", **of)
        self.say("close_debate", **of)
        self.note("give_opinion", **of)
        return of

    def vote(self, of: dict[str, str], people: list[str]) -> str:
        ballots = [{"person_id": one, "choice": "for"} for one in people]
        return str(self.say("vote", **of, ballots=ballots)["state"])


def a_task(district: District, *shares: float) -> dict[str, Any]:
    five = {"leader": "王主任", "department": "社区建设办公室", "person": "经办人", "co_units": ["社区居委会"]}
    due_at = (district.clock.now() + timedelta(days=5)).isoformat()
    funding = [
        {"payer": f"出资方{number}", "share_ratio": one, "money": "donations"} for number, one in enumerate(shares)
    ]
    return five | {"what": "安装座椅", "due_at": due_at, "funding": funding}


def test_eight_deputies_vote_again_after_a_void_vote_and_two_who_were_there_sign_what_was_said(council):
    session = called(council, "建议在新村小广场加装休息座椅")
    assert {one["person_id"] for one in session["deputies"]} == set(DEPUTIES)
    assert "deliberation.open_session" in waiting(council, "councils", Role.CHAIR, session["session_id"])
    hall = Hall(council, session)
    of = hall.move("加装十把座椅")
    assert waiting(council, "deliberation", Role.CHAIR, of["motion_id"]) == [
        "deliberation.vote",
        "deliberation.open_poll",
    ]

    hall.note("record_departures", person_ids=DEPUTIES[3:])
    assert hall.vote(of, DEPUTIES[:3]) == "void"
    council.pass_time(council.clock.now() + HOUR)
    hall.note("record_arrivals", person_ids=DEPUTIES[3:])
    assert hall.vote(of, DEPUTIES) == "carried"

    with pytest.raises(Refused) as refused:
        hall.say("adopt_resolution", **of, tasks=[a_task(council, 1.0, 0.0)])
    assert (refused.value.code, refused.value.fields) == (
        "funding_not_whole",
        {"tasks.0.funding": said_of_tasks(1.0, 0.0)},
    )
    hall.say("adopt_resolution", **of, tasks=[a_task(council, 0.6, 0.4)])
    hall.say("close_session")
    sign_what_was_said(hall)


def said_of_tasks(*shares: float) -> list[str]:
    """What is said of such funding where something resolved becomes tasks."""
    money = MoneySource.DONATIONS
    with pytest.raises(FundingNotWhole) as refused:
        check_funding([FundingSharePart(payer=f"出资方{one}", share_ratio=one, money=money) for one in shares])
    return refused.value.fields["funding"]


def sign_what_was_said(hall: Hall) -> None:
    """Circulated, objected to, answered; then signed by both, and by neither alone."""
    district = hall.district
    until = datetime.fromisoformat(hall.note("circulate_minutes")["objections_until"])
    hall.note("object_to_minutes", person_id=DEPUTIES[4], objection="漏记了我关于遮阳的意见")
    with pytest.raises(Refused, match="may object until"):
        hall.say("sign_minutes")
    hall.say("answer_objection", number=1, answer="已在记录中补上")
    district.pass_time(until)
    for role in (Role.CHAIR, Role.CLERK):
        assert "deliberation.sign_minutes" in waiting(district, "deliberation", role, hall.id, unit=STREET)
        half = hall.say("sign_minutes", role)
        assert half["state"] == ("circulated" if role is Role.CHAIR else "signed")

    read = district.ask("deliberation", "get_minutes", Role.LEADER, STREET, session_id=hall.id)
    assert (read["chair"] != read["clerk"], read["due_at"]) == (True, None)
    assert [one["answer"] for one in read["objections"]] == ["已在记录中补上"]
    assert district.ask("deliberation", "get_record", Role.LEADER, STREET, session_id=hall.id)["is_intact"]


def test_the_streets_money_passes_by_two_thirds_as_announced_and_what_households_pay_is_a_recommendation(council):
    session = called(council, "建议为新村改造非机动车停车棚")
    for matter, money in (("街道出资建棚", "public"), ("每户出资两万", "households")):
        item = {"matter": matter, "amount_fen": 2_000_000, "money": money}
        session = council.act(
            "councils", "put_on_agenda", Role.CLERK, COMMUNITY, session_id=session["session_id"], **item
        )
    hall = Hall(council, session)
    with pytest.raises(Refused, match=r"not on the notice.*街道出资建棚"):
        hall.move("街道出资三万建棚", item=1, amount_fen=3_000_000)
    public, households = (
        hall.move(words, item=item, amount_fen=2_000_000) for item, words in ((1, "建棚"), (2, "每户"))
    )

    assert hall.vote(public, DEPUTIES[:5]) == "lost"
    assert hall.vote(households, DEPUTIES[:5]) == "carried"
    paid_by_the_street = a_task(council) | {"funding": [{"payer": "街道", "share_ratio": 1.0, "money": "public"}]}
    with pytest.raises(Refused, match="moved without this money"):
        hall.say("adopt_resolution", **households, tasks=[paid_by_the_street])
    hall.say("adopt_resolution", **households, tasks=[a_task(council)])
    hall.say("close_session")
    read = council.ask("deliberation", "get_motion", Role.CHAIR, COMMUNITY, **households)
    assert (read["decided_by"], read["votes"][0]["votes_needed"]) == ("contributors", 5)


def test_a_session_that_nobody_opens_lapses_with_a_new_date_at_which_all_may_be_left_as_it_is(council):
    limit = council.clock.now() + 30 * DAY  # by a shorter one the issue climbs, as no new date holds it up
    session = called(council, "建议把新村的晾衣杆全部改成统一样式", due_at=limit.isoformat())
    late = {"session_id": session["session_id"], "words": "书记临时有会"}
    with pytest.raises(BadRequest, match="hall_lost"):
        council.act("councils", "postpone_session", Role.CLERK, COMMUNITY, **late, reason="leader_away")

    council.pass_time(datetime.fromisoformat(session["due_at"]) + HOUR)

    lapsed, anew = [one for one in sessions(council) if one["issue_id"] == session["issue_id"]]
    assert (lapsed["state"], anew["state"], anew["replaces"]) == ("lapsed", "notice_published", lapsed["session_id"])
    shown = council.ask("councils", "list_sessions", Role.PUBLIC, unit_code=COMMUNITY)["sessions"]
    assert {(lapsed["session_id"], "lapsed"), (anew["session_id"], "notice_published")} <= {
        (one["session_id"], one["state"]) for one in shown
    }
    hall = Hall(council, anew)
    of = hall.move("维持现状", leaves_as_is=True)
    assert hall.vote(of, DEPUTIES) == "carried"
    hall.say("adopt_resolution", **of, tasks=[])
    held = council.ask("deliberation", "get_session", Role.CHAIR, COMMUNITY, session_id=hall.id)
    assert (held["state"], held["failure"]) == ("closed", None)


def test_whose_term_ends_while_they_sit_there_votes_no_more_and_what_they_voted_before_stands(council):
    session = called(council, "建议在新村东墙增设宣传栏")
    hall = Hall(council, session)
    first, second = hall.move("增设一处宣传栏"), hall.move("宣传栏由社区维护")
    assert hall.vote(first, DEPUTIES) == "carried"

    council.end("deputy", f"seat-of-{DEPUTIES[7]}")
    with pytest.raises(Refused, match="no ballot was counted") as refused:
        hall.vote(second, DEPUTIES)
    assert "term as a deputy is over" in refused.value.fields["ballots"][0]
    assert hall.vote(second, DEPUTIES[:7]) == "carried"

    reads = [council.ask("deliberation", "get_motion", Role.CHAIR, COMMUNITY, **one) for one in (first, second)]
    assert [(vote["invited"], vote["votes_for"]) for one in reads for vote in one["votes"]] == [(8, 8), (7, 7)]
    for one in (first, second):
        hall.say("adopt_resolution", **one, tasks=[a_task(council)])
    hall.say("close_session")


def test_where_four_deputies_are_left_the_rule_is_named_to_who_can_mend_it(council):
    for person in DEPUTIES[4:7]:  # the eighth's term is over
        council.end("deputy", f"seat-of-{person}")

    issue = council.file("建议开放新村的地下活动室", COMMUNITY, request_kind="proposal")
    council.pass_time(council.clock.now() + HOUR)

    assert not [one for one in sessions(council) if one["issue_id"] == issue]
    file = council.ask("supervision", "get_case", Role.SUPERVISOR, DISTRICT, issue_id=issue)
    (incident,) = file["incidents"]
    assert (incident["kind"], "too_few_deputies" in incident["reason"]) == ("unschedulable", True)
    mending = waiting(council, "supervision", Role.CLERK, incident["incident_id"])
    assert "directory.propose_entry" in mending
    assert not [clock for clock in file["clocks"] if clock["state"] == "breached"]
