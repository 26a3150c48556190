"""`bench lifecycle --full`: the same walk with what people do beside it, for its cost in a case.

Who handles a matter reads the order first and asks for more time in one case of ten, which is decided above; a clerk
confirms its public wording; and the hotline reports its callback.
"""

from collections.abc import Callable
from typing import Any

from services import ANSWERING
from services.cli.bench import lifecycle
from services.cli.bench.ground import Ground
from services.cli.bench.lifecycle import ASSIGNED, STARTED, Life, measured, work_on
from services.cli.bench.result import Result
from services.rehearsal.calling import Ask, Script
from services.rehearsal.hearing import Heard
from services.rehearsal.people.callbacks import Report
from services.rehearsal.people.desk import key
from services.rehearsal.people.hotline import Line
from shared.auth import Role

CLOCK, SIZE = lifecycle.CLOCK, lifecycle.SIZE
RAISED = "issue_raised.v1"
REQUEST_EVERY = 10


def run(ground: Ground, size: int, say: Callable[[str], None]) -> Result:
    ground.start(*ANSWERING)
    result = measured(FullLife(ground), size, say)
    result.figures["full"] = True
    return result


class FullLife(Life):
    """Of orders that come from the hotline, which asks their callers itself."""

    listens_to = (RAISED, ASSIGNED, STARTED)
    channel = "12345"

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self._first_orders: dict[str, str] = {}
        self._taken_up = 0

    def _take_up(self, heard: list[Heard]) -> None:
        issues = [one.content for one in heard if one.type == RAISED]
        self._first_orders |= {issue["issue_id"]: issue["order_no"] for issue in issues}
        self._run(confirm_wording(issue) for issue in issues)
        self._report([one.content for one in heard if one.type == STARTED])
        self._run(self._read_and_work_on(one.content) for one in heard if one.type == ASSIGNED)

    def _report(self, callbacks: list[dict[str, Any]]) -> None:
        """Each caller was reached and is content."""
        reports = [Report(content_of(callback)) for callback in callbacks]
        with Line(self.ground.uri) as line:
            line.publish(((one.message_id, one.to_wire()) for one in reports), "callback_reported.v1")
        self._sent += len(reports)
        self._stepping.settle()

    def _read_and_work_on(self, task: dict[str, Any]) -> Script:
        order = {"order_no": self._first_orders[task["issue_id"]], "reason": "handle"}
        asked = order | {"idempotency_key": key("read", task["task_id"], task["attempt"])}
        yield Ask("intake", "read_order", asked, Role.HANDLER, task["unit_code"], task["organisation_id"])
        self._taken_up += 1
        if self._taken_up % REQUEST_EVERY == 1:
            yield from ask_for_time(task)
        yield from work_on(task)


def ask_for_time(task: dict[str, Any]) -> Script:
    """By who works on it; granted by a leader above."""
    words = {"reason": "complex_work", "words": "工程量较大,申请延期。"}
    asked = {"issue_id": task["issue_id"], "idempotency_key": key("time", task["issue_id"]), **words}
    where = task["unit_code"], task["organisation_id"]
    request = yield Ask("supervision", "ask_extension", asked, Role.HANDLER, *where)
    granted = {"request_id": request["request_id"], "grant": True, "reason": "情况属实,同意。"}
    granted |= {"idempotency_key": key("granted", request["request_id"])}
    yield Ask("supervision", "decide_request", granted, Role.LEADER, request["decided_in"])


def confirm_wording(issue: dict[str, Any]) -> Script:
    """In a clerk's own words, as they would after reading it."""
    asked = {
        "issue_id": issue["issue_id"],
        "wording": "请尽快解决。",
        "idempotency_key": key("word", issue["issue_id"]),
    }
    yield Ask("intake", "confirm_wording", asked, Role.CLERK, issue["unit_code"])


def content_of(callback: dict[str, Any]) -> dict[str, Any]:
    numbers = {"order_no": callback["order_no"], "dispatch_no": 1, "round": callback["round"]}
    said = {"reached": True, "contacted": True, "solved": "已解决", "satisfaction": "满意"}
    return {**numbers, "called_at": callback["started_at"], **said}
