"""The orders a unit has in hand, and the catalogue: what a clerk looks up, without anything that was said."""

from datetime import timedelta

import pytest

from services.intake.service import IntakeService
from shared.auth import Role
from shared.errors import BadRequest, NotAllowed
from tests.harness import Bus
from tests.intake.builders import COMMUNITY, NEIGHBOUR, NOW, STREET, an_order

DAY = timedelta(days=1)
OTHER = {"title": "楼下饭店油烟熏人", "content": "厨房油烟直排到居民家里。"}


@pytest.fixture
def bus(engine):
    bus = Bus(engine, IntakeService, NOW)
    soon = {"due_at": NOW + DAY, "dispatched_at": NOW}
    bus.hear(an_order("A1", caller="wang"), an_order("A2", caller="li", **OTHER, **soon), an_order("A3", caller="wang"))
    bus.hear(an_order("B1", units=[NEIGHBOUR], caller="zhang"))
    return bus


def listed(bus, unit=STREET, **more):
    return bus.ask("list_orders", {"unit_code": unit} | more, Role.CLERK, unit)["orders"]


def test_a_street_sees_what_its_communities_have_in_hand_the_soonest_due_first_and_no_word_of_it(bus):
    orders = listed(bus)

    assert [one["order_no"] for one in orders] == ["A2", "A1", "B1"]
    assert [one["unit_code"] for one in orders] == [COMMUNITY, COMMUNITY, NEIGHBOUR]
    assert "油烟直排" not in str(orders)


def test_by_state_and_by_limit(bus):
    assert [one["order_no"] for one in listed(bus, COMMUNITY)] == ["A2", "A1"]
    assert [one["order_no"] for one in listed(bus, due_before=(NOW + 2 * DAY).isoformat())] == ["A2"]
    assert listed(bus, state="replied") == []
    assert len(listed(bus, most=1)) == 1
    with pytest.raises(BadRequest, match="state"):
        listed(bus, state="lost")


def test_it_is_a_clerks_in_their_unit(bus):
    with pytest.raises(NotAllowed):
        bus.ask("list_orders", {"unit_code": STREET}, Role.CLERK, COMMUNITY)
    with pytest.raises(NotAllowed):
        bus.ask("list_orders", {"unit_code": STREET}, Role.HANDLER, STREET)


def test_the_catalogue_names_every_category_with_its_class(bus):
    known = {one["code"]: one for one in bus.ask("list_categories", {}, Role.PUBLIC)["categories"]}

    assert known["parking"]["name"]
    assert {one["sla_class"] for one in known.values()} <= {"emergency", "utilities", "general", "complex"}
