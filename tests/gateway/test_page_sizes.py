"""No page of a list is above 200 kB, however much there is to list, and what it does not show is on the next ones."""

import html
import re

import pytest

from services import SERVICES
from services.gateway.api.catalogue import all_calls
from services.gateway.pages.staff.directory import COLUMNS
from shared.bus.rpc.messages import write_reply
from shared.bus.rpc.operating import StuckListReply
from tests.gateway import case_things, desk_things, room_things
from tests.gateway.fake_board import ISSUE
from tests.gateway.poll_things import LINE, POLL, a_paper, a_poll
from tests.gateway.test_callbacks import ORDER, a_survey
from tests.gateway.test_directory import a_change, an_entry
from tests.gateway.test_evaluation import RANKING, a_period, rates
from tests.gateway.test_evaluation import an_entry as a_rank
from tests.gateway.test_operations import PART
from tests.gateway.test_requests_to_decide import a_request
from tests.gateway.test_tasks import a_task

LARGEST = 200_000
MANY = 3000
LONG = "居民反映的情况写得很长，" * 40
NEXT = re.compile(r'rel="next" href="([^"]+)"')
DISTRICT = "110105"
LISTS = {
    "desk": ("/desk", "clerk"),
    "my work": ("/my-work", "clerk"),
    "requests": ("/requests", "clerk"),
    "decided": ("/requests?decided=yes", "leader"),
    "deliberation": ("/deliberation-list", "clerk"),
    "changes": ("/directory/changes", "supervisor"),
    "entry": ("/directory/of/hall/H1", "clerk"),
    "tasks": ("/tasks?by=unit", "leader"),
    "callbacks": ("/callbacks", "callback_agent"),
    "callback": (f"/callbacks/{ORDER}", "callback_agent"),
    "period": ("/evaluation/2026-01", "evaluator"),
    "case": (f"/cases/{ISSUE}", "supervisor"),
    "room": (f"/room/{room_things.SESSION}", "clerk"),
    "polls": ("/polls", "clerk"),
    "poll": (f"/polls/{POLL}", "clerk"),
    "papers": (f"/poll-papers/{POLL}", "clerk"),
    "checks": (f"/poll-checks/{POLL}", "clerk"),
    **{f"directory {kind}": (f"/directory?kind={kind}", "clerk") for kind in COLUMNS},
}


def of_many(name, made):
    """A reply of a call that lists: as many as are asked for of a great many, the cursor behind the last."""

    def answer(request):
        first = int(request.get("after") or 0) + 1
        rows = [made(number) for number in range(first, min(first + request.get("most", 200), MANY))]
        return {name: rows, "next_after": str(first + len(rows) - 1) if first + len(rows) < MANY else ""}

    return answer


def a_wait(number):
    told = {"about": f"I-W-{number}/T1", "title": LONG[:60], "unit_code": DISTRICT, "state": "open", "act": "跟进"}
    calls = ["intake.confirm_wording", "intake.follow_handover"][number % 2 :][:1]
    return told | {"due_at": desk_things.LATER, "calls": calls, "otherwise": "列为异常"}


def a_meeting_room():
    """Of a hall with two hundred deputies, and as many motions as a long evening has."""
    people = [{"person_id": f"P-{n}", "name": f"代表{n}", "category": "residents_delegate"} for n in range(200)]
    motions = [{"motion_id": f"M{n}", "motion": LONG, "state": "lost", "next_step": ""} for n in range(20)]
    entry = room_things.ENTRY | {"content": {"mover": "P-1", "motion": LONG}}
    return room_things.answers() | {
        "deliberation.get_session": room_things.a_session(motions=motions, present_ids=[f"P-{n}" for n in range(200)]),
        "deliberation.get_record": room_things.RECORD | {"entries": [entry | {"number": n} for n in range(2000)]},
        "councils.get_session": {"deputies": people, "experts": [], "unit_code": room_things.STREET},
    }


def many_polls():
    """One of a large estate, of which many have handed in a paper, and a few hundred have not."""
    flats = [f"甘露园南里三区{n}号楼2单元301室" for n in range(MANY)]
    papers = [a_paper(n, dwelling=flat, signed_by=[f"H-110105-{n}"] * 3) for n, flat in enumerate(flats)]
    outstanding = [f"{flat}附" for flat in flats[:500]]
    return {
        "deliberation.list_polls": of_many("polls", lambda n: LINE | {"poll_id": f"{n:06}", "motion": LONG[:200]}),
        "deliberation.get_poll": a_poll(papers=papers, outstanding=outstanding, entered=MANY, unchecked=MANY),
    }


def a_ranking():
    """Of 43 streets, and of every community in its street, over all and by either kind of dispatch."""
    tables = [
        {"group": group, "within": within, "dispatch_kind": kind, "entries": [a_rank(one, 1, 20) for one in units]}
        for kind in ("overall", "direct", "relayed")
        for group, within, units in (
            ("street", "", [f"{DISTRICT}{n:03}" for n in range(1, 44)]),
            *(("community", f"{DISTRICT}{n:03}", [f"{DISTRICT}{n:03}{c:03}" for c in range(40)]) for n in range(1, 44)),
        )
    ]
    return RANKING | {"rankings": tables}


def an_order(number):
    return desk_things.an_order(order_no=f"W-{number}", title=LONG[:60])


@pytest.fixture
def much(services):
    """Every service has a great deal of all."""
    an_issue = room_things.LISTED | {"title": LONG[:60]}
    stuck = [write_reply(StuckListReply(stuck=[PART], total=1, types=[]))["stuck"][0] | {"error": LONG}]
    services.answers |= case_things.answers() | a_meeting_room() | many_polls()
    services.answers |= {
        "intake.list_orders": of_many("orders", an_order),
        "intake.list_to_settle": of_many(
            "orders", lambda n: desk_things.WAITING | {"order_no": f"W-{n}", "title": LONG[:60]}
        ),
        "intake.list_hotline_requests": of_many("requests", a_hotline_request),
        "intake.list_categories": {"categories": [{"code": f"c{n}", "name": f"类别{n}"} for n in range(120)]},
        "intake.list_deliberation": {"issues": [an_issue | {"issue_id": f"I-{n}"} for n in range(MANY)]},
        "councils.list_sessions": {"sessions": [], "is_cut": False},
        "directory.list_entries": of_many("entries", lambda n: an_entry(entry_id=f"{n:06}")),
        "directory.get_entry": {"entry": an_entry(), "periods": [an_entry()] * 30},
        "directory.list_changes": of_many("changes", lambda n: a_change(change_id=f"{n:06}", why=LONG)),
        "dispatch.list_tasks": of_many("tasks", lambda n: a_task(task_id=f"I-{n}/T1", what=LONG)),
        "evaluation.list_callbacks_due": of_many("callbacks", a_callback),
        "evaluation.get_survey": a_survey(),
        "evaluation.get_period": a_period(),
        "evaluation.get_ranking": a_ranking(),
        "evaluation.get_rates": {kind: rates() for kind in ("overall", "direct", "relayed")} | {"policy_version": "1"},
    }
    services.answers |= {
        f"{call.service}.{call.method}": of_many("waits", a_wait)
        for call in all_calls()
        if call.method == "list_my_work"
    }
    for service in ("dispatch", "supervision", "councils", "intake"):
        services.answers[f"{service}.list_requests"] = of_many(
            "requests", lambda n, of=service: a_request(request_id=f"{of}-{n}/Q1", words=LONG)
        )
    for service in SERVICES:
        services.answers[f"{service}.list_stuck"] = {
            "stuck": [stuck[0] | {"stuck_id": f"{service}:{n}"} for n in range(200)],
            "total": MANY,
            "types": [{"type": stuck[0]["type"], "number": MANY}],
        }
    return services


def a_callback(number):
    return {"order_no": f"W-{number}", "unit_code": DISTRICT, "attempt": 2, "answer_by": desk_things.LATER}


def a_hotline_request(number):
    state = "refused" if number % 2 else "asked"
    told = {"request_id": f"H-{number}/Q1", "wants": "return", "reason": "not_our_area", "words": LONG, "answer": LONG}
    return desk_things.a_request(state, **told)


@pytest.mark.parametrize("name", LISTS)
def test_a_page_of_a_great_deal_is_small_and_leads_on(staff, much, name):
    address, role = LISTS[name]
    page = staff(role).get(address)

    assert page.status_code == 200
    assert len(page.data) <= LARGEST, len(page.data)


@pytest.mark.parametrize("name", ["desk", "my work", "requests", "deliberation", "changes", "polls", "poll"])
def test_what_a_page_does_not_show_is_on_the_next_ones_once(staff, much, name):
    address, role = LISTS[name]
    browser = staff(role)
    first = browser.get(address).text
    ahead = html.unescape(NEXT.findall(first)[-1])
    second = browser.get(ahead)

    assert second.status_code == 200
    assert len(second.data) <= LARGEST
    assert second.text != first
    assert "回到第一页" in second.text


def test_all_that_waits_is_on_some_page_once(staff, much):
    browser, address, seen = staff("clerk"), "/requests", []
    while address:
        page = browser.get(address).text
        seen += re.findall(r'href="/requests/(\w+/[^"]+)"', page)
        address = html.unescape(NEXT.findall(page)[0]) if NEXT.search(page) else ""

    listed = [one for one in much.asked if one.call.endswith(".list_requests")]
    services = {one.call for one in listed}
    assert len(seen) == len(set(seen)) == 500 * len(services)
