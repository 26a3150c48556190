"""Operations: a line for each service, what is stuck with mend, retry and drop; for whoever runs the machine alone."""

from dataclasses import replace

import pytest

from services import ANSWERING, SERVICES
from services.gateway.accounts import logins
from services.gateway.accounts.sessions import moment
from services.gateway.at_hand import NAME
from services.gateway.pages.staff.stuck_acts import ACTS
from services.gateway.storage.logins import acting
from services.gateway.words.names import NAMES
from shared.auth import SYSTEMS, Role
from shared.bus import stuck as bus_stuck
from shared.bus.rpc import operating
from shared.bus.rpc.messages import read_request, write_reply
from shared.bus.rpc.operating import StateReply, StuckListReply, StuckPart, StuckReply, StuckTypePart
from shared.errors import NotFound, Unavailable
from tests.gateway.conftest import NOW
from tests.gateway.people import PASSWORD, a_post, csrf_in, send

STUCK = "dispatch:12"
WELL = StateReply(
    version="0.1.0",
    early=0,
    waiting=0,
    stuck=0,
    dead=0,
    unsent=0,
    late_timers=0,
    oldest_waiting_seconds=None,
    lag_seconds=0.2,
)
PART = StuckPart(
    stuck_id=STUCK,
    kind="event",
    type="issue_raised.v1",
    subject="I-W-1",
    attempts=5,
    behind=2,
    since=NOW,
    error="Conflict: no desk",
    can_be_mended=True,
)
OF_TYPE = [StuckTypePart(type=PART.type, number=240)]
ALL_OF_TYPE = f"/do/stuck-type-dispatch/retry?about={PART.type}"
ADDRESSES = ["/operations", "/operations/stuck", f"/operations/stuck/{STUCK}"]
ADDRESSES += [f"/do/stuck-dispatch/{name}?about={STUCK}" for name in ACTS["dispatch"]]
ADDRESSES.append(ALL_OF_TYPE)


def answers(**changed):
    """Of all services: well, but that one event is stuck in one of them."""
    told = {f"{service}.get_state": write_reply(WELL) for service in ANSWERING}
    told |= {f"{service}.list_stuck": write_reply(StuckListReply(stuck=[], total=0, types=[])) for service in SERVICES}
    told["dispatch.get_state"] = write_reply(replace(WELL, stuck=1, waiting=2, oldest_waiting_seconds=7200.0))
    told["dispatch.list_stuck"] = write_reply(StuckListReply(stuck=[PART], total=1, types=OF_TYPE))
    told["dispatch.get_stuck"] = write_reply(StuckReply(stuck=PART, message='{"content": "*** (9 signs)"}'))
    told["dispatch.retry_all_stuck"] = {"type": PART.type, "retried": 240}
    return told | {"dispatch.retry_stuck": {"stuck_id": STUCK}, "dispatch.drop_stuck": {"stuck_id": STUCK}} | changed


@pytest.fixture
def operator(browser, engine, services):
    """The browser of whoever runs the machine: with an account of that kind, and nobody in the directory."""
    services.answers |= answers()
    with acting(engine) as kept:
        logins.accept(kept, logins.invite(kept, "ops", moment(), is_operator=True), PASSWORD, moment())
    assert send(browser, "/login", login="ops", password=PASSWORD).location == "/my-work"
    services.asked.clear()
    return browser


def post(browser, address, **fields):
    return browser.post(address, data={"csrf": csrf_in(browser.get("/operations").text), **fields})


def asked(services, call):
    return [one for one in services.asked if one.call == call]


def test_who_runs_the_machine_is_led_to_the_services_and_finds_no_page_of_an_office(operator):
    assert operator.get("/my-work").location == "/operations"
    head = operator.get("/operations").text.partition("</nav>")[0]

    assert 'href="/operations"' in head
    assert 'href="/my-work"' not in head
    assert {operator.get(path).status_code for path in ("/desk", "/tasks", "/wall", "/requests", "/callbacks")} == {403}


def test_they_ask_as_an_operator_of_no_unit(operator, services):
    operator.get("/operations")

    assert {one.call for one in services.asked} == {f"{service}.get_state" for service in ANSWERING}
    assert {(one.by.login, one.by.roles, one.by.unit) for one in services.asked} == {
        ("ops", frozenset({Role.OPERATOR}), "")
    }


@pytest.mark.parametrize("role", sorted(set(Role) - SYSTEMS))
def test_nobody_else_looks_or_mends(staff, role):
    browser = staff(role.value)

    assert {browser.get(address).status_code for address in ADDRESSES} == {403}
    assert 'href="/operations"' not in browser.get("/").text


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_stranger_is_asked_to_sign_in(visitor, address):
    assert visitor.get(address).location.startswith("/login")


def test_each_service_has_its_line_and_what_is_stuck_leads_on(operator):
    page = operator.get("/operations").text

    assert all(NAMES["service"][service] in page for service in ANSWERING)
    assert 'href="/operations/stuck?service=dispatch"' in page
    assert "2 小时" in page
    assert page.count("正常") == len(ANSWERING) - 1


def test_a_service_that_does_not_answer_is_told_and_the_others_are_there(operator, services):
    services.answers["intake.get_state"] = services.answers["intake.list_stuck"] = Unavailable()

    assert operator.get("/operations").text.count("没有回应") == 1
    page = operator.get("/operations/stuck").text
    assert ("有的服务没有回应" in page, STUCK in page) == (True, True)


def test_dead_queues_are_counted_and_without_a_broker_the_page_says_so(operator, app):
    stands_on = app.extensions[NAME]
    app.extensions[NAME] = replace(
        stands_on, dead_letters=lambda: {"dispatch.dead": 0, "intake.dead": 4, "rpc.dead": 3}
    )
    counted = operator.get("/operations").text

    def away():
        raise Unavailable

    app.extensions[NAME] = replace(stands_on, dead_letters=away)
    assert ('data-label="死信"><span>4<' in counted, "rpc.dead" in counted, "有死信" in counted) == (True, True, False)
    assert counted.count("已拒收并答复<") == 1
    assert "消息中间件连不上" in operator.get("/operations").text


def test_one_that_is_stuck_is_shown_with_its_message_as_it_came_masked(operator):
    page = operator.get(f"/operations/stuck/{STUCK}").text

    assert "Conflict: no desk" in page
    assert "*** (9 signs)" in page
    assert "/do/stuck-dispatch/retry?" in page


def test_what_lies_in_a_dead_queue_is_not_offered_to_be_mended(operator, services):
    dead = replace(PART, kind="message", can_be_mended=False)
    services.answers["dispatch.get_stuck"] = write_reply(StuckReply(stuck=dead, message=""))
    page = operator.get(f"/operations/stuck/{STUCK}").text

    assert "要在机器上处理" in page
    assert "/do/stuck-dispatch/" not in page


def test_what_is_stuck_no_more_is_not_found(operator, services):
    services.answers["dispatch.get_stuck"] = NotFound("not stuck")

    assert operator.get(f"/operations/stuck/{STUCK}").status_code == 404
    assert operator.get("/operations/stuck/nowhere:1").status_code == 404


@pytest.mark.parametrize(("name", "typed"), [("retry", {}), ("drop", {"reason": "测试单"})])
def test_mending_is_one_command_that_the_service_takes(operator, services, name, typed):
    answer = post(operator, f"/do/stuck-dispatch/{name}?about={STUCK}", **typed)
    (call,) = asked(services, f"dispatch.{name}_stuck")
    (method,) = [one for one in operating.METHODS if one.name == f"{name}_stuck"]

    assert answer.location == "/operations/stuck?service=dispatch&done=yes"
    assert read_request(method.request_class, call.request).stuck_id == STUCK
    assert method.roles == ACTS["dispatch"][name].roles


def test_all_of_a_type_are_tried_again_in_one_service_once_it_is_seen_how_many_they_are(operator, services):
    assert ALL_OF_TYPE in operator.get("/operations/stuck").text
    page = operator.get(ALL_OF_TYPE).text
    assert all(words in page for words in (PART.type, NAMES["service"]["dispatch"], "240"))
    assert asked(services, "dispatch.retry_all_stuck") == []

    assert post(operator, ALL_OF_TYPE).location == "/operations/stuck?service=dispatch&done=yes"
    (call,) = asked(services, "dispatch.retry_all_stuck")
    assert read_request(operating.RetryAllStuck, call.request).type == PART.type


def test_nothing_is_given_up_without_a_reason(operator, services):
    assert post(operator, f"/do/stuck-dispatch/drop?about={STUCK}").status_code == 422
    assert asked(services, "dispatch.drop_stuck") == []


def test_every_kind_that_gets_stuck_has_its_name():
    kinds = (bus_stuck.EVENT, bus_stuck.TIMER, bus_stuck.UNSENT, bus_stuck.MESSAGE)

    assert set(kinds) == set(NAMES["stuck_kind"])
    assert set(ANSWERING) == set(NAMES["service"])


def test_an_operator_who_is_in_the_directory_by_name_has_no_post_there(operator, services):
    services.answers["directory.list_posts"] = {"posts": [a_post("clerk")]}

    assert operator.get("/desk").status_code == 403
    assert asked(services, "directory.list_posts") == []
