"""The life of a few orders in four services: who acts in it, by what means, and what they see of it."""

import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, Table, select

from services.dispatch.domain.task import OPEN
from services.dispatch.service import DispatchService
from services.dispatch.storage import tables as dispatch
from services.evaluation.domain.survey import UNDER_WAY
from services.evaluation.service import EvaluationService
from services.evaluation.storage import tables as evaluation
from services.intake.service import IntakeService
from services.intake.storage import tables as intake
from services.supervision.service import EscalationService, SupervisionService
from services.supervision.storage import tables as supervision
from shared.auth import Role
from shared.contracts.base import Event
from shared.contracts.deliberation import ResolutionAdoptedV1
from shared.contracts.hotline import CallbackReportedV1
from shared.contracts.vocabulary import SlaClass
from shared.errors import Conflict, NotAllowed, NotFound, Refused
from shared.storage.engine import engine_for
from tests.harness import Bus, HandClock
from tests.intake.builders import an_order
from tests.scenarios.crossing import Streams
from tests.staff import a_post, a_token, employ, token_of
from tests.told import DISTRICT, few_desks, few_duties, tell

BEGINS_AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
COMMUNITY, ELSEWHERE = "110105017003", "110105018003"
PARTS = {
    "intake": IntakeService,
    "dispatch": DispatchService,
    "evaluation": EvaluationService,
    "supervision": SupervisionService,
}
SHOWN = [{"uri": "https://example.org/1.jpg", "sha256": "a" * 64}]
FORBIDDEN = (Refused, Conflict, NotAllowed, NotFound)
YES, NO = ("已解决", "非常满意"), ("未解决", "不满意")


def tell_of_desks(engine: Engine) -> None:
    """What a service knows of the district before a life begins in it."""
    tell(engine, *few_duties(), *few_desks())


class Life:
    """The same seed lives the same life. `course` is what happened in it, for whoever must follow it."""

    def __init__(self, seed: int) -> None:
        self.dice, self.clock = Random(seed), HandClock(BEGINS_AT)
        self.course: list[str] = []
        self.buses = {name: Bus(engine_for(name), service, self.clock) for name, service in PARTS.items()}
        self.streams = Streams(self.buses, self.clock, self.dice, self.note)
        self._escalation = Bus(engine_for("supervision"), EscalationService, self.clock)
        self._numbers = itertools.count(1)
        self._calls: Counter[tuple[str, int]] = Counter()

    def note(self, line: str) -> None:
        self.course.append(f"{self.clock.now():%m-%d %H:%M:%S} {line}")

    def pass_time(self, length: timedelta) -> None:
        """What has come too early is tried again, and what is due fires, in one service before the other."""
        self.clock.instant += length
        for name in self.dice.sample(list(PARTS), len(PARTS)):
            self.buses[name].try_kept()
            self.buses[name].move(self.clock.instant)

    def hotline_tells(self, event: Event) -> None:
        """Intake hears it at once."""
        self.buses["intake"].hear(event)

    def file(self, sla_class: SlaClass, *, caller_of: str = "") -> str:
        """An order by a caller of its own, or by whoever called before. Gives its number."""
        order_no = f"{'R' if caller_of else sla_class[0].upper()}{next(self._numbers)}"
        told = {"units": [COMMUNITY], "category": "parking", "sla_class": None if caller_of else sla_class}
        self.hotline_tells(
            an_order(order_no, caller=f"caller-of-{caller_of or order_no}", filed_at=self.clock.now(), **told)
        )
        return order_no

    def call(self, order: Row[Any], answer: tuple[str, str]) -> None:
        """The hotline calls whoever filed it, and tells what they said."""
        self._calls[order.order_no, order.dispatch_no] += 1
        solved, satisfaction = answer
        self.hotline_tells(
            CallbackReportedV1(
                order_no=order.order_no,
                dispatch_no=order.dispatch_no,
                round=self._calls[order.order_no, order.dispatch_no],
                called_at=self.clock.now(),
                reached=True,
                contacted=True,
                solved=solved,
                satisfaction=satisfaction,
            )
        )

    def resolve(self, issue: Row[Any], *, leaves_as_is: bool) -> None:
        """Its council meets; what it resolves comes to each service in a stream of its own."""
        session_id = f"{issue.id}/S{next(self._numbers)}"
        resolution = ResolutionAdoptedV1(
            resolution_id=f"{session_id}/R1",
            issue_id=issue.id,
            session_id=session_id,
            unit_code=issue.unit_code,
            motion="划定停车位",
            leaves_as_is=leaves_as_is,
            tasks=[],
            adopted_at=self.clock.now(),
        )
        self.streams.say(resolution, resolution.resolution_id)

    def work_on(self, task: Row[Any]) -> None:
        """Somebody of its department signs for it and does it, if it is not done."""
        post = a_post(Role.HANDLER, task.unit_code, f"handler-of-{task.organisation_id}")
        post = replace(post, organisation=task.organisation_id)
        employ(self.buses["dispatch"].engine, post)
        for method, told in (
            ("sign_for_task", {}),
            ("finish_task", {"result": f"已办结 {task.id}", "evidence": SHOWN}),
        ):
            self._ask_by(token_of(post), "dispatch", method, {"task_id": task.id} | told)

    def accept(self, task: Row[Any]) -> None:
        self.ask("dispatch", "accept_task", Role.LEADER, task_id=task.id)

    def ask(
        self, service: str, method: str, role: Role, unit: str = DISTRICT, *, subject: str = "", **request: Any
    ) -> Any:
        """The reply; None if a rule forbids it, as nobody here looks first whether they may."""
        token = a_token(self._bus(service).engine, role, unit, subject or f"{role}-1")
        return self._ask_by(token, service, method, request)

    def _ask_by(self, token: str, service: str, method: str, request: dict[str, Any]) -> Any:
        keyed = request | {"idempotency_key": f"k{next(self._numbers)}"}
        (answer,) = self._bus(service).ask_by(token, [(method, keyed)])
        self.note(f"  {method} {answer.code if isinstance(answer, FORBIDDEN) else 'done'}")
        if isinstance(answer, Exception) and not isinstance(answer, FORBIDDEN):
            raise answer
        return None if isinstance(answer, Exception) else answer

    def _bus(self, service: str) -> Bus:
        return self._escalation if service == "escalation" else self.buses[service]

    def orders(self, *those: ColumnElement[bool]) -> list[Row[Any]]:
        return self.rows("intake", intake.complaints, *those)

    def dispatched_orders(self) -> list[Row[Any]]:
        """All but those that only urge another one."""
        return self.orders(intake.complaints.c.dispatch_no > 0)

    def cases(self, *those: ColumnElement[bool]) -> list[Row[Any]]:
        return self.rows("supervision", supervision.cases, *those)

    def open_tasks(self) -> list[Row[Any]]:
        return self.rows("dispatch", dispatch.tasks, dispatch.tasks.c.state.in_(OPEN))

    def awaiting_a_council(self) -> list[Row[Any]]:
        return self.rows("dispatch", dispatch.issues, dispatch.issues.c.is_awaiting_resolution)

    def orders_to_call_about(self) -> list[Row[Any]]:
        """Whose caller is to be asked: nobody is about an order that left its issue meanwhile."""
        survey = evaluation.surveys.c
        asking = self.rows("evaluation", evaluation.surveys, survey.state.in_(UNDER_WAY), survey.issue_id != "")
        return self.orders(intake.complaints.c.order_no.in_([one.order_no for one in asking]))

    def rows(self, service: str, table: Table, *those: ColumnElement[bool]) -> list[Row[Any]]:
        with self.buses[service].engine.connect() as connection:
            return list(connection.execute(select(table).where(*those).order_by(*table.primary_key)))


@contextmanager
def course_told(life: Life) -> Iterator[None]:
    """Whatever goes wrong meanwhile says how it came to that."""
    try:
        yield
    except BaseException as error:
        error.add_note("\n".join(["This was the course:", *life.course]))
        raise
