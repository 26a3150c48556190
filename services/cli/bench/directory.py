"""`bench directory`: a book of deputies, imported at one and at ten times its size until all copies have heard it.

And what a look-up as of an instant costs at both; and the full exercise, made and heard, unless the books are tiny.
"""

import csv
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from services import ANSWERING
from services.cli.bench import machine
from services.cli.bench.calls import percentile
from services.cli.bench.ground import Ground
from services.cli.bench.result import Result, ratio
from services.cli.bench.watching import Watch, has_heard_all, wait_while_moving
from services.cli.book import importing
from services.cli.servers.unavailable import NodeUnavailable
from services.cli.suite.filling import make_exercise
from shared.contracts.directory import HallPart, StaffPart
from shared.contracts.flow import LISTENERS
from shared.contracts.vocabulary import DeputyCategory
from shared.directory.copy import DirectoryCopy
from shared.settings import settings
from shared.storage.engine import READS, engine_for
from shared.units import Tier, UnitDirectory

SIZE = 500
FULL_FROM = 100
"""Whoever asks for smaller books only wants to see that it runs."""
TIMES = (1, 10)
LOOKUPS = 300
LOOK_SECONDS = 0.05
SEED = 11
IN_A_COMMUNITY = 10
AGES = (timedelta(0), timedelta(days=400))


def run(ground: Ground, size: int, say: Callable[[str], None]) -> Result:
    """`size` is the number of deputies in the smaller book; each has a person and a seat."""
    ground.start(*ANSWERING)
    look_up(10)
    figures: dict[str, Any] = {}
    for times in TIMES:
        say(f"directory: a book of {size * times} deputies is imported ...")
        figures[f"{times}x"] = import_book(ground, size * times, f"B{times}") | {"lookup": look_up(LOOKUPS)}
    one, ten = figures["1x"], figures["10x"]
    ratios = {
        "import_10x_to_1x": ratio(ten["import_seconds"], one["import_seconds"]),
        "copies_10x_to_1x": ratio(ten["copies_seconds"], one["copies_seconds"]),
        "lookup_10x_to_1x": ratio(ten["lookup"]["p50_ms"], one["lookup"]["p50_ms"]),
    }
    if size >= FULL_FROM:
        say("directory: the full exercise is made ...")
        full = figures["full_exercise"] = make_full() | {"lookup": look_up(LOOKUPS)}
        ratios["lookup_full_to_1x"] = ratio(full["lookup"]["p50_ms"], one["lookup"]["p50_ms"])
    return Result(name="directory", figures=figures, ratios=ratios, machine=machine.describe(ground))


def import_book(ground: Ground, deputies: int, series: str) -> dict[str, Any]:
    folder = ground.folder / "books" / series
    write_book(folder, deputies, series)
    began = time.perf_counter()
    at = importing.now()
    plan = importing.planned(importing.book_in(folder), at)
    plan = importing.carry_out(folder, plan, at, by="bench", why="bench")
    if plan.faults:
        raise NodeUnavailable(f"The book of the benchmark has faults: {plan.faults[0]}")
    committed = time.perf_counter()
    wait_for_copies()
    return {
        "rows": 2 * deputies,
        "import_seconds": round(committed - began, 2),
        "rows_per_second": round(2 * deputies / (committed - began), 1),
        "copies_seconds": round(time.perf_counter() - committed, 2),
    }


def make_full() -> dict[str, Any]:
    began = time.perf_counter()
    changed = make_exercise(SEED, full=True).total()
    committed = time.perf_counter()
    wait_for_copies()
    return {
        "entries": changed,
        "commit_seconds": round(committed - began, 2),
        "copies_seconds": round(time.perf_counter() - committed, 2),
    }


def wait_for_copies() -> None:
    """Until every service has handled all that the directory told it."""
    waiting = list(LISTENERS)

    def all_heard() -> bool:
        waiting[:] = [service for service in waiting if not has_heard_all(service, "directory")]
        return not waiting

    wait_while_moving(all_heard, copied, "the copies of the directory", LOOK_SECONDS)


def copied() -> list[int]:
    """How far the copies have come."""
    return [Watch(service).newest() for service in LISTENERS]


def write_book(folder: Path, deputies: int, series: str) -> None:
    """Two files, as an office would keep them: people, and what they are."""
    communities = [unit.code for unit in UnitDirectory.load(settings().units_file).of_tier(Tier.COMMUNITY)]
    categories = [category.value for category in DeputyCategory]
    people: list[Sequence[str]] = [("编号", "姓名", "单位")]
    seats: list[Sequence[str]] = [("编号", "姓名", "人员编号", "单位", "身份", "类别")]
    for number in range(deputies):
        unit, name = communities[number // IN_A_COMMUNITY % len(communities)], f"代表{number}"
        people.append((f"{series}-{number}", name, unit))
        category = categories[number % len(categories)]
        seats.append((f"{series}-{number}", name, f"{series}-{number}", unit, "议事代表", category))
    folder.mkdir(parents=True, exist_ok=True)
    for title, rows in (("人员", people), ("议事代表", seats)):
        with (folder / f"{title}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)


def look_up(times: int) -> dict[str, Any]:
    """A hall by its id in the councils' copy, and somebody's posts by their login; now, and as it was."""
    with engine_for("councils").connect().execution_options(**READS) as connection:
        copy = DirectoryCopy(connection)
        halls = sorted(one.id for one in copy.list_all(HallPart))
        logins = sorted(one.login for one in copy.list_all(StaffPart))
        draw, now, spent = Random(SEED), datetime.now(UTC), []
        for number in range(times):
            at = now - AGES[number % len(AGES)]
            began = time.perf_counter()
            copy.find(HallPart, draw.choice(halls), at)
            copy.list_about(StaffPart, [draw.choice(logins)], at)
            spent.append(time.perf_counter() - began)
    return {"p50_ms": percentile(spent, 50), "p99_ms": percentile(spent, 99), "entries": len(halls) + len(logins)}
