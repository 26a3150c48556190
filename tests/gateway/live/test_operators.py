"""Whoever runs the machine sees the services stand, and mends what is stuck: before the running suite."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import MetaData, Row, select, update

from shared.auth import Role
from shared.bus.tables import bus_tables
from shared.storage.engine import engine_for, writing
from tests.gateway.in_chromium import is_plain
from tests.gateway.live.conftest import Live, Sees

COMMUNITY, TITLE = "110105015034", "单元门禁失灵"
_bus = bus_tables(MetaData())
outbox, timers = _bus.outbox, _bus.timers


@dataclass(frozen=True)
class Stuck:
    """An event of intake that the broker would not take, and a timer of supervision, as mended faults leave them."""

    issue: str
    event: str
    timer: str


@pytest.fixture(scope="module")
def stuck(live: Live) -> Stuck:
    issue, now = live.district.file(TITLE, COMMUNITY), live.district.clock.now()
    is_it = (outbox.c.subject == issue, outbox.c.routing_key == "issue_raised.v1")
    with writing(engine_for("intake")), engine_for("intake").begin() as connection:
        aside = {"sent_at": None, "set_aside_at": now, "error": "the broker refused it: too large"}
        connection.execute(update(outbox).where(*is_it).values(aside))
        position = connection.scalars(select(outbox.c.position).where(*is_it)).one()
    with writing(engine_for("supervision")), engine_for("supervision").begin() as connection:
        parked = {"parked_at": now, "attempts": 5, "error": "OSError: the disk is full"}
        connection.execute(update(timers).where(timers.c.ref == f"{issue}/tier-1").values(parked))
    return Stuck(issue, f"intake:unsent-{position}", f"supervision:clock:{issue}/tier-1")


def kept(service: str, *which: object) -> Row:
    table = outbox if service == "intake" else timers
    with engine_for(service).connect() as connection:
        return connection.execute(select(table).where(*which)).one()


def test_every_service_says_how_it_stands(live: Live, page: Page, stuck: Stuck):
    live.sign_in(page, Role.OPERATOR)

    expect(page).to_have_url(f"{live.address}/operations")
    expect(page.get_by_text("没有回应")).to_have_count(0)
    expect(page.get_by_role("row", name="督办 supervision")).to_contain_text("有卡住的")
    expect(page.get_by_role("row", name="公示栏 board")).to_contain_text("正常")
    expect(page.get_by_role("region", name="其他死信队列")).to_contain_text("neighbours.dead")


def test_an_event_that_is_tried_again_goes_out(live: Live, page: Page, stuck: Stuck):
    live.sign_in(page, Role.OPERATOR)
    page.get_by_role("link", name="所有卡住的").click()
    page.get_by_role("link", name=stuck.event).click()
    expect(page.locator("pre")).to_contain_text(stuck.issue)
    expect(page.locator("pre")).not_to_contain_text(TITLE)
    page.get_by_role("link", name="再试一次").click()
    page.get_by_role("button", name="再试一次").click()
    expect(page.get_by_text("没有卡住的")).to_be_visible()
    live.district.settle()

    sent = kept("intake", outbox.c.position == int(stuck.event.rpartition("-")[2]))
    assert sent.sent_at is not None


def test_what_is_given_up_needs_a_reason_and_keeps_it(live: Live, page: Page, stuck: Stuck):
    live.sign_in(page, Role.OPERATOR)
    page.goto(f"{live.address}/operations/stuck/{stuck.timer}")
    page.get_by_role("link", name="放弃").click()
    page.get_by_role("button", name="放弃它").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("理由").fill("演练用的单子")
    page.get_by_role("button", name="放弃它").click()

    expect(page.get_by_text("没有卡住的")).to_be_visible()
    dropped = kept("supervision", timers.c.ref == f"{stuck.issue}/tier-1")
    assert dropped.error.startswith("dropped by operator: 演练用的单子")


def test_their_pages_are_plain_to_everybody_who_can_see(stuck: Stuck, sees: Sees):
    for path in ("/operations", "/operations/stuck"):
        assert is_plain(sees(Role.OPERATOR, path))
