"""`bench web`: what people look at, with so many issues on the board.

What each look costs in the board's own process, pages over HTTP and in a browser (`web_pages.py`), how far the board is
behind under full intake (`web_behind.py`), and events taken in a second, live and anew. The issues are written into the
generation that serves as their events would have left them, by the database itself: reading millions of events would
measure the reading.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from services.board.reading.board import Board
from services.board.reading.shapes import IssueFilter
from services.board.service import BoardService
from services.board.storage.repository import BoardStore
from services.cli.bench import machine
from services.cli.bench.board_filling import Filling, stories
from services.cli.bench.calls import percentile
from services.cli.bench.ground import Ground
from services.cli.bench.result import Result, ratio
from services.cli.bench.web_behind import measure_behind
from services.cli.bench.web_pages import measure_pages
from services.cli.suite.rebuild import Rebuild
from shared.bus.inbox.handling import EventHandling
from shared.bus.inbox.reading import Delivery, read
from shared.bus.log.reading import events_of
from shared.bus.moment import Moments
from shared.bus.work import Store, transaction
from shared.contracts import Event
from shared.contracts.envelope import CONTENT_TYPE, Envelope, encode
from shared.storage.engine import engine_for

SIZE = 1_000_000
LOOKS, FEW_LOOKS = 200, 5
FULL_FROM = 1000
"""Whoever asks for fewer issues only wants to see that it runs."""
AT_ONCE = 500
TOLD_OF = 4000
"""Of so many issues the events are taken in, at most."""
COMPLAINTS_TO_ISSUES = 5
SEED = 11


def run(ground: Ground, size: int, say: Callable[[str], None]) -> Result:
    """`size` is the number of issues on the board."""
    ground.copies.make_people()
    ground.copies.fill("board")
    say(f"web: {size} issues are put on the board ...")
    began = time.perf_counter()
    filling = Filling(engine_for("board"), size)
    filling.fill()
    filled = round(time.perf_counter() - began, 1)
    say("web: looks ...")
    looks = measure_looks(filling, LOOKS if size >= FULL_FROM else FEW_LOOKS)
    pages = measure_pages(ground, filling, briefly=size < FULL_FROM, say=say)
    told = min(size, TOLD_OF)
    say("web: the board listens while intake runs flat out ...")
    behind = measure_behind(ground, told * COMPLAINTS_TO_ISSUES)
    say("web: events are taken in ...")
    taken, anew = measure_intake(told), measure_rebuild(told)
    return Result(
        name="web",
        figures={"issues": size, "filled_seconds": filled, "board": looks, **pages}
        | {"under_full_intake": behind, "intake": taken, "rebuild": anew},
        ratios={"p95_of_50_ms": {name: ratio(found["p95_ms"], 50) for name, found in (looks | pages["pages"]).items()}},
        machine=machine.describe(ground),
    )


def measure_looks(filling: Filling, times: int) -> dict[str, Any]:
    """Each look so often, at another thing each time."""
    board, draw, units = Board(engine_for("board")), Random(SEED), filling.units
    looks: dict[str, Callable[[], object]] = {
        "front": board.front,
        "issue": lambda: board.issue(filling.issue_id(draw.randrange(filling.size))),
        "issues": board.issues,
        "issues_of_a_unit": lambda: board.issues(IssueFilter(unit=draw.choice(units))),
        "issues_due_in_a_unit": lambda: board.issues(IssueFilter(unit=draw.choice(units), by_due=True)),
        "second_page": lambda: board.issues(cursor=board.issues().next_cursor),
        "search_two_characters": lambda: board.search(draw.choice(filling.words)[:2]),
        "search_words": lambda: board.search(draw.choice(filling.words)),
        "wall": board.wall,
        "wall_of_a_unit": lambda: board.wall(draw.choice(units)),
    }
    return {name: spent(look, times) for name, look in looks.items()}


def spent(look: Callable[[], object], times: int) -> dict[str, float]:
    look()
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        look()
        seconds.append(time.perf_counter() - began)
    return {f"p{part}_ms": percentile(seconds, part) for part in (50, 95, 99)}


def measure_intake(issues: int) -> dict[str, Any]:
    """As the inbox hands events over, read from their messages; without the broker."""
    moments = Moments()
    handlers = handlers_of(BoardService)
    handling = EventHandling("board", begin, BoardService, handlers, moments)
    deliveries = [delivered(number, event) for number, event in enumerate(stories(issues, "LIVE"))]
    began = time.perf_counter()
    for some in batches(deliveries):
        handling.handle([read(one, set(handlers)) for one in some])
    seconds = time.perf_counter() - began
    return {"events": len(deliveries), "events_per_second": round(len(deliveries) / seconds)}


def measure_rebuild(issues: int) -> dict[str, Any]:
    """From the outboxes of the services, into the generation that does not serve."""
    sources = {name: engine_for(name) for name in ("intake", "dispatch", "supervision", "evaluation")}
    now = datetime.now(UTC) - timedelta(days=1)
    by_service: dict[str, list[Event]] = {name: [] for name in sources}
    for event in stories(issues, "ANEW"):
        by_service[event.publisher].append(event)
    for name, events in by_service.items():
        for some in batches(events):
            with transaction(sources[name], Store) as work:
                for event in some:
                    work.outbox.add(event, at=now)
    number = sum(1 for engine in sources.values() for _ in events_of(engine))
    began = time.perf_counter()
    made = Rebuild(engine_for("board"), sources).run()
    seconds = time.perf_counter() - began
    return {"events": number, "taken": made.events, "events_per_second": round(made.events / seconds)}


def handlers_of(service: type) -> dict[str, Any]:
    """The methods of a service by the wire types that they hear of."""
    methods = [one for one in vars(service).values() if hasattr(one, "nameko_entrypoints")]
    entries = [(method, entry) for method in methods for entry in method.nameko_entrypoints]
    return {entry.contract.wire_type: method for method, entry in entries if hasattr(entry, "contract")}


def begin(*, reads: bool = False, cause: Any = None) -> Any:
    return transaction(engine_for("board"), BoardStore, cause=cause)


def delivered(number: int, event: Event) -> Delivery:
    name, at = f"bench-{number}", datetime.now(UTC)
    envelope = Envelope(
        id=name, type=event.wire_type, source=event.publisher, subject=event.subject, time=at, content=event.to_wire()
    )
    return Delivery(1, number, encode(envelope), CONTENT_TYPE, name, event.wire_type, {})


def batches(some: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(some), AT_ONCE):
        yield some[start : start + AT_ONCE]
