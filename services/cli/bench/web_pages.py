"""The other half of `bench web`: pages over HTTP, from a gateway of two workers, and in a browser.

The wall is looked at by who leads the district.
"""

import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

from services.cli.bench.board_filling import Filling
from services.cli.bench.calls import percentile
from services.cli.bench.gauges import CpuGauge
from services.cli.bench.ground import Ground
from services.cli.servers.chromium import find_or_install
from services.cli.servers.unavailable import NodeUnavailable
from services.cli.suite.databases import migrate
from services.directory.storage.repository import DirectoryStore
from services.gateway.accounts.sessions import moment
from services.gateway.storage.logins import Session, acting, mark_of
from shared.auth import Role
from shared.bus.work import reading
from shared.contracts.directory import StaffPart
from shared.storage.engine import engine_for

GATEWAY, DIRECTORY = "gateway", "directory"
SEED = 7
LINES = 8
ALONE_SECONDS, AT_ONCE_SECONDS = 4.0, 10.0
BRIEF_SECONDS = 0.5
PAINTS = 5
FIRST_PAINT = """() => new Promise((done) => {
    const tell = (list) => list.getEntriesByName("first-contentful-paint").forEach((one) => done(one.startTime));
    new PerformanceObserver(tell).observe({type: "paint", buffered: true});
})"""
SCRIPT_BYTES = """performance.getEntriesByType("resource")
    .filter((one) => one.initiatorType === "script")
    .reduce((sum, one) => sum + one.decodedBodySize, 0)"""


def measure_pages(ground: Ground, filling: Filling, *, briefly: bool, say: Callable[[str], None]) -> dict[str, Any]:
    """One look at a time, as many as there can be, and the first paint of the board."""
    migrate((GATEWAY,))
    ground.start(DIRECTORY)
    address, cookie = ground.open_pages(), leaders_cookie()
    alone, at_once = (BRIEF_SECONDS, BRIEF_SECONDS) if briefly else (ALONE_SECONDS, AT_ONCE_SECONDS)
    kinds = addresses(filling)
    say("web: pages, one after the other ...")
    pages = {name: looked_at(ground, address, paths, alone) for name, paths in kinds.items()}
    pages["wall"] = looked_at(ground, address, ["/wall"], alone, cookie)
    say("web: issues, as many as there can be ...")
    flood = {
        name: flooded(ground, address, kinds["issue"], at_once, keeps=keeps)
        for name, keeps in (("issues_at_once", False), ("issues_at_once_with_etag", True))
    }
    return {"pages": pages, **flood, "browser": painted(address)}


def addresses(filling: Filling) -> dict[str, list[str]]:
    """Of each kind of page some hundred, drawn alike in each run."""
    draw, some = Random(SEED), range(400)
    units = [draw.choice(filling.units) for _ in some]
    return {
        "board": ["/"],
        "issue": [f"/issues/{filling.issue_id(draw.randrange(filling.size))}" for _ in some],
        "issues": ["/issues"],
        "issues_of_a_unit": [f"/issues?unit={unit}" for unit in units],
        "search": [f"/search?words={quote(draw.choice(filling.words))}" for _ in some],
    }


def leaders_cookie() -> str:
    """Of a session of who leads the district, as it is when they have signed in."""
    now, secret = moment(), secrets.token_urlsafe(32)
    with reading(engine_for(DIRECTORY), DirectoryStore) as work:
        posts = work.directory.list_in(StaffPart, [work.units(now).district], now)
    leader = next(one for one in posts if one.login and Role.LEADER in one.roles)
    with acting(engine_for(GATEWAY)) as logins:
        logins.add_session(Session(mark_of(secret), leader.login, leader.organisation, leader.unit, now, now, None))
    return f"session={secret}"


def looked_at(ground: Ground, address: str, paths: Sequence[str], seconds: float, cookie: str = "") -> dict[str, Any]:
    """By one who waits for each answer, signed in by the cookie. Each worker's first is not counted."""
    found = loaded(ground, address=address, paths=paths, lines=1, seconds=seconds, keeps=False, cookie=cookie)
    spent = found["spent"][2:]
    return {f"p{part}_ms": percentile(spent, part) for part in (50, 95, 99)} | {"kilobytes": kilobytes(found)}


def flooded(ground: Ground, address: str, paths: Sequence[str], seconds: float, *, keeps: bool) -> dict[str, Any]:
    """By several at once; what the workers, the database and those who look spent on the processors is said."""
    servers = {"gateway": ground.pids[GATEWAY], "postgresql": ground.postgres_pid}
    gauge = CpuGauge({}, servers)
    found = loaded(ground, address=address, paths=paths, lines=LINES, seconds=seconds, keeps=keeps, cookie="")
    looks = len(found["spent"])
    spent = gauge.take() | {"who_looks": found["cpu_seconds"]}
    return {
        "pages_per_second": round(looks / found["seconds"]),
        "p95_ms": percentile(found["spent"], 95),
        "kilobytes": kilobytes(found),
        "cpu_ms_a_page": {name: round(seconds * 1000 / looks, 2) for name, seconds in spent.items()},
    }


def loaded(ground: Ground, **given: Any) -> dict[str, Any]:
    found = ground.run_program("services.cli.bench.web_load", **given)
    if found["trouble"]:
        raise NodeUnavailable(f"web: {found['trouble']}")
    return found


def kilobytes(found: dict[str, Any]) -> float:
    """Of the page alone, as it goes over the line."""
    return round(float(found["bytes"]) / len(found["spent"]) / 1024, 1)


def painted(address: str) -> dict[str, Any]:
    """The board in Chromium, in a thread of its own: Playwright has one loop in each, and a caller may have its own."""
    try:
        program = find_or_install()
    except NodeUnavailable as trouble:
        return {"not_measured": str(trouble).partition("\n")[0]}
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_painted, program, address).result()


def _painted(program: Path, address: str) -> dict[str, Any]:
    """Each time in a context of its own: nothing of it is in any cache."""
    from playwright.sync_api import sync_playwright

    paints = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        for _ in range(PAINTS):
            page = browser.new_context().new_page()
            page.goto(address)
            paints.append(float(page.evaluate(FIRST_PAINT)) / 1000)
            scripts = float(page.evaluate(SCRIPT_BYTES))
            page.context.close()
        browser.close()
    return {"first_paint_ms": percentile(paints, 50), "scripts_kilobytes": round(scripts / 1024, 1)}
