"""Who may change which entry, for how long it reaches, and what becomes of two who change one at once."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import event

from services.directory.domain.errors import BadFacts, ChangedSince, EntryEnded, OwnPost
from services.directory.domain.kinds import ALL
from services.directory.storage.repository import DirectoryStore
from shared.auth import Role
from shared.bus.work import transaction
from shared.contracts.directory import StaffPart
from shared.contracts.directory_words import Origin
from shared.errors import NotAllowed
from shared.requests.request import OwnRequest
from tests.directory.builders import (
    COMMUNITY,
    DAY,
    DISTRICT,
    MONDAY,
    STREET,
    community,
    deciding,
    ending,
    entering,
    hall,
)
from tests.staff import a_post, a_token, employ, token_of
from tests.told import an_entry, desk_of, office, tell

ELSEWHERE = "110105018001"
COMPOUND = {"name": "劲松三区", "kind": "compound", "units": [COMMUNITY]}
WINDOW = desk_of(office(COMMUNITY, "社区居委会"), "D1")


@pytest.mark.parametrize(
    ("kind", "here", "there"),
    [("hall", hall(), hall(unit=ELSEWHERE)), ("place", COMPOUND, COMPOUND | {"units": [ELSEWHERE, COMMUNITY]})],
)
def test_nobody_takes_an_entry_of_anothers_unit_by_saying_that_it_lies_in_their_own(bus, kind, here, there):
    bus.ask("propose_entry", entering(kind, "1", here), Role.CLERK, COMMUNITY)

    with pytest.raises(NotAllowed):
        bus.ask("change_entry", entering(kind, "1", there), Role.CLERK, ELSEWHERE)
    with pytest.raises(NotAllowed):
        bus.ask("change_entry", entering(kind, "1", there), Role.CLERK, COMMUNITY)
    assert bus.ask("change_entry", entering(kind, "1", there), Role.CLERK, DISTRICT)["change"]["state"] == "done"


def test_an_entry_that_has_moved_is_its_new_units_from_then_on_and_not_before(bus):
    bus.ask("propose_entry", entering("hall", "1", hall()), Role.CLERK, COMMUNITY)
    bus.ask(
        "change_entry",
        entering("hall", "1", hall(unit=ELSEWHERE), valid_from=(MONDAY + DAY).isoformat()),
        Role.CLERK,
        DISTRICT,
    )
    renamed = hall(unit=ELSEWHERE, name="百姓议事厅")

    with pytest.raises(NotAllowed):
        bus.ask("change_entry", entering("hall", "1", renamed), Role.CLERK, ELSEWHERE)
    later = entering("hall", "1", renamed, valid_from=(MONDAY + 2 * DAY).isoformat())
    assert bus.ask("change_entry", later, Role.CLERK, ELSEWHERE)["change"]["unit_code"] == ELSEWHERE


def test_a_grid_is_put_into_no_other_community_by_its_clerk(bus):
    grid = {"name": "第9网格", "kind": "grid"}
    with pytest.raises(NotAllowed):
        bus.ask(
            "propose_entry", entering("unit", COMMUNITY + "009", grid | {"parent": ELSEWHERE}), Role.CLERK, COMMUNITY
        )

    asked = entering("unit", COMMUNITY + "009", grid | {"parent": COMMUNITY})
    assert bus.ask("propose_entry", asked, Role.CLERK, COMMUNITY)["change"]["state"] == "done"


@pytest.mark.parametrize(
    ("kind", "facts"),
    [("shift", {"desk": "D1", "person": "P1"}), ("acting", {"person": "P1", "acting": "P2", "reason": "产假"})],
)
def test_the_roster_and_the_leave_of_a_community_are_its_own_clerks(bus, kind, facts):
    tell(bus.engine, office(COMMUNITY, "社区居委会"), WINDOW)
    for person in ("P1", "P2"):
        asked = entering("person", person, {"name": person, "unit": COMMUNITY})
        bus.ask("propose_entry", asked, Role.CLERK, COMMUNITY)

    with pytest.raises(NotAllowed):
        bus.ask("propose_entry", entering(kind, "1", facts), Role.CLERK, ELSEWHERE)
    entered = bus.ask("propose_entry", entering(kind, "1", facts), Role.CLERK, COMMUNITY)["change"]
    assert entered["unit_code"] == COMMUNITY
    assert bus.ask("end_entry", ending(kind, "1"), Role.CLERK, COMMUNITY)["change"]["state"] == "done"


def test_a_shift_at_a_desk_that_is_not_known_is_told_so(bus):
    with pytest.raises(BadFacts) as refused:
        bus.ask("propose_entry", entering("shift", "1", {"desk": "D9", "person": "P1"}), Role.CLERK, COMMUNITY)

    assert refused.value.fields == {"desk": ["It names D9, which is no desk that is known."]}


def test_nobody_gives_themselves_a_post(bus):
    clerk = a_post(Role.CLERK, COMMUNITY, "li.na")
    employ(bus.engine, clerk)
    leading = {"person": "li.na", "organisation": clerk.organisation, "unit": COMMUNITY, "roles": ["leader"]}

    for login in ("li.na", "li.na.2"):
        facts = leading | {"person_name": "赵一", "login": login}
        (refusal,) = bus.ask_by(token_of(clerk), [("propose_entry", entering("staff", "S2", facts))])
        assert isinstance(refusal, OwnPost)


def test_nobody_decides_what_they_asked_for_under_another_login(bus):
    proposed = bus.ask(
        "propose_entry", entering("unit", STREET + "099", community()), Role.LEADER, STREET, subject="one"
    )
    again = an_entry(
        StaffPart,
        "S2",
        **{
            "person": "one",
            "person_name": "赵一",
            "organisation": "O",
            "unit": DISTRICT,
            "login": "two",
            "roles": ["leader"],
        },
    )
    employ(bus.engine, again)

    decision = deciding(proposed["change"]["change_id"], approve=True)
    (refusal,) = bus.ask_by(token_of(again), [("decide_change", decision)])
    assert isinstance(refusal, OwnRequest)


def test_a_proposal_undoes_nothing_that_was_changed_after_it(bus):
    renamed = entering("unit", COMMUNITY, community(name="百姓社区居委会"))
    change = bus.ask("change_entry", renamed, Role.LEADER, STREET, subject="one")["change"]
    bus.clock.instant += DAY
    counted = entering("unit", COMMUNITY, community(name="第3社区居委会", population=9000))
    bus.ask("change_entry", counted, Role.CLERK, DISTRICT)

    with pytest.raises(ChangedSince):
        bus.ask("decide_change", deciding(change["change_id"], approve=True), Role.LEADER, DISTRICT)
    rejected = bus.ask("decide_change", deciding(change["change_id"], approve=False), Role.LEADER, DISTRICT)
    assert rejected["change"]["state"] == "rejected"


@pytest.mark.parametrize("ends_after", [timedelta(0), -DAY])
@pytest.mark.parametrize("method", ["propose_entry", "change_entry"])
def test_nothing_ends_before_it_begins(bus, method, ends_after):
    if method == "change_entry":
        bus.ask("propose_entry", entering("hall", "1", hall()), Role.CLERK, COMMUNITY)
    begins, ends = MONDAY + 9 * DAY, MONDAY + 9 * DAY + ends_after
    asked = entering("hall", "1", hall(), valid_from=begins.isoformat(), valid_to=ends.isoformat())

    with pytest.raises(BadFacts) as refused:
        bus.ask(method, asked, Role.CLERK, COMMUNITY)
    assert list(refused.value.fields) == ["valid_to"]


def test_what_has_ended_is_proposed_anew_and_not_changed(bus):
    asked = entering(
        "hall", "1", hall(), valid_from=(MONDAY - 9 * DAY).isoformat(), valid_to=(MONDAY - DAY).isoformat()
    )
    bus.ask("propose_entry", asked, Role.CLERK, COMMUNITY)

    with pytest.raises(EntryEnded, match="propose it anew"):
        bus.ask("change_entry", entering("hall", "1", hall()), Role.CLERK, COMMUNITY)
    assert bus.ask("propose_entry", entering("hall", "1", hall()), Role.CLERK, COMMUNITY)["change"]["state"] == "done"


def test_what_never_held_may_begin_at_the_same_instant_after_all(bus):
    for method, asked in (
        ("propose_entry", entering("hall", "1", hall(name="错的"))),
        ("end_entry", ending("hall", "1")),
        ("propose_entry", entering("hall", "1", hall())),
    ):
        assert bus.ask(method, asked, Role.CLERK, COMMUNITY)["change"]["state"] == "done"

    found = bus.ask("get_entry", {"kind": "hall", "entry_id": "1"}, Role.PUBLIC)
    assert [one["facts"]["name"] for one in found["periods"]] == [hall()["name"]]


def test_the_journal_is_read_by_kind_alone_and_by_id_alone(bus):
    bus.ask("propose_entry", entering("hall", "1", hall()), Role.CLERK, COMMUNITY)
    bus.ask("propose_entry", entering("place", "2", COMPOUND), Role.CLERK, COMMUNITY)

    for asked in ({"kind": "place"}, {"entry_id": "2"}):
        (line,) = bus.ask("list_changes", asked, Role.CLERK, COMMUNITY)["changes"]
        assert (line["kind"], line["entry_id"]) == ("place", "2")


def test_a_call_that_comes_during_an_import_sees_what_the_import_has_changed(bus):
    bus.ask("propose_entry", entering("hall", "1", hall()), Role.CLERK, COMMUNITY)
    token = a_token(bus.engine, Role.CLERK, COMMUNITY, "clerk-1")
    later = entering("hall", "1", hall(contact="010-1"), valid_from=(MONDAY + 9 * DAY).isoformat())
    caller = threading.Thread(target=bus.ask_by, args=(token, [("change_entry", later)]))

    with transaction(bus.engine, DirectoryStore) as work:
        work.entries.lock()
        rename_tomorrow(work)
        waits = threading.Event()
        event.listen(bus.engine, "before_cursor_execute", lambda *said: said[2].startswith(WAITING) and waits.set())
        caller.start()
        waits.wait(0.3)
    caller.join(20)

    found = bus.ask("get_entry", {"kind": "hall", "entry_id": "1"}, Role.PUBLIC)
    assert [one["facts"]["name"] for one in found["periods"]] == [hall()["name"], "换了名", hall()["name"]]
    assert {one["revision"] for one in found["periods"]} == {3}


WAITING = ("LOCK", "DELETE FROM directory_periods")


def rename_tomorrow(work):
    entry = work.entries.load(ALL["hall"], ["1"])["1"]
    facts = vars(ALL["hall"].facts(**hall(name="换了名", kind="community")))
    entry.change(facts, MONDAY + DAY, None, Origin.ENTERED)
    work.entries.save([entry])
