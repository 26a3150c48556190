"""Plays the people of 办: handlers who sign for tasks, return, decline, finish or fail; leaders accept or send back."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from services.rehearsal.agenda import HOUR, Script, in_working_hours, next_hour
from services.rehearsal.calling import Ask
from services.rehearsal.people.desk import People, instant, key, listed_for
from services.rehearsal.shares import shares
from shared.auth import Role
from shared.units import Tier, tier_of

SHORT = timedelta(hours=3)
BIG_LIMIT, LONG_LIMIT = timedelta(days=10), timedelta(days=5)


class Handlers(People):
    """One agenda for all departments. What is planned for a task is dropped when the task ends otherwise."""

    listens_to = (
        "task_assigned.v1",
        "task_moved_up.v1",
        "task_taken_over.v1",
        "task_withdrawn.v1",
        "task_return_decided.v1",
        "issue_closed.v1",
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._tasks: dict[str, dict[str, set[str]]] = {}
        self._objected: dict[str, dict[str, Any]] = {}
        self._appealed: set[str] = set()

    def on_task_assigned(self, event: dict[str, Any]) -> None:
        """A fresh task, or one that was handed on after an objection."""
        share, ref = shares().handlers, f"{event['task_id']}:{event['attempt']}"
        assigned_at, limit = instant(event["assigned_at"]), instant(event["due_at"]) - instant(event["assigned_at"])
        is_last_resort = tier_of(event["unit_code"]) is Tier.DISTRICT
        if limit <= SHORT:
            self._plan(event, "sign", next_hour(assigned_at), self._sign(event))
            self._plan(event, "finish", next_hour(assigned_at + HOUR), self._finish(event, 1))
            return
        first, last = share.sign_hours
        sign_at = in_working_hours(assigned_at + HOUR * self.dice.between(first, last, "sign", ref))
        if (
            not event["forced"]
            and self.dice.happens(share.return_ratio, "returns", ref)
            and sign_at < assigned_at + 22 * HOUR
        ):
            self._plan(event, "return", sign_at, self._return(event))
            return
        if (
            not is_last_resort
            and event["origin"] == "resolution"
            and self.dice.happens(shares().displays.declined_ratio, "declines", ref)
        ):
            self._plan(event, "decline", sign_at, self._decline(event))
            return
        if not is_last_resort and self.dice.happens(share.never_ratio, "never", ref):
            return
        self._plan(event, "sign", sign_at, self._sign(event))
        if not is_last_resort and event["origin"] != "resolution" and self.dice.happens(share.fail_ratio, "fails", ref):
            self._plan(event, "fail", in_working_hours(sign_at + 20 * HOUR), self._fail(event))
            return
        self._work(event, sign_at, limit, ref)

    def on_task_moved_up(self, event: dict[str, Any]) -> None:
        self._forget(event["issue_id"], event["task_id"])

    on_task_withdrawn = on_task_taken_over = on_task_moved_up

    def on_task_return_decided(self, event: dict[str, Any]) -> None:
        """It stays with them: some appeal once against a refusal; the others sign for it and get on with it."""
        task = self._objected.pop(event["task_id"], None)
        if event["granted"] or task is None:
            return
        may_appeal = not event["is_default"] and event["task_id"] not in self._appealed
        if may_appeal and self.dice.happens(shares().handlers.appeal_ratio, "appeals", event["request_id"]):
            at = in_working_hours(instant(event["decided_at"]) + 2 * HOUR)
            self._plan(task, "appeal", at, self._appeal(task, event["request_id"]))
            return
        sign_at, limit = next_hour(instant(event["decided_at"])), instant(task["due_at"]) - instant(task["assigned_at"])
        self._plan(task, "sign", sign_at, self._sign(task))
        self._work(task, sign_at, limit, f"{task['task_id']}:{task['attempt']}")

    def on_issue_closed(self, event: dict[str, Any]) -> None:
        for task_id in list(self._tasks.get(event["issue_id"], ())):
            self._forget(event["issue_id"], task_id)

    def _work(self, event: dict[str, Any], sign_at: datetime, limit: timedelta, ref: str) -> None:
        share = shares().handlers
        is_late = self.dice.happens(share.late_ratio, "late", ref)
        first, last = share.late_by_ratio if is_late else share.effort_ratio
        finish_at = in_working_hours(
            max(sign_at + HOUR, instant(event["assigned_at"]) + limit * self.dice.between(first, last, "effort", ref))
        )
        if limit >= LONG_LIMIT and self.dice.happens(share.pending_ratio, "pending", ref):
            self._plan(event, "pend", in_working_hours(sign_at + 2 * HOUR), self._pend(event))
            soonest, latest = share.pending_days
            finish_at = in_working_hours(sign_at + timedelta(days=self.dice.between(soonest, latest, "done", ref)))
        if limit >= BIG_LIMIT:
            self._plan(
                event,
                "milestone",
                in_working_hours(sign_at + (finish_at - sign_at) / 2),
                self._reach(event, "handling"),
            )
        block_at = in_working_hours(sign_at + 2 * HOUR)
        if block_at < finish_at and self.dice.happens(share.block_ratio, "blocked", ref):
            self._plan(event, "block", block_at, self._block(event))
        extend_at = in_working_hours(sign_at + limit * 0.4)
        if is_late and extend_at < instant(event["due_at"]) and self.dice.happens(share.extend_ratio, "extended", ref):
            self._plan(event, "extend", extend_at, self._extend(event))
        self._plan(event, "finish", finish_at, self._finish(event, 1))

    def _plan(self, event: dict[str, Any], what: str, at: datetime, script: Script) -> None:
        entry = f"{event['task_id']}:{event['attempt']}:{what}"
        self._tasks.setdefault(event["issue_id"], {}).setdefault(event["task_id"], set()).add(entry)
        self.agenda.put(entry, at, lambda: script)

    def _forget(self, issue_id: str, task_id: str) -> None:
        self.agenda.drop(*self._tasks.get(issue_id, {}).pop(task_id, ()))
        self._objected.pop(task_id, None)

    def _ask(self, event: dict[str, Any], method: str, role: Role, mark: object = "", **more: Any) -> Ask:
        request = {
            "task_id": event["task_id"],
            "idempotency_key": key(event["task_id"], event["attempt"], method, mark),
            **more,
        }
        organisation = event["organisation_id"] if role is Role.HANDLER else ""
        return Ask("dispatch", method, request, role, event["unit_code"], organisation)

    def _sign(self, event: dict[str, Any]) -> Script:
        """Some look first what the residents said, in their own words."""
        if self.dice.happens(shares().handlers.reads_ratio, "reads", event["task_id"]):
            yield from self._read(event)
        yield self._ask(event, "sign_for_task", Role.HANDLER)

    def _read(self, event: dict[str, Any]) -> Script:
        unit, theirs = event["unit_code"], event["organisation_id"]
        if not (yield from listed_for("dispatch", Role.HANDLER, unit, event["task_id"], theirs)):
            return
        issue = yield Ask("intake", "get_issue", {"issue_id": event["issue_id"]}, Role.HANDLER, unit, theirs)
        for order_no in issue["order_nos"][:1]:
            look = {"order_no": order_no, "reason": "handle", "idempotency_key": key(event["task_id"], "read")}
            yield Ask("intake", "read_order", look, Role.HANDLER, unit, theirs)

    def _appeal(self, event: dict[str, Any], request_id: str) -> Script:
        self._objected[event["task_id"]] = event
        self._appealed.add(event["task_id"])
        request = {
            "request_id": request_id,
            "words": "职责清单已写明由他部门承办,请复核。",
            "idempotency_key": key(request_id),
        }
        organisation = event["organisation_id"]
        yield Ask("dispatch", "appeal_request", request, Role.HANDLER, event["unit_code"], organisation)

    def _return(self, event: dict[str, Any]) -> Script:
        """Somebody above decides; see `supervisors`. What stays is worked on."""
        self._objected[event["task_id"]] = event
        yield self._ask(event, "return_task", Role.HANDLER, reason="not_our_duty", words="不属于本部门职责,建议改派。")

    def _decline(self, event: dict[str, Any]) -> Script:
        """What a council resolved, once they have read it; see `objectors` for what follows."""
        yield Ask(
            "dispatch",
            "get_task",
            {"task_id": event["task_id"]},
            Role.HANDLER,
            event["unit_code"],
            event["organisation_id"],
        )
        yield self._ask(event, "decline_task", Role.HANDLER, reason="涉及规划用地,依法不能实施。")

    def _fail(self, event: dict[str, Any]) -> Script:
        yield self._ask(event, "fail_task", Role.HANDLER, reason="居民意见不一,需要协商后再办理。")

    def _reach(self, event: dict[str, Any], milestone: str) -> Script:
        yield self._ask(event, "reach_milestone", Role.HANDLER, milestone, milestone=milestone)

    def _block(self, event: dict[str, Any]) -> Script:
        yield self._ask(event, "block_task", Role.HANDLER, explanation="等待材料到货,暂时无法施工。")

    def _extend(self, event: dict[str, Any]) -> Script:
        """Somebody above decides; see `supervisors`."""
        about = {"issue_id": event["issue_id"], "idempotency_key": key(event["task_id"], event["attempt"], "extend")}
        request = about | {"reason": "complex_work", "words": "工程量较大,申请延期。"}
        where = event["unit_code"], event["organisation_id"]
        yield Ask("supervision", "ask_extension", request, Role.HANDLER, *where)

    def _pend(self, event: dict[str, Any]) -> Script:
        """It can't be solved now: with a plan, and a reply for the callers."""
        review_on = (self.now + timedelta(days=shares().supervisors.review_days)).date()
        request = {
            "issue_id": event["issue_id"],
            "reason": "funds",
            "words": "资金需列入下季度计划。",
            "plan": "先做临时处置,下月资金到位后施工。",
            "owner": event["organisation_id"],
            "review_on": review_on.isoformat(),
            "interim_reply": "已做临时处置,资金到位后施工,进展将向您反馈。",
            "idempotency_key": key(event["task_id"], event["attempt"], "pend"),
        }
        where = event["unit_code"], event["organisation_id"]
        yield Ask("supervision", "ask_pending", request, Role.HANDLER, *where)

    def _finish(self, event: dict[str, Any], round_no: int) -> Script:
        """Done, with a picture to show it; then the leader's look."""
        shown = hashlib.sha256(f"{event['task_id']}:{round_no}".encode()).hexdigest()
        evidence = [{"uri": f"https://files.example.org/{shown[:16]}.jpg", "sha256": shown}]
        reply = yield self._ask(
            event, "finish_task", Role.HANDLER, round_no, result=f"已办理:{event['what'][:60]}", evidence=evidence
        )
        looks_at = self._leader_looks_at(instant(reply["due_at"]), event, round_no)
        is_sent_back = round_no == 1 and self.dice.happens(
            shares().handlers.send_back_ratio, "sent back", event["task_id"]
        )
        look = self._send_back(event) if is_sent_back else self._accept(event)
        self._plan(event, f"look {round_no}", looks_at, look)

    def _leader_looks_at(self, due_at: datetime, event: dict[str, Any], round_no: int) -> datetime:
        wait = HOUR * self.dice.between(1, 5, "leader looks", f"{event['task_id']}:{round_no}")
        is_short = due_at - instant(event["assigned_at"]) <= SHORT
        return next_hour(self.now + HOUR) if is_short else in_working_hours(self.now + wait)

    def _accept(self, event: dict[str, Any]) -> Script:
        yield self._ask(event, "accept_task", Role.LEADER)

    def _send_back(self, event: dict[str, Any]) -> Script:
        yield self._ask(event, "send_back_task", Role.LEADER, reason="现场照片看不清,请补充。")
        self._plan(event, "finish again", in_working_hours(self.now + 4 * HOUR), self._finish(event, 2))
