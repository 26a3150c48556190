"""A board with so many issues: a thousand that were told event by event, and copies of them that the database makes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from sqlalchemy import Engine, String, Table, cast, func, insert, select, text, update
from sqlalchemy.sql.expression import ColumnElement

from services.board.storage import tables
from services.board.storage.repository import BoardStore
from services.board.use_cases.rebuilding import take_in
from shared.bus.moment import Moments
from shared.bus.work import transaction
from shared.contracts import Event, dispatch, evaluation, intake, supervision
from shared.contracts.evaluation import OrderOutcomePart
from shared.contracts.vocabulary import (
    ClockKind,
    DispatchKind,
    ListingReason,
    Outcome,
    RequestKind,
    Route,
    SlaClass,
    TaskOrigin,
)
from shared.settings import settings
from shared.units import Tier, UnitDirectory

TOLD = 1000
AT_ONCE = 100
SEED = 5
CATEGORIES = {
    "parking": "停车",
    "lift": "电梯",
    "noise": "噪声",
    "heating": "供暖",
    "water": "供水",
    "greening": "绿化",
}
DAY = timedelta(days=1)


@cache
def communities() -> list[tuple[str, str]]:
    """Codes and names."""
    known = UnitDirectory.load(settings().units_file)
    return [(unit.code, unit.name) for unit in known.of_tier(Tier.COMMUNITY)]


class Filling:
    """Fills generation 1, which serves. `words` are such as people would look for."""

    def __init__(self, engine: Engine, size: int) -> None:
        self._engine, self.size = engine, size
        self.told = min(size, TOLD)
        codes = [code for code, _ in communities()]
        self.units = [*codes[:60], *sorted({code[:9] for code in codes})]
        self.words = [*CATEGORIES.values(), *(name for _, name in communities()[:40])]

    def issue_id(self, number: int) -> str:
        """Of one of them, told or copied."""
        copy, place = divmod(number, self.told)
        return f"I-FILL-{place}" + (f"-{copy}" if copy else "")

    def fill(self) -> None:
        self._tell()
        copies = self.size // self.told - 1
        shelf = tables.generation[1]
        if copies > 0:
            for table, names in (
                (shelf.stories, ("issue_id", "event_id")),
                (shelf.issues, ("issue_id",)),
                (shelf.documents, ("id", "issue_id")),
                (shelf.grams, ("document_id",)),
            ):
                self._copy(table, names, copies)
            with self._engine.begin() as connection:
                number = shelf.tallies.c.number
                connection.execute(update(shelf.tallies).values(number=number * (copies + 1)))
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text("VACUUM ANALYZE"))

    def _tell(self) -> None:
        moments = Moments()
        told = list(stories(self.told, "FILL"))
        for start in range(0, len(told), AT_ONCE):
            some = [(f"fill-{start + number}", event) for number, event in enumerate(told[start : start + AT_ONCE])]
            with transaction(self._engine, BoardStore) as work:
                take_in(work, some, moments.now(work))

    def _copy(self, table: Table, names: tuple[str, ...], copies: int) -> None:
        """Each copy under an id of its own, and a minute older than the one before."""
        numbers = func.generate_series(1, copies).table_valued("number").render_derived()
        number = numbers.c.number
        older = [name for name in ("at", "changed_at") if name in table.c]
        values: dict[str, ColumnElement[object]] = {column.name: column for column in table.c}
        values |= {name: table.c[name] + "-" + cast(number, String) for name in names}
        values |= {name: table.c[name] - func.make_interval(0, 0, 0, 0, 0, number) for name in older}
        copied = select(*values.values()).select_from(table.join(numbers, text("true")))
        with self._engine.begin() as connection:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(insert(table).from_select(list(values), copied))


def stories(issues: int, series: str) -> Iterator[Event]:
    """What happens to each of so many issues; every third is still at work, and every fifth deliberated."""
    draw, begins = Random(SEED), datetime.now(UTC).replace(microsecond=0) - 30 * DAY
    for number in range(issues):
        unit, name = draw.choice(communities())
        category = draw.choice(list(CATEGORIES))
        at = begins + timedelta(minutes=draw.randrange(25 * 24 * 60))
        yield from _story(f"{series}-{number}", unit, category, f"{CATEGORIES[category]} · {name}", at, number)


def _story(order_no: str, unit: str, category: str, title: str, at: datetime, number: int) -> Iterator[Event]:
    about: dict[str, Any] = {"issue_id": f"I-{order_no}", "unit_code": unit}
    yield from _raised(about, order_no, category, title, at, number)
    if number % 5 == 0:
        listed: dict[str, Any] = {"category": category, "title": title, "reason": ListingReason.CATEGORY}
        yield intake.IssueListedV1(**about, **listed, listed_at=at)
        return
    task = about | {"task_id": f"I-{order_no}/T1"}
    yield _assigned(task, title, at)
    yield dispatch.TaskSignedForV1(**task, signed_by="li.ming", signed_at=at + timedelta(hours=1))
    if number % 3:
        yield from _done_and_closed(task, about, order_no, at + 2 * DAY)


def _raised(
    about: dict[str, Any], order_no: str, category: str, title: str, at: datetime, number: int
) -> Iterator[Event]:
    order: dict[str, Any] = {
        "order_no": order_no,
        "category": category,
        "request_kind": RequestKind.COMPLAINT,
        "sla_class": SlaClass.GENERAL,
        "dispatch_kind": DispatchKind.DIRECT,
        "dispatched_at": at,
        "due_at": at + 7 * DAY,
    }
    named: dict[str, Any] = {"title": title, "category_name": CATEGORIES[category]}
    yield intake.IssueRaisedV1(**about, **order, **named, route=Route.HANDLE, raised_at=at)
    yield intake.ComplaintLinkedV1(**about, **order, voice=f"{number:016x}", linked_at=at, linked_by="intake")
    for kind, days in ((ClockKind.RESIDENT, 7), (ClockKind.TIER, 30)):
        yield supervision.ClockStartedV1(
            **about,
            clock_id=f"I-{order_no}/{kind}",
            kind=kind,
            order_no=order_no,
            started_at=at,
            due_at=at + days * DAY,
        )


def _assigned(task: dict[str, Any], title: str, at: datetime) -> Event:
    return dispatch.TaskAssignedV1(
        **task,
        origin=TaskOrigin.COMPLAINT,
        what=title,
        leader="王主任",
        department="城市管理办公室",
        person="李明",
        organisation_id=f"{task['unit_code']}-O1",
        desk_id=f"{task['unit_code']}-D1",
        due_at=at + 7 * DAY,
        sla_class=SlaClass.GENERAL,
        attempt=1,
        forced=False,
        assigned_at=at,
    )


def _done_and_closed(task: dict[str, Any], about: dict[str, Any], order_no: str, done: datetime) -> Iterator[Event]:
    yield dispatch.TaskDoneV1(**task, result="已修复", done_by="li.ming", done_at=done)
    yield dispatch.TaskAcceptedV1(**task, accepted_by="wang", accepted_at=done)
    yield dispatch.IssueHandledV1(**about, result="已修复", handled_at=done)
    for kind in ClockKind:
        clock = about | {"clock_id": f"I-{order_no}/{kind}", "kind": kind}
        yield supervision.ClockMetV1(**clock, order_no=order_no, met_at=done + DAY)
    judged: dict[str, Any] = {"outcome": Outcome.SOLVED, "asked": 1, "reached": 1, "solved": 1, "newcomers": 0}
    orders = [OrderOutcomePart(order_no=order_no, outcome=Outcome.SOLVED)]
    yield evaluation.IssueEvaluatedV1(**about, **judged, orders=orders, handled_at=done, evaluated_at=done + DAY)
    yield supervision.IssueClosedV1(**about, outcome=Outcome.SOLVED, closed_at=done + DAY)
