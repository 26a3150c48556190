"""Issues without any order: a deputy's matter, a plan, a demonstration project."""

import pytest

from services.intake.domain.errors import NotForThePublic, OutsideYourDesk
from services.intake.service import IntakeService
from shared.auth import Role
from shared.contracts.intake import IssueListedV1, IssueRaisedV1, IssueWithdrawnV1
from shared.contracts.vocabulary import IssueOrigin, ListingReason, Route
from shared.errors import BadRequest, Conflict, NotAllowed
from tests.databases import engine_of
from tests.harness import Bus
from tests.intake.builders import COMMUNITY, DISTRICT, NEIGHBOUR, NOW, STREET, an_order
from tests.told import tell_streets
from tests.wordings import WORDS

MATTER = {"unit_code": COMMUNITY, "origin": "deputy", "category": "parking", "wording": WORDS, "proposed_by": "D-7"}
REASON = {"reason": "同一件事", "idempotency_key": "k"}

engine = engine_of("intake", tell_streets, kinds=["sqlite"])  # test_storage has what differs


@pytest.fixture
def bus(engine):
    return Bus(engine, IntakeService, NOW)


def start(bus, unit=COMMUNITY, *, key="k", **more):
    return bus.ask("raise_issue", MATTER | {"idempotency_key": key} | more, Role.CLERK, unit, subject="zhao")


def test_a_deputys_matter_is_an_issue_without_an_order_worded_and_on_the_list_of_its_unit(bus):
    issue = start(bus)

    (raised,), (listed,) = bus.told(IssueRaisedV1), bus.told(IssueListedV1)
    assert (raised.order_no, raised.origin, raised.proposed_by) == ("", IssueOrigin.DEPUTY, "D-7")
    assert (raised.title, raised.due_at > NOW, listed.reason) == (WORDS, True, ListingReason.RAISED)
    assert (issue["order_nos"], issue["listed_unit"], issue["worded_at"]) == ([], COMMUNITY, NOW.isoformat())
    assert bus.ask("list_my_work", {}, Role.CLERK, COMMUNITY)["waits"] == []


def test_what_is_to_be_handled_at_once_is_on_no_list(bus):
    start(bus, route="handle")

    assert bus.told() == ["issue_raised.v1"]
    assert bus.told(IssueRaisedV1)[0].route is Route.HANDLE


def test_the_same_again_is_the_same_issue_also_when_the_bus_has_long_forgotten_it(bus, engine):
    first = start(bus)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM replies")

    assert start(bus) == first
    assert len(bus.told(IssueRaisedV1)) == 1
    with pytest.raises(Conflict):
        start(bus, category="noise")


def test_a_demonstration_project_takes_the_districts_consent(bus):
    with pytest.raises(OutsideYourDesk):
        start(bus, STREET, origin="demonstration")

    assert start(bus, DISTRICT, origin="demonstration")["unit_code"] == COMMUNITY


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"origin": "orders"}, BadRequest),
        ({"category": "castle"}, BadRequest),
        ({"proposed_by": ""}, BadRequest),
        ({"wording": "王女士家楼下的车位"}, NotForThePublic),
        ({"unit_code": NEIGHBOUR}, NotAllowed),
    ],
    ids=["from orders", "no category", "of nobody", "names somebody", "elsewhere"],
)
def test_what_is_raised_wrongly_is_refused_and_leaves_nothing(bus, wrong, refusal):
    with pytest.raises(refusal):
        start(bus, **wrong)

    assert bus.told() == []


def test_no_order_joins_it_by_likeness_and_a_clerks_link_can_be_undone_without_ending_it(bus):
    issue = start(bus)["issue_id"]
    bus.hear(an_order("A1", title=WORDS), an_order("A2", title=WORDS))
    order = bus.ask("get_complaint", {"order_no": "A2"}, Role.SUPERVISOR, DISTRICT)
    assert order["issue_id"] == "I-A1"

    bus.ask("link_complaint", {"order_no": "A2", "issue_id": issue} | REASON, Role.CLERK, STREET)
    bus.ask("unlink_complaint", {"order_no": "A2"} | REASON, Role.CLERK, STREET)

    after = bus.ask("get_issue", {"issue_id": issue}, Role.CLERK, STREET)
    assert (after["state"], after["order_nos"], bus.told(IssueWithdrawnV1)) == ("open", [], [])


def test_an_order_that_is_answered_leaves_it_open(bus):
    issue = start(bus)["issue_id"]
    bus.hear(an_order("A1", title=WORDS), an_order("A2", title=WORDS))
    bus.ask("link_complaint", {"order_no": "A2", "issue_id": issue} | REASON, Role.CLERK, STREET)

    answer = {"order_no": "A2", "disposition": "outside_duty", "answer": "请走市场渠道", "idempotency_key": "k"}
    bus.ask("answer_order", answer, Role.CLERK, STREET)

    assert bus.ask("get_issue", {"issue_id": issue}, Role.CLERK, STREET)["state"] == "open"
