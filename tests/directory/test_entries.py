"""One entry at a time, as a clerk does it: entered, changed, ended, proposed and decided."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from services.directory.domain.errors import BadFacts, EntryEnded, EntryExists, UnknownEntry, UnknownKind
from services.directory.domain.natural import natural_id
from shared.auth import Role
from shared.contracts.directory import HallPart, HallsChangedV1, PlacesChangedV1, UnitsChangedV1
from shared.contracts.directory_words import Origin
from shared.errors import BadRequest, NotAllowed
from shared.requests.request import AlreadyDecided, OwnRequest
from tests.directory.builders import (
    COMMUNITY,
    DAY,
    DISTRICT,
    MONDAY,
    OTHER,
    STREET,
    community,
    deciding,
    ending,
    entering,
    hall,
)
from tests.harness import Bus
from tests.told import an_entry, tell


def enter_hall(bus: Bus, **more):
    return bus.ask("propose_entry", entering("hall", "H1", hall(), **more), Role.CLERK, COMMUNITY)["change"]


def hall_at(bus: Bus, at):
    asked = {"kind": "hall", "entry_id": "H1", "at": at.isoformat()}
    return bus.ask("get_entry", asked, Role.PUBLIC)["entry"]["facts"]["name"]


def test_a_clerk_enters_a_hall_and_everybody_is_told(bus):
    change = enter_hall(bus)

    assert (change["state"], change["asked_by"], change["unit_code"]) == ("done", "clerk-1", COMMUNITY)
    (told,) = bus.told(HallsChangedV1)
    assert [(one.id, one.name, one.revision, one.valid_from) for one in told.entries] == [
        ("H1", "第三社区议事厅", 1, MONDAY)
    ]


def test_without_an_instant_what_is_to_hold_is_read_before_it_begins_and_what_held_when_it_has_ended(bus):
    read = {"kind": "hall", "entry_id": "H1"}
    enter_hall(bus, valid_from=(MONDAY + 30 * DAY).isoformat(), valid_to=(MONDAY + 60 * DAY).isoformat())

    for day, holds in ((0, False), (30, True), (60, False)):
        bus.move(MONDAY + day * DAY)
        assert bus.ask("get_entry", read, Role.PUBLIC)["entry"]["facts"]["name"] == "第三社区议事厅"
        if not holds:
            with pytest.raises(EntryEnded):
                hall_at(bus, MONDAY + day * DAY)


def test_of_what_has_held_more_than_once_what_held_last_is_read_when_all_has_ended(bus):
    enter_hall(bus, valid_to=(MONDAY + 10 * DAY).isoformat())
    again = hall(name="重开的议事厅"), {"valid_from": (MONDAY + 20 * DAY).isoformat()}
    later = entering("hall", "H1", again[0], **again[1], valid_to=(MONDAY + 30 * DAY).isoformat())
    bus.ask("propose_entry", later, Role.CLERK, COMMUNITY)

    for day, name in ((5, "第三社区议事厅"), (15, "重开的议事厅"), (40, "重开的议事厅")):
        bus.move(MONDAY + day * DAY)
        read = bus.ask("get_entry", {"kind": "hall", "entry_id": "H1"}, Role.PUBLIC)
        assert read["entry"]["facts"]["name"] == name


def test_what_held_before_a_change_can_be_asked_as_of_then(bus):
    enter_hall(bus)
    renamed = entering("hall", "H1", hall(name="百姓议事厅"), valid_from=(MONDAY + 30 * DAY).isoformat())
    bus.ask("change_entry", renamed, Role.CLERK, COMMUNITY)

    assert hall_at(bus, MONDAY + 29 * DAY) == "第三社区议事厅"
    assert hall_at(bus, MONDAY + 30 * DAY) == "百姓议事厅"
    told = bus.told(HallsChangedV1)[-1]
    assert [(one.name, one.revision) for one in told.entries] == [("第三社区议事厅", 2), ("百姓议事厅", 2)]


def test_what_ended_holds_until_then_and_not_at_that_instant(bus):
    enter_hall(bus)
    ends_at = MONDAY + 10 * DAY
    bus.ask("end_entry", ending("hall", "H1", valid_to=ends_at.isoformat()), Role.CLERK, COMMUNITY)

    assert hall_at(bus, ends_at - timedelta(seconds=1)) == "第三社区议事厅"
    with pytest.raises(EntryEnded):
        hall_at(bus, ends_at)


def test_what_was_entered_by_mistake_never_held_and_everybody_is_told(bus):
    enter_hall(bus)
    bus.ask("end_entry", ending("hall", "H1"), Role.CLERK, COMMUNITY)

    with pytest.raises(EntryEnded):
        hall_at(bus, MONDAY)
    (period,) = bus.told(HallsChangedV1)[-1].entries
    assert (period.valid_from, period.valid_to, period.revision) == (MONDAY, MONDAY, 2)


def test_who_may_not_end_it_does_not_learn_whether_it_holds(bus):
    enter_hall(bus)
    bus.ask("end_entry", ending("hall", "H1"), Role.CLERK, COMMUNITY)

    with pytest.raises(NotAllowed):
        bus.ask("end_entry", ending("hall", "H1"), Role.CLERK, f"{COMMUNITY}003")
    with pytest.raises(EntryEnded):
        bus.ask("end_entry", ending("hall", "H1"), Role.CLERK, COMMUNITY)


def test_what_holds_is_not_entered_twice(bus):
    enter_hall(bus)

    with pytest.raises(EntryExists):
        enter_hall(bus)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (hall(kind="palace"), "kind"),
        (hall(capacity="many"), "capacity"),
        (hall(colour="red"), "colour"),
        (hall(unit="110105999001"), "unit"),
        ({"name": "议事厅"}, "address"),
    ],
)
def test_a_faulty_field_is_named_and_nothing_is_entered(bus, facts, field):
    with pytest.raises(BadFacts) as refused:
        bus.ask("propose_entry", entering("hall", "H1", facts), Role.CLERK, DISTRICT)

    assert field in refused.value.fields
    assert bus.told() == []


def test_an_unknown_kind_is_told_which_there_are(bus):
    with pytest.raises(UnknownKind) as refused:
        bus.ask("get_entry", {"kind": "castle", "entry_id": "1"}, Role.PUBLIC)

    assert "hall" in refused.value.fields["kind"][0]


def test_a_clerk_enters_nothing_in_anothers_unit(bus):
    with pytest.raises(NotAllowed):
        bus.ask("propose_entry", entering("hall", "H1", hall()), Role.CLERK, OTHER)


def propose_community(bus: Bus):
    asked = entering("unit", STREET + "099", community())
    return bus.ask("propose_entry", asked, Role.LEADER, STREET, subject="street-leader")["change"]


def test_a_community_is_proposed_by_the_street_and_holds_when_the_district_agrees(bus):
    change = propose_community(bus)
    assert (change["state"], bus.told()) == ("proposed", [])

    decided = bus.ask("decide_change", deciding(change["change_id"], approve=True), Role.LEADER, DISTRICT)

    assert decided["change"]["state"] == "done"
    (told,) = bus.told(UnitsChangedV1)
    assert [(one.id, one.parent) for one in told.entries] == [(STREET + "099", STREET)]


def test_nobody_decides_what_they_asked_for_nor_from_below_nor_twice(bus):
    change_id = propose_community(bus)["change_id"]

    with pytest.raises(OwnRequest):
        bus.ask("decide_change", deciding(change_id, approve=True), Role.LEADER, DISTRICT, subject="street-leader")
    with pytest.raises(NotAllowed):
        bus.ask("decide_change", deciding(change_id, approve=True), Role.LEADER, STREET)
    bus.ask("decide_change", deciding(change_id, approve=False), Role.LEADER, DISTRICT)
    with pytest.raises(AlreadyDecided):
        bus.ask("decide_change", deciding(change_id, approve=True), Role.LEADER, DISTRICT)


def test_what_was_proposed_waits_for_the_district_alone_until_its_time_is_over_and_then_all_stays_as_it_was(bus):
    change = propose_community(bus)
    waits = partial(bus.ask, "list_my_work", {}, Role.LEADER)

    (wait,) = waits(DISTRICT)["waits"]
    assert (wait["about"], wait["due_at"]) == (change["change_id"], change["decide_by"])
    assert waits(STREET)["waits"] == waits(DISTRICT, subject="street-leader")["waits"] == []
    bus.move(datetime.fromisoformat(change["decide_by"]))
    assert waits(DISTRICT)["waits"] == []
    (line,) = bus.ask("list_changes", {"entry_id": STREET + "099"}, Role.LEADER, STREET)["changes"]
    assert (line["state"], line["decided_by"], line["reason"]) == ("rejected", "directory", "逾期无人批复")
    with pytest.raises(UnknownEntry):
        bus.ask("get_entry", {"kind": "unit", "entry_id": STREET + "099"}, Role.CLERK, DISTRICT)
    assert propose_community(bus)["state"] == "proposed"


def test_what_was_decided_in_time_no_clock_decides_again(bus):
    change = propose_community(bus)
    bus.ask("decide_change", deciding(change["change_id"], approve=True), Role.LEADER, DISTRICT)

    assert bus.move(datetime.fromisoformat(change["decide_by"])) == 0


def test_the_journal_shows_who_wanted_what_and_why(bus):
    enter_hall(bus)

    asked = {"unit_code": COMMUNITY}
    (line,) = bus.ask("list_changes", asked, Role.CLERK, STREET)["changes"]
    assert (line["action"], line["why"], line["asked_by"]) == ("enter", "社区换了议事厅", "clerk-1")


def test_a_list_is_of_a_unit_and_all_inside_it_page_by_page(bus):
    for number in range(3):
        asked = entering("hall", f"H{number}", hall(name=f"第{number}议事厅"))
        bus.ask("propose_entry", asked, Role.CLERK, COMMUNITY)

    first = bus.ask("list_entries", {"kind": "hall", "unit_code": STREET, "most": 2}, Role.PUBLIC)
    rest = bus.ask("list_entries", {"kind": "hall", "unit_code": STREET, "after": first["next_after"]}, Role.PUBLIC)

    assert [one["entry_id"] for one in first["entries"] + rest["entries"]] == ["H0", "H1", "H2"]
    assert bus.ask("list_entries", {"kind": "hall", "unit_code": OTHER}, Role.PUBLIC)["entries"] == []


def test_what_is_entered_without_an_id_has_the_one_that_a_book_would_give_it(bus):
    entered = bus.ask("propose_entry", entering("hall", "", hall()), Role.CLERK, COMMUNITY)

    assert entered["change"]["entry_id"] == natural_id("hall", hall())
    with pytest.raises(EntryExists, match="holds already"):
        bus.ask("propose_entry", entering("hall", "", hall()) | {"idempotency_key": "again"}, Role.CLERK, COMMUNITY)
    with pytest.raises(BadRequest) as refused:
        bus.ask("propose_entry", entering("unit", "", {"name": "新社区", "kind": "community"}), Role.CLERK, STREET)
    assert list(refused.value.fields) == ["entry_id"]


@pytest.mark.parametrize(("unit", "ids"), [(STREET, []), (COMMUNITY, ["H1"])])
def test_of_a_unit_alone_what_lies_inside_it_is_left_out(bus, unit, ids):
    enter_hall(bus)
    found = bus.ask("list_entries", {"kind": "hall", "unit_code": unit, "alone": True}, Role.PUBLIC)

    assert [one["entry_id"] for one in found["entries"]] == ids


def test_a_phone_lies_sealed_and_is_told_to_nobody(bus):
    person = {"name": "王芳", "unit": COMMUNITY, "phone": "13800000000"}
    bus.ask("propose_entry", entering("person", "P1", person), Role.CLERK, COMMUNITY)

    with bus.engine.connect() as connection:
        tables = ("directory_periods", "changes", "outbox", "replies")
        kept = "".join(str(connection.exec_driver_sql(f"SELECT * FROM {table}").all()) for table in tables)
    assert "13800000000" not in kept
    assert bus.told() == []
    read = bus.ask("get_entry", {"kind": "person", "entry_id": "P1"}, Role.CLERK, COMMUNITY)
    assert read["entry"]["facts"] == {"name": "王芳", "unit": COMMUNITY}
    with pytest.raises(NotAllowed):
        bus.ask("get_entry", {"kind": "person", "entry_id": "P1"}, Role.PUBLIC)


def test_entering_a_hall_ends_one_made_for_exercises_and_both_are_told(bus):
    tell(bus.engine, an_entry(HallPart, "X1", **hall(origin=Origin.EXERCISE)))

    enter_hall(bus)

    (told,) = bus.told(HallsChangedV1)
    assert [(one.id, one.valid_to) for one in told.entries] == [("H1", None), ("X1", MONDAY)]


def test_a_place_is_told_as_of_the_street_in_which_it_lies(bus):
    compound = {"name": "劲松三区", "kind": "compound", "units": [COMMUNITY]}
    bus.ask("propose_entry", entering("place", "P1", compound), Role.CLERK, COMMUNITY)

    assert [one.unit_code for one in bus.told(PlacesChangedV1)] == [STREET]


def test_somebodys_posts_are_told_by_their_login_and_nobodys_by_another(bus):
    bus.ask("list_changes", {"unit_code": STREET}, Role.LEADER, STREET, subject="li.na")
    told = bus.ask("list_posts", {"login": "li.na"}, Role.PUBLIC)["posts"]

    assert [(post["unit"], post["roles"]) for post in told] == [(STREET, ["leader"])]
    assert bus.ask("list_posts", {"login": "nobody"}, Role.PUBLIC) == {"posts": []}
