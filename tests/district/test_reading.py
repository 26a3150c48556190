"""What residents say is read by who has the duty, and is found nowhere else in a suite that runs."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, text

from services import SERVICES
from shared.auth import Role, issue_token
from shared.bus.log.reading import events_of
from shared.errors import BadRequest, NotAllowed
from shared.settings import settings
from shared.storage.engine import engine_for
from tests.district.at_work import DISTRICT, District

COMMUNITY = "110105001024"
PLANTED = ("慕容雪晴", "13912345678", "京N73915", "2单元2304", "11010519600101123X")
TITLE = "慕容雪晴家楼下车位被京N73915长期占用"
CONTENT = "我是慕容雪晴,住3号楼2单元2304室,身份证11010519600101123X,电话13912345678,楼下停车位被占。"
WORDS = "小区停车位的使用规则"
CALLER = {"name": "慕容雪晴", "phone": "13912345678"}

pytestmark = pytest.mark.timeout(600)


def file(district: District, **more: Any) -> tuple[str, str]:
    """The planted order: its number and its issue."""
    said = {"content": CONTENT, "caller": CALLER, "channel": "慕容雪晴 13912345678 来电"}
    order_no = district.filed(TITLE, COMMUNITY, address="3号楼2单元2304", **said, **more)
    return order_no, district.order(order_no)["issue_id"]


def task_of(district: District, issue: str) -> dict[str, Any]:
    found: dict[str, Any] = district.ask("dispatch", "get_task", Role.SUPERVISOR, DISTRICT, task_id=f"{issue}/T1")
    return found


def handler_of(district: District, organisation: str, *, is_theirs: bool = True) -> str:
    """The token of a handler of an organisation, or of any other."""
    posts = district.entries("staff", COMMUNITY[:9]) + district.entries("staff", COMMUNITY)
    for post in posts:
        facts = post["facts"]
        if "handler" in facts["roles"] and (facts["organisation"] == organisation) is is_theirs:
            told = {"organisation": facts["organisation"], "lifetime": timedelta(hours=1)}
            return issue_token(facts["login"], [Role.HANDLER], facts["unit"], **told)
    raise LookupError(f"no handler for {organisation}")


def read(district: District, token: str, order_no: str, reason: str = "handle") -> dict[str, Any]:
    asked = {"order_no": order_no, "reason": reason, "idempotency_key": f"read-{order_no}-{reason}"}
    found: dict[str, Any] = district.ask_by(token, "intake", "read_order", **asked)
    return found


def test_who_has_the_task_reads_the_order_on_record_and_another_department_is_refused(district):
    order_no, issue = file(district)
    organisation = task_of(district, issue)["organisation_id"]

    seen = read(district, handler_of(district, organisation), order_no)
    with pytest.raises(NotAllowed):
        read(district, handler_of(district, organisation, is_theirs=False), order_no)

    assert (seen["title"], seen["address"], seen["caller_phone"]) == (TITLE, "3号楼2单元2304", CALLER["phone"])
    (look,) = district.ask("intake", "list_looks", Role.SUPERVISOR, DISTRICT, order_no=order_no)["looks"]
    assert (look["organisation"], look["reason"]) == (organisation, "handle")


def test_for_a_report_the_community_sees_no_caller(district):
    order_no, _ = file(district, request_kind="report", category="noise")

    seen = read(district, district.token(Role.CLERK, COMMUNITY), order_no)

    assert (seen["content"], seen["caller_name"], seen["caller_phone"]) == (CONTENT, "", "")
    assert seen["withheld"] == "secrecy"


def test_what_was_planted_is_in_no_event_log_metric_table_minutes_or_reply_on_its_way_up(district):
    deliberated = file(district, request_kind="proposal", category="sanitation")
    handled = file(district, category="heating")
    word(district, deliberated[1])
    record = minutes_of(district, deliberated[1])
    district.pass_time(district.clock.now() + timedelta(days=40))

    said = {event.type: event.content for service in SERVICES for event in events_of(engine_for(service))}
    assert {"notice_published.v1", "task_assigned.v1", "issue_escalated.v1", "session_scheduled.v1"} <= set(said)
    metrics = "\n".join(map(district.metrics_of, SERVICES))
    everything = "\n".join(told_by(service) + kept_by(service) for service in SERVICES) + metrics + logs()
    everything += looked_up(district)
    assert 'gongshang_events_in_total{service="intake",type="complaint_filed.v1"}' in metrics
    assert not [planted for planted in PLANTED if planted in everything or json.dumps(planted)[1:-1] in everything]
    assert WORDS in record
    assert WORDS in told_by("councils")
    assert WORDS in looked_up(district)
    for order_no, issue in (deliberated, handled):
        assert issue in everything
        assert read(district, district.token(Role.CLERK, COMMUNITY), order_no)["content"] == CONTENT


def word(district: District, issue: str) -> None:
    """A clerk is refused words with a phone number in them, and confirms others."""
    clerk = district.token(Role.CLERK, COMMUNITY)
    asked = {"unit_code": COMMUNITY, "idempotency_key": f"list-{issue}"}
    listed = district.ask_by(clerk, "intake", "list_wordings", **asked)["wordings"]
    assert "京N73915" not in next(one["proposal"] for one in listed if one["issue_id"] == issue)
    about = {"issue_id": issue, "idempotency_key": f"word-{issue}"}
    with pytest.raises(BadRequest, match="phone number"):
        district.ask_by(clerk, "intake", "confirm_wording", wording=f"车位被占,电话{CALLER['phone']}", **about)
    district.act("intake", "confirm_wording", Role.CLERK, COMMUNITY, issue_id=issue, wording=WORDS)


def minutes_of(district: District, issue: str) -> str:
    """Its session is held, and its minutes are signed: all that is on record."""
    district.pass_time(district.clock.now() + timedelta(minutes=1))
    sessions = district.ask("councils", "list_sessions", Role.CLERK, COMMUNITY, unit_code=COMMUNITY)["sessions"]
    (session,) = [one for one in sessions if one["issue_id"] == issue]
    district.pass_time(datetime.fromisoformat(session["starts_at"]))
    about = {"session_id": session["session_id"]}
    people = [one["person_id"] for one in session["deputies"]]
    district.act("deliberation", "record_arrivals", Role.CLERK, COMMUNITY, **about, person_ids=people)
    for method in ("open_session", "close_session", "circulate_minutes"):
        circulated = district.act("deliberation", method, Role.CHAIR, COMMUNITY, **about)
    district.pass_time(datetime.fromisoformat(circulated["objections_until"]))
    for role in (Role.CHAIR, Role.CLERK):
        district.act("deliberation", "sign_minutes", role, COMMUNITY, **about)
    held = district.ask("deliberation", "get_session", Role.CHAIR, COMMUNITY, **about)
    return str(held) + str(district.ask("deliberation", "get_record", Role.CHAIR, COMMUNITY, **about))


def kept_by(service: str) -> str:
    """All that stands in a service's tables, as it stands there."""
    engine = engine_for(service)
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        rows = [row for name in tables for row in connection.execute(text(f"SELECT * FROM {name}"))]
    return "\n".join(_readable(value) for row in rows for value in row)


def _readable(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def told_by(service: str) -> str:
    """All that a service has announced."""
    return "\n".join(str(event.content) for event in events_of(engine_for(service)))


def logs() -> str:
    """All that was logged by the services and their broker."""
    files = list(settings().var_folder.rglob("*.log"))
    assert files
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


def looked_up(district: District) -> str:
    """What everybody may see of sessions, notices, tasks and cases."""
    asked = {
        ("councils", "list_sessions"): {"unit_code": COMMUNITY},
        ("dispatch", "list_tasks"): {"unit_code": COMMUNITY[:9]},
        ("supervision", "list_cases"): {"unit_code": DISTRICT},
    }
    return "\n".join(
        str(district.ask(service, method, Role.SUPERVISOR, DISTRICT, **request))
        for (service, method), request in asked.items()
    )
