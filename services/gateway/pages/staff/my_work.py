"""My work 我的待办: all that waits for whoever is signed in, from every service, in three bands: over, today, later."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services.gateway.accounts.signing import colleague, staff_page
from services.gateway.api.my_work import waits_of
from services.gateway.at_hand import Reply, ask, now
from services.gateway.pages.paging import part_of
from services.gateway.pages.staff.callbacks import HOTLINE
from services.gateway.pages.staff.survey_acts import ASKERS
from services.gateway.person import Person
from services.gateway.words.catalogue import zh
from services.gateway.words.names import NAMES
from shared.auth import Role
from shared.clock import SHANGHAI
from shared.errors import Unavailable

page = Blueprint("my_work", __name__)

SERVICE_NAMES: Mapping[str, str] = NAMES["service"]
OF_CASES = frozenset(
    {
        "escalation.escalate",
        *(f"supervision.{one}" for one in ("settle_incident", "record_look_back", "review_pending")),
    }
)
"""What is done on the page of a case."""

PAGES: Mapping[str, tuple[str, ...]] = {
    "evaluation.record_callback": ("callbacks.one", "order_no"),
    "evaluation.freeze_period": ("evaluation.one", "period_id"),
    "evaluation.publish_period": ("evaluation.one", "period_id"),
    "deliberation.enter_papers": ("polls.one", "poll_id"),
    "directory.decide_change": ("directory.changes",),
    "intake.confirm_wording": ("desk.show",),
}
"""Where else something is done that waits: the page by its endpoint, and what it calls the thing."""
OF_SESSIONS = frozenset({"councils", "deliberation"})
IN_SESSION = re.compile(r"I-.+/S\d+")
"""How the id of anything of a session begins: its motions, its resolutions, its minutes."""


@dataclass(frozen=True)
class Waiting:
    """Something that waits, as its service tells it: what, by when, and what follows otherwise."""

    service: str
    about: str
    title: str
    unit_code: str
    act: str
    otherwise: str
    calls: tuple[str, ...]
    due_at: datetime | None

    def light(self, at: datetime) -> str:
        """How its time stands."""
        if self.due_at is None:
            return "none"
        return "late" if self.due_at < at else "warned" if _day(self.due_at) == _day(at) else "in_time"

    @property
    def address(self) -> str:
        """Where it is done; else where one sees what it is about."""
        issue = self.about.split("/")[0]
        return self._where_done or (url_for("issues.one", issue_id=issue) if issue.startswith("I-") else "")

    @property
    def _where_done(self) -> str:
        if any(call.endswith(".decide_request") for call in self.calls):
            return url_for("requests.one", service=self.service, request_id=self.about)
        if self.service == "dispatch":
            return url_for("tasks.one", task_id=self.about)
        if found := next((PAGES[call] for call in self.calls if call in PAGES), None):
            about: dict[str, Any] = dict.fromkeys(found[1:], self.about)
            return url_for(found[0], **about)
        if self.service in OF_SESSIONS and (session := IN_SESSION.match(self.about)):
            return url_for("room.show", session_id=session[0])
        if self.service == "intake" and not self.about.startswith("I-"):
            return url_for("desk.order", number=self.about)
        is_of_case = not OF_CASES.isdisjoint(self.calls)
        return url_for("cases.one", issue_id=self.about.split("/")[0]) if is_of_case else ""


BAND_OF = {"late": "over", "warned": "today", "in_time": "later", "none": "later"}
BANDS = (
    ("over", zh("过期"), zh("没有过期的事。")),
    ("today", zh("今天"), zh("今天没有到期的事。")),
    ("later", zh("之后"), zh("之后也没有等着的事。")),
)


@dataclass(frozen=True)
class Band:
    """What waits, of one urgency: how many in all, and those of this page; `empty` says what none of it means."""

    name: str
    title: str
    empty: str
    count: int
    waits: Sequence[Waiting]


@page.get("/my-work")
@staff_page()
def show() -> ResponseReturnValue:
    if colleague().is_any_of(Role.OPERATOR):  # running the machine is no office: nothing waits for it here
        return redirect(url_for("operations.show"), HTTPStatus.SEE_OTHER)
    told, away = waits_of(colleague())
    waits = [waiting(one) for one in told]
    silent = [SERVICE_NAMES.get(service, service) for service in away]
    part = part_of(waits, place)
    bands, checks = _bands(waits, part.rows, now()), _has_checks(colleague())
    return render_template("staff/my_work.html", bands=bands, silent=silent, part=part, checks=checks and HOTLINE)


def waiting(told: Reply) -> Waiting:
    """As a service tells it, which `service` names."""
    due_at = datetime.fromisoformat(told["due_at"]) if told.get("due_at") else None
    plain = {name: told[name] for name in ("service", "about", "title", "unit_code", "act", "otherwise")}
    return Waiting(calls=tuple(told["calls"]), due_at=due_at, **plain)


def place(one: Waiting) -> str:
    """By when, what has no due time last."""
    return f"{one.due_at.isoformat() if one.due_at else 'none'} {one.service} {one.about} {one.act}"


def _has_checks(person: Person) -> bool:
    """Whether the hotline asks somebody of whom they may make a self-check: it waits for nobody."""
    if not person.is_any_of(*ASKERS):
        return False
    wanted = {"unit_code": person.unit, "asker": HOTLINE, "most": 1}
    try:
        return bool(ask("evaluation", "list_callbacks_due", wanted, by=person)["callbacks"])
    except Unavailable:
        return False


def _bands(waits: Sequence[Waiting], shown: Sequence[Waiting], at: datetime) -> list[Band]:
    counts = Counter(BAND_OF[one.light(at)] for one in waits)
    here: dict[str, list[Waiting]] = {}
    for one in shown:
        here.setdefault(BAND_OF[one.light(at)], []).append(one)
    return [Band(name, title, empty, counts[name], here.get(name, [])) for name, title, empty in BANDS]


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()
