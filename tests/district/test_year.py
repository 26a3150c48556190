"""Nine months on the running suite: a lift for an old building waits through them, and holidays are in them.

Nobody meets in those, and what is urgent is done in them. A district of its own lives from one to the other: in a
busier one each day costs the timers of all that is open.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.cli.suite.staff import token_for
from shared.auth import Role
from shared.clock import SHANGHAI
from tests.databases import runs_on
from tests.district.at_work import DISTRICT, District
from tests.district.conftest import from_
from tests.district.test_callbacks import handle
from tests.district.test_meetings import COMMUNITY, DEPUTIES, STREET, called, with_council

HALL, AT_NIGHT = f"hall-of-{COMMUNITY}", "110105018069"
BEFORE_SPRING_FESTIVAL = datetime(2026, 2, 12, 10, tzinfo=SHANGHAI)
BEFORE_NATIONAL_DAY = datetime(2026, 9, 30, 10, tzinfo=SHANGHAI)
NIGHT = datetime(2026, 10, 2, 2, tzinfo=SHANGHAI)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NINE_MONTHS, QUARTER = 270 * DAY, 90 * DAY
OF_THE_LIFT = "110105016071"
INTERIM_REPLY = "加装电梯已列入计划,每季度向您反馈进展。"

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module", params=runs_on())
def district(request, tmp_path_factory):
    with from_(BEFORE_SPRING_FESTIVAL, request, tmp_path_factory) as made:
        yield made


@pytest.fixture(scope="module")
def council(district: District) -> District:
    return with_council(district, COMMUNITY, "议事新村", DEPUTIES)


class Lift:
    """The issue of a lift, put on the pending list when the district begins, and looked at again every quarter."""

    def __init__(self, district: District) -> None:
        self.district = district
        self.reviews = 0
        self.number = district.filed("加装电梯前的管线迁改", OF_THE_LIFT, category="road")
        self.issue = district.order(self.number)["issue_id"]
        self.owner = task_of(district, self.issue)["organisation_id"]
        self.done_at = district.clock.now() + NINE_MONTHS
        about = {"issue_id": self.issue, "reason": "planning", "words": "需先报规划", "plan": "六月报规划,十一月完工"}
        about |= {"owner": self.owner, "review_on": self._in_a_quarter(), "interim_reply": INTERIM_REPLY}
        asked = district.act("supervision", "ask_pending", Role.HANDLER, OF_THE_LIFT, **about)
        decision = {"request_id": asked["request_id"], "grant": True, "reason": "同意挂账"}
        district.act("supervision", "decide_request", Role.LEADER, DISTRICT, **decision)

    def pass_time(self, until: datetime) -> None:
        """On the day of each review somebody says that it stays on the list."""
        while self.listed is not None and (review := datetime.fromisoformat(self.listed["review_at"])) <= until:
            self.district.pass_time(review - HOUR)
            stays = {"issue_id": self.issue, "stays": True, "review_on": self._in_a_quarter(), "words": "按计划推进"}
            self.district.act("supervision", "review_pending", Role.LEADER, DISTRICT, **stays)
            self.reviews += 1
        self.district.pass_time(until)

    @property
    def listed(self) -> Any:
        """How it stands on the list; None when it doesn't any more."""
        asked = {"unit_code": OF_THE_LIFT}
        on = self.district.ask("supervision", "list_pending", Role.CLERK, OF_THE_LIFT, **asked)["issues"]
        return next((one for one in on if one["issue_id"] == self.issue), None)

    @property
    def case(self) -> Any:
        return self.district.case_of(self.number)

    @property
    def timeline(self) -> Any:
        asked = {"issue_id": self.issue}
        return self.district.ask("supervision", "timeline", Role.SUPERVISOR, DISTRICT, **asked)["entries"]

    def _in_a_quarter(self) -> str:
        return (self.district.clock.now() + QUARTER).astimezone(SHANGHAI).date().isoformat()


@pytest.fixture(scope="module")
def lift(district: District) -> Lift:
    return Lift(district)


def test_nobody_meets_in_the_spring_festival_and_all_meet_when_their_hall_is_open(council):
    """The last of three days, 15 February, is a holiday as all up to the 23rd; on Saturday the 28th people work."""
    assert council.clock.now() < BEFORE_SPRING_FESTIVAL + HOUR
    starts = announced_for_evenings_and_weekends(council, "建议春节后清理楼道堆物", "建议在新村南门加装扶手")
    assert starts == ["2026-02-25 19:00", "2026-03-01 10:00"]


def test_a_lift_stands_on_the_list_with_its_plan_its_owner_and_its_reply_and_no_clock_runs_against_anybody(lift):
    """The caller has an answer, and nobody says that it is handled."""
    order, listed = lift.district.order(lift.number), lift.listed

    assert (order["reply"], order["state"]) == (INTERIM_REPLY, "linked")
    assert (listed["reason"], listed["owner"], listed["interim_reply"]) == ("planning", lift.owner, INTERIM_REPLY)
    assert {one["state"] for one in lift.case["clocks"]} == {"met", "paused"}


def test_three_days_of_notice_from_30_september_end_after_the_holiday_and_people_meet_when_their_hall_is_open(
    council, lift
):
    """The last day, 3 October, is a holiday as all up to the 7th; on Saturday the 10th people work for it."""
    lift.pass_time(BEFORE_NATIONAL_DAY)
    starts = announced_for_evenings_and_weekends(council, "建议在新村北墙种植爬山虎", "建议新村广场晚间降低音量")
    assert starts == ["2026-10-09 19:00", "2026-10-11 10:00"]


def announced_for_evenings_and_weekends(district: District, evening: str, weekend: str) -> list[str]:
    """When people meet about two proposals: with a hall open every evening, and with none but at weekends."""
    halls = [district.entry("hall", HALL), *district.entries("hall", STREET)]
    hours = {
        one["entry_id"]: one["facts"]["opening_hours"] for one in halls if one["facts"]["unit"] in (COMMUNITY, STREET)
    }
    in_the_evening = called(district, evening)
    for hall in hours:
        district.change("hall", hall, opening_hours="周六至周日 09:00-18:00")
    at_weekends = called(district, weekend)
    for hall, usual in hours.items():
        district.change("hall", hall, opening_hours=usual)
    assert {one["hall_id"] for one in (in_the_evening, at_weekends)} == {HALL}
    return [started(one) for one in (in_the_evening, at_weekends)]


def started(session: Any) -> str:
    return f"{datetime.fromisoformat(session['starts_at']).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def task_of(district, issue):
    (task,) = district.ask("dispatch", "list_tasks", Role.SUPERVISOR, DISTRICT, issue_id=issue)["tasks"]
    return task


def test_at_two_in_the_night_of_2_october_who_acts_for_the_one_on_leave_does_what_is_due_in_two_hours(district, lift):
    usual = task_of(district, district.file("垃圾桶满溢", AT_NIGHT, address="3号楼", content="垃圾三天没有清运"))
    here = usual["organisation_id"].partition("/")[0]
    others = [one["entry_id"] for one in district.entries("organisation", here)]
    elsewhere = next(one for one in others if one != usual["organisation_id"])
    district.enter("person", "night-person", name="代班人", unit=here)
    login = {"login": "night.duty", "roles": ["handler"]}
    district.enter("staff", "night-post", person="night-person", organisation=elsewhere, unit=here, **login)
    district.enter("acting", "night-leave", person=usual["person_id"], acting="night-person", reason="休假")
    lift.pass_time(NIGHT)

    at_once = {"sla_class": "emergency", "category": "sanitation"}
    issue = district.file("垃圾站起火冒烟", AT_NIGHT, address="11号楼", content="垃圾站冒烟,味道刺鼻", **at_once)
    task, acting = task_of(district, issue), token_for("night.duty", None, None)
    (waiting,) = [
        one for one in district.ask_by(acting, "dispatch", "list_my_work")["waits"] if one["about"] == task["task_id"]
    ]
    named, shown = {"task_id": task["task_id"]}, [{"uri": "https://files.example.org/1.jpg", "sha256": "a" * 64}]
    done = {"result": "已扑灭并清运", "evidence": shown, "idempotency_key": "night-done"}

    assert (task["desk_id"], task["person"]) == (usual["desk_id"], "代班人")
    assert datetime.fromisoformat(waiting["due_at"]) == NIGHT + 2 * HOUR
    assert (
        district.ask_by(acting, "dispatch", "sign_for_task", **named, idempotency_key="night")["state"] == "signed_for"
    )
    assert district.ask_by(acting, "dispatch", "finish_task", **named, **done)["state"] == "done"


def test_nine_months_later_the_lift_is_done_its_caller_asked_and_nothing_was_breached(district, lift):
    lift.pass_time(lift.done_at)
    waited = lift.case
    handle(district, lift.number)
    district.pass_time(district.clock.now() + HOUR)
    survey = district.ask("evaluation", "get_survey", Role.EVALUATOR, DISTRICT, order_no=lift.number)
    district.report(lift.number, solved="已解决")
    case = lift.case

    assert (lift.reviews, {one["state"] for one in waited["clocks"]}) == (2, {"met", "paused"})
    assert (survey["state"], lift.listed) == ("asking", None)
    assert (case["case"]["state"], case["case"]["outcome"], case["case"]["rung"]) == ("closed", "solved", 0)
    assert {one["state"] for one in case["clocks"]} == {"met"}
    assert not {one["kind"] for one in lift.timeline} & {"clock_warned.v1", "clock_breached.v1", "issue_escalated.v1"}
