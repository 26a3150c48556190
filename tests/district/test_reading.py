"""What residents say is read by who has the duty, and is found nowhere else in a suite that runs."""

from datetime import timedelta
from typing import Any

import pytest

from services import SERVICES
from shared.auth import Role, issue_token
from shared.bus.log.reading import events_of
from shared.errors import NotAllowed
from shared.settings import settings
from shared.storage.engine import engine_for
from tests.district.at_work import DISTRICT, District

COMMUNITY = "110105001024"
PLANTED = ("慕容雪晴", "13912345678", "京N73915", "2单元2304", "11010519600101123X")
TITLE = "慕容雪晴家楼下车位被京N73915长期占用"
CONTENT = "我是慕容雪晴,住3号楼2单元2304室,身份证11010519600101123X,电话13912345678,楼下停车位被占。"
CALLER = {"name": "慕容雪晴", "phone": "13912345678"}

pytestmark = pytest.mark.timeout(600)


def file(district: District, **more: Any) -> tuple[str, str]:
    """The planted order: its number and its issue."""
    order_no = district.filed(TITLE, COMMUNITY, content=CONTENT, address="3号楼2单元2304", caller=CALLER, **more)
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


def test_what_was_planted_is_in_no_event_log_or_reply_on_its_way_up(district):
    deliberated = file(district, request_kind="proposal", category="sanitation")
    handled = file(district, category="heating")
    district.pass_time(district.clock.now() + timedelta(days=40))

    said = {event.type: event.content for service in SERVICES for event in events_of(engine_for(service))}
    assert {"notice_published.v1", "task_assigned.v1", "issue_escalated.v1", "session_scheduled.v1"} <= set(said)
    everything = "\n".join(told_by(service) for service in SERVICES) + logs() + looked_up(district)
    assert not [planted for planted in PLANTED if planted in everything]
    for order_no, issue in (deliberated, handled):
        assert issue in everything
        assert read(district, district.token(Role.CLERK, COMMUNITY), order_no)["content"] == CONTENT


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
