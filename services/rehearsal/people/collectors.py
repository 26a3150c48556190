"""Plays who goes from door to door with a poll 逐户表决: papers collected and entered, checked by another, and counted.

Households and owners hand in most of their papers, some through whom they named; what was entered wrongly is struck,
and entered anew with the next visit.
"""

from datetime import datetime
from typing import Any

from services.rehearsal.agenda import HOUR, Script, in_working_hours
from services.rehearsal.calling import Ask
from services.rehearsal.dice import Dice
from services.rehearsal.people.desk import People, instant, key, listed_for
from services.rehearsal.shares import shares
from shared.auth import Role

VISITS = 3
AREA_M2 = 62.5
DESIGNS = ["方案一:透水砖铺装", "方案二:沥青铺装", "方案三:维持原样、局部修补"]
MENDING = 6
"""民法典 278, item 6: what is paid from the maintenance fund for rebuilding and the like."""


def register_of(dice: Dice, session_id: str) -> list[dict[str, Any]]:
    """The households of a building or two; some flats have joint holders, one person may have several."""
    first, last = shares().polls.households
    dwellings = [f"{number}室" for number in range(1, dice.whole(first, last, "households", session_id) + 1)]
    return [
        {"dwelling": one, "holders": _holders(dice, session_id, one, place), "area_m2": AREA_M2}
        for place, one in enumerate(dwellings)
    ]


def _holders(dice: Dice, session_id: str, dwelling: str, place: int) -> list[str]:
    """Every tenth flat has the holder of the one before it."""
    own = f"h{place - 1}" if place % 10 == 9 else f"h{place}"
    is_joint = place % 10 < 8 and dice.happens(shares().polls.joint_ratio, "joint", f"{session_id}:{dwelling}")
    return [own, f"spouse-of-{own}"] if is_joint else [own]


def opening_of(dice: Dice, session_id: str, *, money: str) -> dict[str, Any]:
    """How a motion is put to those whose it is to decide."""
    first, last = shares().polls.days
    window = {"register": register_of(dice, session_id), "days": dice.whole(first, last, "poll days", session_id)}
    if money == "owners":
        return window | {"electorate": "owners", "owners_item": MENDING}
    has_designs = dice.happens(0.5, "designs", session_id)
    return window | {"electorate": "households", "options": DESIGNS if has_designs else []}


class Collectors(People):
    """They come three times in the window, and count when it is over."""

    listens_to = ("poll_opened.v1",)

    def on_poll_opened(self, event: dict[str, Any]) -> None:
        opens_at, closes_at = instant(event["opens_at"]), instant(event["closes_at"])
        for visit in range(1, VISITS + 1):
            at = in_working_hours(opens_at + (closes_at - opens_at) * visit / (VISITS + 1))
            self._plan(event, visit, at)
        if not self.dice.happens(shares().polls.uncounted_ratio, "uncounted", event["poll_id"]):
            at = in_working_hours(closes_at + HOUR)
            self.agenda.put(f"{event['poll_id']}:count", at, lambda: self._count(event))

    def _plan(self, event: dict[str, Any], visit: int, at: datetime) -> None:
        self.agenda.put(f"{event['poll_id']}:visit {visit}", at, lambda: self._collect(event, visit))

    def _collect(self, event: dict[str, Any], visit: int) -> Script:
        """The clerk enters what was handed in; the chair holds each against its paper."""
        poll, unit = {"poll_id": event["poll_id"]}, event["unit_code"]
        if not (yield from listed_for("deliberation", Role.CLERK, unit, event["poll_id"])):
            return
        found = yield Ask("deliberation", "get_poll", poll, Role.CLERK, unit)
        papers = [self._paper(event, one) for one in found["outstanding"] if self._hands_in(event, one, visit)]
        if papers:
            request = poll | {"papers": papers, "idempotency_key": key(event["poll_id"], "enter", visit)}
            yield Ask("deliberation", "enter_papers", request, Role.CLERK, unit)
            yield from self._check(event, visit)

    def _check(self, event: dict[str, Any], visit: int) -> Script:
        poll, unit = {"poll_id": event["poll_id"]}, event["unit_code"]
        found = yield Ask("deliberation", "get_poll", poll, Role.CHAIR, unit)
        numbers = [one["number"] for one in found["papers"] if not one["is_checked"]]
        is_one_wrong = visit == 1 and self.dice.happens(shares().polls.wrong_ratio, "wrong paper", event["poll_id"])
        wrong = numbers[:1] if is_one_wrong else []
        request = poll | {"right": [one for one in numbers if one not in wrong], "wrong": wrong}
        request |= {"reason": "与纸质票选项不一致,重新录入。" if wrong else ""}
        request |= {"idempotency_key": key(event["poll_id"], "check", visit)}
        yield Ask("deliberation", "check_papers", request, Role.CHAIR, unit)

    def _count(self, event: dict[str, Any]) -> Script:
        unit = event["unit_code"]
        if (yield from listed_for("deliberation", Role.CHAIR, unit, event["poll_id"])):
            request = {"poll_id": event["poll_id"], "idempotency_key": key(event["poll_id"], "count")}
            yield Ask("deliberation", "count_poll", request, Role.CHAIR, unit)

    def _hands_in(self, event: dict[str, Any], dwelling: str, visit: int) -> bool:
        thrown = self.dice.share("hands in", f"{event['poll_id']}:{dwelling}")
        return thrown < shares().polls.turnout_ratio * visit / VISITS

    def _paper(self, event: dict[str, Any], dwelling: str) -> dict[str, Any]:
        """As the register has the dwelling, which the clerk carries along."""
        register = register_of(self.dice, event["session_id"])
        holders = next(one["holders"] for one in register if one["dwelling"] == dwelling)
        ref = f"{event['poll_id']}:{dwelling}"
        is_proxy = self.dice.happens(shares().polls.proxy_ratio, "proxy", ref)
        signed = {"signed_by": [f"acts-for-{holders[0]}"] if is_proxy else holders}
        signed |= {"authorised": f"{dwelling}委托书" if is_proxy else ""}
        return {"dwelling": dwelling, "choice": self._choice(event, ref), **signed}

    def _choice(self, event: dict[str, Any], ref: str) -> int:
        share = shares()
        if self.dice.happens(share.polls.abstains_ratio, "marks none", ref):
            return 0
        is_contested = self.dice.happens(share.councils.contested_ratio, "contested", event["issue_id"])
        favours = share.councils.contested_favours_ratio if is_contested else share.polls.favours_ratio
        is_for = self.dice.happens(favours, "favours", ref)
        return 1 if is_for else self.dice.whole(2, len(event["options"]), "other option", ref)
