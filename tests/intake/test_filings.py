"""Ways in besides the hotline, and following an order by its check code."""

from datetime import timedelta

import pytest

from services.intake.domain.errors import WrongCheckCode
from services.intake.service import IntakeService
from services.intake.storage.seal import seal_in
from shared.auth import Role
from shared.contracts.intake import ComplaintAcceptedV1, ComplaintLinkedV1, IssueListedV1, IssueRaisedV1
from shared.contracts.vocabulary import ListingReason, RequestKind
from shared.errors import BadRequest, Conflict
from tests.databases import engine_of
from tests.harness import Bus
from tests.intake.builders import COMMUNITY, CONTENT, DISTRICT, NOW, STREET, TITLE, an_order
from tests.intake.reports import closed
from tests.told import tell_streets
from tests.wordings import WORDS

SAID = {"title": TITLE, "content": CONTENT, "caller_name": "王秀英", "caller_phone": "13912345678"}
DAY = timedelta(days=1)

engine = engine_of("intake", tell_streets, kinds=["sqlite"])  # test_storage has what differs


@pytest.fixture
def bus(engine):
    return Bus(engine, IntakeService, NOW)


def file(bus, role=Role.CLERK, unit=COMMUNITY, *, key="k", method="file_order", subject="zhao", **more):
    return bus.ask(method, SAID | {"idempotency_key": key} | more, role, unit, subject=subject)


def follow(bus, order_no, code, role=Role.PUBLIC):
    return bus.ask("read_by_check_code", {"order_no": order_no, "check_code": code}, role)


def test_what_is_said_at_a_desk_goes_the_same_way_as_an_order_of_the_hotline(bus):
    filed = file(bus)

    assert (filed["state"], filed["unit_code"], filed["category"]) == ("linked", COMMUNITY, "parking")
    assert filed["due_at"] == (NOW + 7 * DAY).isoformat()
    assert bus.told() == ["complaint_accepted.v1", "issue_raised.v1", "complaint_linked.v1"]
    assert bus.told(ComplaintLinkedV1)[0].channel == "visit"


def test_the_limit_of_a_letter_counts_from_its_arrival(bus):
    file(bus, channel="letter", said_at=(NOW - 5 * DAY).isoformat())

    assert bus.told(ComplaintAcceptedV1)[0].dispatched_at == NOW


@pytest.mark.parametrize("role", [Role.CLERK, Role.RESIDENT])
def test_the_same_filing_again_is_the_same_order_also_when_the_bus_has_long_forgotten_it(bus, engine, role):
    first = file(bus, role)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM replies")
    bus.clock.instant = NOW + 40 * DAY

    assert file(bus, role) == first
    assert len(bus.told(ComplaintAcceptedV1)) == 1
    with pytest.raises(Conflict):
        file(bus, role, content="别的事情", key="k")


def test_two_people_may_use_the_same_key(bus):
    assert file(bus)["order_no"] != file(bus, subject="qian")["order_no"]


def test_a_resident_files_online_whatever_they_say_and_repeats_only_what_is_their_own(bus):
    mine = file(bus, Role.RESIDENT, None, subject="r-1", channel="visit", unit_codes=[COMMUNITY])
    again = file(bus, Role.RESIDENT, None, subject="r-1", key="k2", unit_codes=[COMMUNITY])
    other = file(bus, Role.RESIDENT, None, subject="r-2", unit_codes=[COMMUNITY])

    assert [one["state"] for one in (mine, again, other)] == ["linked", "urged", "linked"]
    assert mine["order_no"].startswith("W-")
    assert {one.channel for one in bus.told(ComplaintLinkedV1)} == {"online"}


def test_a_proposal_is_on_the_list_of_its_unit_at_once(bus):
    file(bus, method="file_proposal", request_kind="idea")

    (listed,) = bus.told(IssueListedV1)
    assert (listed.unit_code, listed.reason) == (COMMUNITY, ListingReason.PROPOSAL)
    assert bus.told(IssueRaisedV1)[0].request_kind is RequestKind.IDEA


@pytest.mark.parametrize(
    ("method", "wrong"),
    [
        ("file_order", {"request_kind": "proposal"}),
        ("file_proposal", {"request_kind": "complaint"}),
        ("file_order", {"said_at": (NOW + 2 * DAY).isoformat()}),
        ("file_order", {"channel": "12345"}),
        ("file_order", {"unit_codes": ["x"]}),
        ("file_order", {"category": "卫生"}),
        ("file_order", {"content": ""}),
    ],
)
def test_what_is_filed_wrongly_is_refused_by_field_and_leaves_nothing(bus, method, wrong):
    with pytest.raises(BadRequest) as refusal:
        file(bus, method=method, **wrong)

    assert [name.partition(".")[0] for name in refusal.value.fields] == list(wrong)
    assert bus.told() == []


def test_a_place_that_nobody_can_tell_waits_for_a_clerk_like_any_other(bus):
    filed = file(bus, unit_codes=["110105999"])

    assert filed["state"] == "to_settle"
    (waiting,) = bus.ask("list_to_settle", {"unit_code": DISTRICT}, Role.CLERK, DISTRICT)["orders"]
    assert waiting["order_no"] == filed["order_no"]


def test_a_caller_follows_their_order_by_number_and_check_code_however_they_write_it(bus):
    filed = file(bus)
    code = filed["check_code"]

    assert not set("ILOU") & set(code + filed["order_no"].partition("-")[2])
    for written in (code, code.lower(), code.replace("-", " "), code.replace("0", "o").replace("1", "l")):
        told = follow(bus, filed["order_no"], written)
        assert (told["state"], told["unit_code"], told["due_at"]) == ("linked", COMMUNITY, filed["due_at"])
    bus.hear(closed(issue_id=f"I-{filed['order_no']}"))
    assert follow(bus, filed["order_no"], code)["outcome"] == "solved"


def test_a_wrong_code_and_an_unknown_number_are_told_alike(bus):
    filed = file(bus)

    refusals = set()
    for number, code in ((filed["order_no"], "AAAAA-AAAAA"), ("A9", filed["check_code"]), (filed["order_no"], "王")):
        with pytest.raises(WrongCheckCode) as refusal:
            follow(bus, number, code)
        refusals.add(str(refusal.value))
    assert len(refusals) == 1


def test_who_follows_learns_of_nobody_else_and_reads_no_own_words(bus):
    bus.hear(an_order("A1", caller="hotline-caller"))
    filed = file(bus)

    told = str(follow(bus, filed["order_no"], filed["check_code"]))

    assert not [one for one in ("A1", "zhao", "王秀英", "13912345678", CONTENT) if one in told]


def test_a_repeat_shows_what_became_of_the_first(bus):
    first = file(bus)
    again = file(bus, key="k2")
    bus.hear(closed(issue_id=f"I-{first['order_no']}"))

    told = follow(bus, again["order_no"], again["check_code"])

    assert (told["order_no"], told["first_order_no"]) == (again["order_no"], first["order_no"])
    assert (told["state"], told["outcome"]) == ("closed", "solved")


@pytest.mark.parametrize(("publicity", "is_told"), [("public", True), ("parties", True), ("closed", False)])
def test_the_parties_are_shown_the_words_of_what_is_not_closed(bus, publicity, is_told):
    filed = file(bus)
    words = {"issue_id": f"I-{filed['order_no']}", "wording": WORDS, "publicity": publicity, "idempotency_key": "w"}
    bus.ask("confirm_wording", words, Role.CLERK, STREET)

    assert (follow(bus, filed["order_no"], filed["check_code"])["title"] == WORDS) is is_told


def test_the_hotline_is_told_the_code_of_its_orders_and_nobody_else_is(bus):
    bus.hear(an_order("A1"))

    codes = {
        role: bus.ask("get_complaint", {"order_no": "A1"}, role, unit)["check_code"]
        for role, unit in ((Role.HOTLINE, None), (Role.CLERK, COMMUNITY), (Role.SUPERVISOR, DISTRICT))
    }

    assert codes == {Role.HOTLINE: seal_in().check_code("A1"), Role.CLERK: "", Role.SUPERVISOR: ""}
    assert follow(bus, "A1", codes[Role.HOTLINE], Role.RESIDENT)["state"] == "linked"
