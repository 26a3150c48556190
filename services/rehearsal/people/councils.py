"""Plays the people of 议: clerks, chairs, deputies and experts, from a session's call to its signed minutes."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from services.rehearsal.agenda import HOUR, Script, in_working_hours, next_hour
from services.rehearsal.calling import Ask
from services.rehearsal.people.collectors import opening_of
from services.rehearsal.people.desk import People, instant, key, listed_for
from services.rehearsal.people.resolving import tasks_of
from services.rehearsal.shares import shares
from shared.auth import Role
from shared.errors import Refused
from shared.units import Tier, tier_of


@dataclass(frozen=True)
class Hall:
    """A session as those who come to it know it, and who did come."""

    session: dict[str, Any]
    deputies: list[str]
    experts: list[str]

    @property
    def id(self) -> str:
        return str(self.session["session_id"])

    @property
    def is_last_resort(self) -> bool:
        """At the district everybody comes, and something is resolved."""
        return tier_of(self.session["unit_code"]) is Tier.DISTRICT


NO_MONEY = ("none", 0)
MATTERS = {"public": "由街道公共资金承担改造费用", "owners": "使用专项维修资金改造共有部分"}
"""What is put on the agenda, by whose money it takes."""


class CouncilPeople(People):
    """Sessions that are called are held, unless the issue has climbed away from under it; a few nobody opens."""

    listens_to = (
        "session_scheduled.v1",
        "session_postponed.v1",
        "session_moved_up.v1",
        "postponement_asked.v1",
        "poll_counted.v1",
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._sessions: dict[str, dict[str, Any]] = {}

    def on_session_scheduled(self, event: dict[str, Any]) -> None:
        session_id = event["session_id"]
        self._sessions[session_id] = event
        starts_at, called_at = instant(event["starts_at"]), instant(event["scheduled_at"])
        self._hold_at(session_id, event["starts_at"])
        if self.dice.happens(shares().councils.postponed_ratio, "postponed", session_id):
            asked_at = in_working_hours(called_at + (starts_at - called_at) / 2)
            if asked_at < starts_at - 2 * HOUR:
                self.agenda.put(f"{session_id}:postpone", asked_at, lambda: self._postpone(event))

        if self._money_of(event) != NO_MONEY:
            self.agenda.put(f"{session_id}:agenda", called_at, lambda: self._ask_for_money(event))

    def on_session_postponed(self, event: dict[str, Any]) -> None:
        self._hold_at(event["session_id"], event["starts_at"])

    def on_postponement_asked(self, event: dict[str, Any]) -> None:
        """The chair decides what the clerk asked for."""
        at = next_hour(instant(event["asked_at"]))
        self.agenda.put(f"{event['session_id']}:decide", at, lambda: self._agree(event))

    def on_session_moved_up(self, event: dict[str, Any]) -> None:
        self.agenda.drop(event["session_id"], f"{event['session_id']}:postpone")

    def on_poll_counted(self, event: dict[str, Any]) -> None:
        """What households or owners have carried gets its resolution the same day."""
        if event["outcome"] == "carried":
            at = in_working_hours(instant(event["counted_at"]) + HOUR)
            self.agenda.put(f"{event['poll_id']}:adopt", at, lambda: self._adopt_polled(event))

    def _hold_at(self, session_id: str, starts_at: str) -> None:
        if session_id in self._sessions and not self._is_forgotten(session_id):
            self.agenda.put(session_id, instant(starts_at), lambda: self._hold(self._hall(self._sessions[session_id])))

    def _is_forgotten(self, session_id: str) -> bool:
        is_last_resort = tier_of(self._sessions[session_id]["unit_code"]) is Tier.DISTRICT
        return not is_last_resort and self.dice.happens(shares().councils.lapse_ratio, "nobody opens", session_id)

    def _hall(self, session: dict[str, Any]) -> Hall:
        """Who comes: most, but to some sessions few."""
        session_id, share = session["session_id"], shares().councils
        is_last_resort = tier_of(session["unit_code"]) is Tier.DISTRICT
        is_thin = not is_last_resort and self.dice.happens(share.thin_ratio, "thin", session_id)
        attends = 1.0 if is_last_resort else share.thin_attends_ratio if is_thin else share.attends_ratio
        invited = sorted(deputy["person_id"] for deputy in session["deputies"])
        here = [one for one in invited if self.dice.happens(attends, "attends", f"{session_id}:{one}")]
        return Hall(session, here, sorted(expert["person_id"] for expert in session["experts"]))

    def _ask(self, hall: Hall, method: str, role: Role = Role.CHAIR, mark: object = "", **request: Any) -> Ask:
        request["idempotency_key"] = key(hall.id, method, mark)
        return Ask("deliberation", method, request, role, hall.session["unit_code"])

    def _postpone(self, event: dict[str, Any]) -> Script:
        request = {
            "session_id": event["session_id"],
            "reason": "hall_lost",
            "words": "议事厅当日检修电路,无法使用。",
            "idempotency_key": key(event["session_id"], "postpone"),
        }
        yield Ask("councils", "postpone_session", request, Role.CLERK, event["unit_code"])

    def _agree(self, event: dict[str, Any]) -> Script:
        agreed = {"request_id": event["request_id"], "grant": True, "reason": "情况属实,同意改期。"}
        agreed["idempotency_key"] = key(event["request_id"], "decide")
        yield Ask("councils", "decide_request", agreed, Role.CHAIR, event["unit_code"])

    def _money_of(self, session: dict[str, Any]) -> tuple[str, int]:
        """Whose money the first session on an issue is about, and how much in fen; for most nobody's."""
        issue_id = session["issue_id"]
        if tier_of(session["unit_code"]) is Tier.DISTRICT or session["number"] > 1:
            return NO_MONEY
        if self.dice.happens(shares().polls.owners_ratio, "owners", issue_id):
            return "owners", 30_000_000
        is_asked = self.dice.happens(shares().councils.money_ratio, "money", issue_id)
        return ("public", 2_000_000) if is_asked else NO_MONEY

    def _ask_for_money(self, event: dict[str, Any]) -> Script:
        money, amount = self._money_of(event)
        request = {
            "session_id": event["session_id"],
            "matter": MATTERS[money],
            "amount_fen": amount,
            "money": money,
            "idempotency_key": key(event["session_id"], "agenda"),
        }
        yield Ask("councils", "put_on_agenda", request, Role.CLERK, event["unit_code"])

    def _hold(self, hall: Hall) -> Script:
        """Arrivals, opening, the motion, the end, the minutes."""
        yield self._ask(
            hall, "record_arrivals", Role.CLERK, session_id=hall.id, person_ids=[*hall.deputies, *hall.experts]
        )
        opened = yield self._ask(hall, "open_session", session_id=hall.id)
        if opened["state"] == "open":
            nobody_moves = not hall.is_last_resort and self.dice.happens(
                shares().councils.no_motion_ratio, "no motion", hall.id
            )
            has_ended = False if nobody_moves else (yield from self._carry_motion(hall))
            if not has_ended:
                yield self._ask(hall, "close_session", session_id=hall.id)
        yield from self._write_minutes(hall)

    def _write_minutes(self, hall: Hall) -> Script:
        """Circulated by the clerk. Some object, and are answered; when nobody may any more, they are signed."""
        circulated = yield self._ask(hall, "circulate_minutes", Role.CLERK, session_id=hall.id)
        if hall.deputies and self.dice.happens(shares().councils.objection_ratio, "objection", hall.id):
            by, words, answer = hall.deputies[0], "纪要漏记了我的一条意见。", "已核对会议记录,原意见在册。"
            yield self._ask(hall, "object_to_minutes", Role.CLERK, session_id=hall.id, person_id=by, objection=words)
            yield self._ask(hall, "answer_objection", session_id=hall.id, number=1, answer=answer)
        signed_at = in_working_hours(instant(circulated["objections_until"]))
        self.agenda.put(f"{hall.id}:sign", signed_at, lambda: self._sign_minutes(hall))

    def _sign_minutes(self, hall: Hall) -> Script:
        for role in (Role.CHAIR, Role.CLERK):
            yield self._ask(hall, "sign_minutes", role, role, session_id=hall.id)

    def _carry_motion(self, hall: Hall) -> Generator[Ask, dict[str, Any], bool]:
        """The five steps, and the vote or a poll; a resolution if it is carried. Whether that ended the session."""
        money, amount = self._money_of(hall.session)
        stays = not amount and self._leaves_as_is(hall)
        stated = yield self._ask(
            hall,
            "state_motion",
            Role.CLERK,
            session_id=hall.id,
            mover=hall.deputies[0],
            motion="维持现状" if stays else f"关于“{hall.session['title'][:80]}”的办理方案",
            leaves_as_is=stays,
            item=1 if amount else 0,
            amount_fen=amount,
            new_facts=f"第{hall.session['number']}次会议补充了新的办理方案。" if hall.session["number"] > 1 else "",
        )
        motion_id = stated["motion_id"]
        yield self._ask(hall, "second_motion", Role.CLERK, motion_id=motion_id, seconder=hall.deputies[1])
        yield from self._debate(hall, motion_id)
        yield from self._hear_experts(hall, motion_id)
        recused = yield from self._recuse(hall, motion_id)
        if not stays and self._goes_from_door_to_door(hall, money):
            opening = opening_of(self.dice, hall.id, money=money)
            yield self._ask(hall, "open_poll", motion_id=motion_id, **opening)
            return False
        state = yield from self._vote(hall, motion_id, recused)
        if state == "carried":
            tasks = [] if stays else self._tasks(hall, money)
            yield self._ask(hall, "adopt_resolution", motion_id=motion_id, tasks=tasks)
        return stays and state == "carried"

    def _leaves_as_is(self, hall: Hall) -> bool:
        return not hall.is_last_resort and self.dice.happens(shares().councils.as_is_ratio, "as it is", hall.id)

    def _goes_from_door_to_door(self, hall: Hall, money: str) -> bool:
        """What is the owners' always; else some, where nobody else's money is at stake."""
        if money != "none" or hall.is_last_resort:
            return money == "owners"
        return self.dice.happens(shares().polls.households_ratio, "door to door", hall.id)

    def _vote(self, hall: Hall, motion_id: str, recused: frozenset[str]) -> Generator[Ask, dict[str, Any], str]:
        """Sometimes too many have left, and it is held again when they are back. Gives what it came to.

        Where that is not enough either, it stays void.
        """
        vote = self._ask(hall, "vote", motion_id=motion_id, ballots=self._ballots(hall, recused))
        if not hall.is_last_resort and self.dice.happens(shares().councils.void_ratio, "void", hall.id):
            stay, leave = hall.deputies[:2], hall.deputies[2:]
            about = {"session_id": hall.id, "person_ids": leave}
            yield self._ask(hall, "record_departures", Role.CLERK, **about)
            ballots = [one for one in self._ballots(hall, recused) if one["person_id"] in stay]
            yield self._ask(hall, "vote", mark="void", motion_id=motion_id, ballots=ballots)
            yield self._ask(hall, "record_arrivals", Role.CLERK, "back", **about)
        try:
            voted = yield vote
        except Refused as refusal:
            if refusal.code != "no_quorum":
                raise
            return "void"
        return str(voted["state"])

    def _adopt_polled(self, event: dict[str, Any]) -> Script:
        """The chair finds it on their list; the session may have ended long before."""
        session, motion_id = self._sessions[event["session_id"]], event["motion_id"]
        if (yield from listed_for("deliberation", Role.CHAIR, event["unit_code"], motion_id)):
            hall = Hall(session, [], [])
            tasks = self._tasks(hall, self._money_of(session)[0])
            yield self._ask(hall, "adopt_resolution", motion_id=motion_id, tasks=tasks)

    def _tasks(self, hall: Hall, money: str) -> list[dict[str, Any]]:
        return tasks_of(self.dice, hall.id, hall.session["title"], money=money, now=self.now)

    def _debate(self, hall: Hall, motion_id: str) -> Script:
        if len(hall.deputies) < 4 or self.dice.happens(shares().councils.no_opposition_ratio, "no opposition", hall.id):
            yield self._ask(hall, "state_opposition", Role.CLERK, motion_id=motion_id, speaker="", statement="")
        else:
            against, supporter = hall.deputies[2], hall.deputies[3]
            yield self._ask(
                hall, "state_opposition", Role.CLERK, motion_id=motion_id, speaker=against, statement="费用分担不合理。"
            )
            turns = (("for", supporter, "方案兼顾了各方意见。"), ("against", against, "建议先小范围试行。"))
            for number, (side, speaker, words) in enumerate(turns):
                yield self._ask(
                    hall, "record_turn", Role.CLERK, number, motion_id=motion_id, speaker=speaker, side=side, text=words
                )
        yield self._ask(hall, "close_debate", motion_id=motion_id)

    def _hear_experts(self, hall: Hall, motion_id: str) -> Script:
        for expert in hall.experts or [""]:
            opinion = "方案合法可行,建议明确后续维护责任。" if expert else ""
            yield self._ask(
                hall, "give_opinion", Role.CLERK, expert, motion_id=motion_id, expert=expert, opinion=opinion
            )

    def _recuse(self, hall: Hall, motion_id: str) -> Any:
        """Somebody with a stake of their own keeps out. Gives who."""
        if len(hall.deputies) < 8 or not self.dice.happens(shares().councils.recusal_ratio, "recusal", hall.id):
            return frozenset()
        person = hall.deputies[-1]
        yield self._ask(
            hall, "record_recusal", Role.CLERK, motion_id=motion_id, person_id=person, reason="本人为相关物业公司员工。"
        )
        return frozenset({person})

    def _ballots(self, hall: Hall, recused: frozenset[str]) -> list[dict[str, str]]:
        """Opinions split on some issues; what a deputy thinks of one changes a little from session to session."""
        share = shares().councils
        is_contested = self.dice.happens(share.contested_ratio, "contested", hall.session["issue_id"])
        favours = share.contested_favours_ratio if is_contested else share.favours_ratio
        return [
            {"person_id": person, "choice": self._choice(hall, person, 1.0 if hall.is_last_resort else favours)}
            for person in hall.deputies
            if person not in recused
        ]

    def _choice(self, hall: Hall, person: str, favours: float) -> str:
        thrown = self.dice.share("ballot", f"{hall.id}:{person}")
        if thrown < favours:
            return "for"
        return "abstain" if thrown > 0.95 else "against"
