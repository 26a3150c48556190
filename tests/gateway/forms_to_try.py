"""Every form of every page: where it stands, who may send it, what it calls, and what must be filled in."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient

from services import SERVICES
from services.gateway.pages.staff import desk, doing, escalating
from services.gateway.pages.staff.acts import Act
from services.gateway.pages.staff.callbacks import READERS as CALLBACK_READERS
from services.gateway.pages.staff.directory import KEEPERS
from services.gateway.pages.staff.entry_acts import FACTS_OF, act_of
from services.gateway.pages.staff.room_acts import ADOPT, HALL, OF_MOTIONS, OF_SESSIONS, VOTE
from services.gateway.pages.staff.tasks import READERS as TASK_READERS
from shared.auth import Role
from tests.gateway import case_things, desk_things, poll_things, room_things
from tests.gateway.fake_board import ISSUE
from tests.gateway.forms_on_pages import File, SeenForm, forms_in
from tests.gateway.people import COMMUNITY, STREET
from tests.gateway.poll_things import POLL
from tests.gateway.room_things import MOTION, SESSION
from tests.gateway.test_callbacks import a_survey
from tests.gateway.test_directory import CHANGE, a_change
from tests.gateway.test_directory import answers as of_directory
from tests.gateway.test_filing import FILED
from tests.gateway.test_requests_to_decide import a_request
from tests.gateway.test_tasks import ORDER, TASK, WORDS, a_task

IDS: Mapping[str, str] = {
    **{"task": TASK, "unit": STREET, "survey": ORDER, "ask": ISSUE, "case": ISSUE, "clock": case_things.CLOCK},
    **{"escalation": case_things.CLIMB, "incident": case_things.INCIDENT, "change": CHANGE, "period": "2026-01"},
    "poll": POLL,
}
ENTRIES = [(kind, f"{STREET}099" if kind == "unit" else "H1") for kind in FACTS_OF]
DESK = {"order_no": desk_things.NUMBER, "issue_id": desk_things.ISSUE, "request_id": f"{desk_things.NUMBER}/Q1"}


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A form: `stands_at` is its page, `endpoint` its route; `after` is the form that leads to it.

    `roles` may send it, everybody where there are none. `needs` are the fields without which nothing is done.
    """

    name: str
    endpoint: str
    stands_at: str
    calls: str
    roles: frozenset[Role] = frozenset()
    needs: frozenset[str] = frozenset()
    goes_to: str = ""
    after: "Tried | None" = None
    typed: tuple[tuple[str, Any], ...] = ()

    @property
    def address(self) -> str:
        return self.goes_to or self.stands_at

    def found(self, browser: FlaskClient) -> SeenForm:
        """On its page."""
        page_at = self.after.address if self.after else self.stands_at
        return next(one for one in forms_in(self._page(browser)) if (one.action or page_at) == self.address)

    def _page(self, browser: FlaskClient) -> str:
        if self.after is None:
            return browser.get(self.stands_at).text
        return self.after.send(browser, self.after.filled(browser)).text

    def filled(self, browser: FlaskClient) -> dict[str, Any]:
        return {**self.found(browser).filled(), **dict(self.typed)}

    def send(self, browser: FlaskClient, typed: Mapping[str, Any]) -> Any:
        chosen = {name: (io.BytesIO(one.encode()), "名录.csv") for name, one in typed.items() if isinstance(one, File)}
        content_type = "multipart/form-data" if chosen else None
        return browser.post(self.address, data={**typed, **chosen}, content_type=content_type)


def _of_act(name: str, endpoint: str, stands_at: str, act: Act) -> Tried:
    return Tried(
        name=name,
        endpoint=endpoint,
        stands_at=stands_at,
        calls=f"{act.service}.{act.method}",
        roles=act.roles,
        needs=frozenset(one.name for one in act.fields if one.is_required and one.look != "tick"),
    )


def _acts() -> Iterator[Tried]:
    for thing, told in doing.THINGS.items():
        about = IDS.get(thing) or (f"{thing.partition('-')[2]}:1" if thing.startswith("stuck-") else "I-W-1/T1/Q1")
        for name, act in told.acts.items():
            yield _of_act(f"{thing}-{name}", "doing.do", f"/do/{thing}/{name}?about={about}", act)
    for about, acts in desk.ACTS.items():
        for name, act in acts.items():
            yield _of_act(f"desk-{name}", "desk.do", f"/desk/do/{about}/{name}?about={DESK[about]}", act)
    for kind, about in ENTRIES:
        for name in ("enter", *(("change", "end") if kind != "person" else ())):
            act = act_of(name, kind, {}, {})
            of = STREET if name == "enter" else about
            yield _of_act(f"entry-{kind}-{name}", "entries.do", f"/directory/do/{name}/{kind}?about={of}", act)
    for name, act in OF_SESSIONS.items():
        yield _of_act(f"room-{name}", "room.do", f"/room-do/{name}?session={SESSION}", act)
    for name, act in (OF_MOTIONS | {"vote": VOTE, "adopt": ADOPT}).items():
        yield _of_act(f"room-{name}", "room.do", f"/room-do/{name}?motion={MOTION}", act)


def _fields(*names: str) -> frozenset[str]:
    return frozenset(names)


def _form(name: str, endpoint: str, stands_at: str, calls: str = "", **other: Any) -> Tried:
    roles = frozenset(other.pop("roles", ()))
    return Tried(name=name, endpoint=endpoint, stands_at=stands_at, calls=calls, roles=roles, **other)


CLERK = (Role.CLERK,)
OBJECTION = f"/objection?{urlencode({'issue': ISSUE, 'resolution': f'{ISSUE}/R1'})}"
IMPORT = "/directory/import"
UP = _form(
    "escalate",
    "escalating.do",
    f"/escalate/{ISSUE}",
    "escalation.preview",
    roles=escalating.CLIMBERS,
    needs=_fields("reason", "explanation"),
)
BOOK = _form("book", "directory_book.check", IMPORT, "directory.check_book", roles=KEEPERS, needs=_fields("book"))
OPENING = f"/poll-open?motion={MOTION}"
REGISTER = _form(
    "poll-open",
    "poll_opening.check",
    OPENING,
    "deliberation.preview_poll",
    roles=HALL,
    needs=_fields("electorate", "days", "register"),
    goes_to=OPENING,
)
ORDER_FORM = _form("file", "file.take", "/file/order", needs=_fields("title", "content", "unit", "kind"))
PROPOSAL = _form("propose", "file.take", "/file/proposal", needs=_fields("title", "content", "unit", "kind"))
SEND = (("step", "send"),)
OTHERS = (
    UP,
    _form(
        "escalate-send",
        "escalating.do",
        UP.stands_at,
        "escalation.escalate",
        roles=UP.roles,
        after=UP,
        typed=SEND,
        goes_to=UP.stands_at,
    ),
    BOOK,
    _form(
        "book-enter",
        "directory_book.enter",
        IMPORT,
        "directory.import_book",
        roles=KEEPERS,
        needs=_fields("why"),
        after=BOOK,
        goes_to=f"{IMPORT}/enter",
    ),
    REGISTER,
    _form(
        "poll-send",
        "poll_opening.send",
        OPENING,
        "deliberation.open_poll",
        roles=HALL,
        after=REGISTER,
        goes_to=f"/poll-open/send?motion={MOTION}",
    ),
    _form("papers", "polls.enter", f"/poll-papers/{POLL}", "deliberation.enter_papers", roles=HALL),
    _form("checks", "polls.check", f"/poll-checks/{POLL}", "deliberation.check_papers", roles=HALL),
    ORDER_FORM,
    PROPOSAL,
    _form("file-send", "file.take", "/file/order", "intake.file_order", after=ORDER_FORM, typed=SEND),
    _form("propose-send", "file.take", "/file/proposal", "intake.file_proposal", after=PROPOSAL, typed=SEND),
    _form("object", "objection.take", OBJECTION, "deliberation.object_to_resolution", needs=_fields("reasons")),
    _form("my-order", "my_order.look_up", "/my-order", "intake.read_by_check_code", needs=_fields("number", "code")),
    _form(
        "read-order",
        "desk.read",
        f"/desk/order?number={desk_things.NUMBER}",
        "intake.read_order",
        roles=CLERK,
        needs=_fields("reason"),
        goes_to="/desk/order",
    ),
    _form("wordings", "desk.wordings", "/desk", "intake.list_wordings", roles=CLERK, goes_to="/desk/wordings"),
    _form(
        "read-callback",
        "callbacks.read_words",
        f"/callbacks/{ORDER}",
        "intake.read_order",
        roles=CALLBACK_READERS,
        needs=_fields("reason"),
    ),
    _form(
        "read-task",
        "tasks.read_words",
        f"/tasks/{TASK}",
        "intake.read_order",
        roles=TASK_READERS,
        needs=_fields("reason"),
    ),
    _form("sign-in", "accounts.sign_in", "/login", needs=_fields("login", "password"), goes_to="/login"),
    _form("invited", "accounts.accept", "/invite/SECRET", needs=_fields("password")),
    _form("password", "accounts.change_password", "/password", roles=CLERK, needs=_fields("old", "password")),
    _form("post", "accounts.change_post", "/post", roles=CLERK),
    _form("sign-out", "accounts.logout", "/password", roles=CLERK, goes_to="/logout"),
)
FORMS = (*_acts(), *OTHERS)


def answers() -> dict[str, Any]:
    """Of all calls that the pages of forms make, and of all that the forms call."""
    told: dict[str, Any] = (
        desk_things_answers() | room_things.answers() | poll_things.answers() | case_things.answers() | of_directory()
    )
    told["dispatch.get_task"] = a_task(unit_code=COMMUNITY)
    told["evaluation.get_survey"] = a_survey()
    told["evaluation.get_rates"] = RATES
    told["directory.list_changes"] = {"changes": [a_change()], "next_after": ""}
    told |= {f"{service}.get_request": a_request() for service in ("dispatch", "supervision", "councils", "intake")}
    told |= {f"{service}.get_stuck": {"stuck": A_STUCK, "message": ""} for service in SERVICES}
    of_type = {"stuck": [], "total": 1, "types": [{"type": A_STUCK["type"], "number": 1}]}
    told |= {f"{service}.list_stuck": of_type for service in SERVICES}
    told |= {one.calls: told.get(one.calls, {}) for one in FORMS if one.calls}
    return told | {
        "intake.file_order": FILED,
        "intake.file_proposal": FILED,
        "intake.read_order": WORDS,
        "intake.read_by_check_code": READ,
    }


READ = {
    "order_no": "W-1",
    "state": "accepted",
    "title": "照明",
    "request_kind": "complaint",
    "unit_name": "",
    "matters": [],
}
READ |= {
    "filed_at": case_things.CLIMBED,
    "due_at": case_things.CLIMBED,
    "replied_at": None,
    "closed_at": None,
    "is_interim": False,
}
READ |= dict.fromkeys(("extended_because", "first_order_no", "outcome", "disposition", "reply"), "")
RATES = {
    "overall": dict.fromkeys(("samples", "response_ratio", "resolution_ratio", "satisfaction_ratio"), 0.5),
    "policy_version": "2026-01",
}
A_STUCK = {"stuck_id": "x:1", "kind": "event", "type": "issue_raised.v1", "since": None, "behind": 0}


def desk_things_answers() -> dict[str, Any]:
    """What intake tells an order desk that has one of everything."""
    waits = [desk_things.a_wait("intake.confirm_wording", desk_things.ISSUE)]
    return {
        "intake.list_my_work": {"waits": waits},
        "intake.list_to_settle": {"orders": [desk_things.WAITING]},
        "intake.list_hotline_requests": {"requests": []},
        "intake.list_requests": {"requests": []},
        "intake.list_orders": {"orders": [desk_things.an_order()]},
        "intake.get_complaint": desk_things.an_order(),
        "intake.get_issue": desk_things.AN_ISSUE,
        "intake.list_wordings": {"wordings": [desk_things.A_WORDING]},
    }
