"""Who reads an order in its own words, how much of it, and what stays of each look."""

import pytest
from sqlalchemy import text

from services.intake.domain.look import Reader, Withheld, withheld
from services.intake.service import IntakeService
from shared.auth import Role
from shared.contracts.directory import OrganisationPart, StaffPart
from shared.contracts.directory_words import OrganisationKind
from shared.contracts.hotline import CallerPart
from shared.contracts.vocabulary import RequestKind
from shared.directory.copy import DirectoryCopy
from shared.errors import BadRequest, NotAllowed
from tests.harness import Bus
from tests.intake.builders import COMMUNITY, DISTRICT, NEIGHBOUR, NOW, STREET, an_order
from tests.intake.reports import assigned
from tests.staff import employ, token_of
from tests.told import an_entry, changed, office

CALLER = CallerPart(name="王秀英", phone="13900001111", contact="晚上在家")
SAID = {"title": "王秀英家漏水", "content": "3号楼2单元2304室漏水", "caller": CALLER}
SECRET = CallerPart(name="王秀英", phone="13900001111", confidential=True)
SERVICE = office(COMMUNITY, "社区服务站")
OTHER = office(COMMUNITY, "社区居委会")


@pytest.fixture
def bus(engine):
    made = Bus(engine, IntakeService, NOW)
    made.hear(an_order("A1", **SAID))
    made.hear(assigned(organisation_id=SERVICE.id))
    return made


def read(bus, role, unit, *, order_no="A1", reason="handle", organisation=None, key="k"):
    """As a member of an organisation, or of one that nobody knows."""
    request = {"order_no": order_no, "reason": reason, "idempotency_key": key}
    if organisation is None:
        return bus.ask("read_order", request, role, unit)
    tell(bus, organisation)
    names = {"person": "P-7", "person_name": "李明", "login": "li", "roles": [role.value], "unit": unit}
    post = an_entry(StaffPart, f"{organisation.id}/li", organisation=organisation.id, **names)
    employ(bus.engine, post)
    (answer,) = bus.ask_by(token_of(post), [("read_order", request)])
    if isinstance(answer, Exception):
        raise answer
    return answer


def tell(bus, organisation):
    with bus.engine.begin() as connection:
        DirectoryCopy(connection).learn(changed(organisation))


def looks(bus, order_no="A1"):
    return bus.ask("list_looks", {"order_no": order_no}, Role.SUPERVISOR, DISTRICT)["looks"]


def test_who_has_the_task_reads_what_was_said_where_and_how_to_reach_the_caller(bus):
    reply = read(bus, Role.HANDLER, COMMUNITY, organisation=SERVICE)

    assert (reply["title"], reply["content"]) == (SAID["title"], SAID["content"])
    assert (reply["caller_name"], reply["caller_phone"], reply["withheld"]) == ("王秀英", "13900001111", "")


def test_each_look_is_kept_with_who_when_why_and_what(bus):
    read(bus, Role.HANDLER, COMMUNITY, organisation=SERVICE)

    (look,) = looks(bus)
    assert (look["subject"], look["organisation"], look["roles"]) == ("li", SERVICE.id, ["handler"])
    assert (look["unit_code"], look["reason"]) == (COMMUNITY, "handle")
    assert {"content", "address", "caller_phone"} <= set(look["fields"])
    assert look["looked_at"] == NOW.isoformat()


def test_another_departments_handler_is_refused_and_leaves_no_look(bus):
    with pytest.raises(NotAllowed, match=f"order A1: {OTHER.id} has and had no task of it$"):
        read(bus, Role.HANDLER, COMMUNITY, organisation=OTHER)

    assert looks(bus) == []


def test_who_had_the_task_once_may_still_read(bus):
    bus.hear(assigned(organisation_id=OTHER.id, unit_code=STREET), times=2)

    assert read(bus, Role.HANDLER, COMMUNITY, organisation=SERVICE)["content"]
    assert read(bus, Role.HANDLER, COMMUNITY, organisation=OTHER)["content"]


def test_a_clerk_reads_what_is_was_or_began_in_their_unit_and_nothing_else(bus):
    assert read(bus, Role.CLERK, COMMUNITY, reason="sort")["content"]
    assert read(bus, Role.CLERK, STREET, reason="sort")["content"]
    with pytest.raises(NotAllowed, match=f"it neither is nor was in {NEIGHBOUR}$"):
        read(bus, Role.CLERK, NEIGHBOUR, reason="sort")


def test_whoever_reads_an_order_sees_by_which_channel_it_came(bus):
    bus.hear(an_order("V1", **SAID, category="gas", channel="visit"))

    about = {"order_no": "V1"}
    replies = [read(bus, Role.CLERK, COMMUNITY, reason=reason, key=reason, **about) for reason in ("handle", "sort")]
    assert [one["channel"] for one in replies] == ["visit", "visit"]


def test_who_only_sorts_is_not_told_who_called(bus):
    reply = read(bus, Role.CLERK, COMMUNITY, reason="sort")

    assert (reply["caller_phone"], reply["withheld"]) == ("", "not_needed")
    assert "caller_phone" not in looks(bus)[0]["fields"]


def test_a_reason_that_is_somebody_elses_duty_is_refused_by_name(bus):
    with pytest.raises(BadRequest) as refusal:
        read(bus, Role.CLERK, COMMUNITY, reason="call_back")

    assert refusal.value.fields == {"reason": ["Must be one of: handle, sort."]}


@pytest.mark.parametrize(
    "more", [{"caller": SECRET}, {"request_kind": RequestKind.REPORT}], ids=["asks for secrecy", "a report"]
)
def test_secrecy_hides_the_caller_from_unit_and_desk_and_not_from_who_calls_back(bus, more):
    said = SAID | {"title": "另一件漏水的事情", "category": "gas", "channel": "王秀英来电"}
    bus.hear(an_order("S1", **(said | more)))
    bus.hear(assigned("I-S1", organisation_id=SERVICE.id))

    handler = read(bus, Role.HANDLER, COMMUNITY, order_no="S1", organisation=SERVICE)
    clerk = read(bus, Role.CLERK, COMMUNITY, order_no="S1")
    agent = read(bus, Role.CALLBACK_AGENT, DISTRICT, order_no="S1", reason="call_back")

    assert (handler["caller_name"], handler["caller_phone"], handler["withheld"]) == ("", "", "secrecy")
    assert (clerk["caller_phone"], clerk["withheld"]) == ("", "secrecy")
    assert [one["channel"] for one in (handler, clerk, agent)] == ["other", "other", "王秀英来电"]
    assert agent["caller_phone"] == "13900001111"


def test_nobody_reads_the_caller_of_a_complaint_against_their_own_organisation(bus):
    bus.hear(an_order("R1", **SAID, category="gas", respondent="社区服务站"))
    bus.hear(assigned("I-R1", organisation_id=SERVICE.id))

    reply = read(bus, Role.HANDLER, COMMUNITY, order_no="R1", organisation=SERVICE)

    assert (reply["content"], reply["caller_phone"]) == (SAID["content"], "")
    assert reply["withheld"] == "own_organisation"


def test_the_same_reading_again_gives_the_same_and_is_one_look(bus):
    first = read(bus, Role.CLERK, COMMUNITY)

    assert read(bus, Role.CLERK, COMMUNITY) == first
    assert len(looks(bus)) == 1


def test_what_was_read_is_kept_sealed_with_its_key(bus):
    read(bus, Role.CLERK, COMMUNITY)

    with bus.engine.connect() as connection:
        kept = str(connection.execute(text("SELECT reply FROM replies")).all())
    assert "王秀英" not in kept
    assert "\\u738b" not in kept
    assert "2304" not in kept


@pytest.mark.parametrize(
    ("reason", "reader", "respondent", "why"),
    [
        ("handle", Reader(["北京金田物业管理有限公司"]), "金田物业", Withheld.OWN_ORGANISATION),
        ("handle", Reader(["社区服务站"]), "姚家园社区服务站工作人员", Withheld.OWN_ORGANISATION),
        ("call_back", Reader(["社区服务站"]), "社区服务站", Withheld.OWN_ORGANISATION),
        ("handle", Reader(["某厂"]), "某厂", None),
        ("handle", Reader(["社区服务站"]), "", None),
        ("handle", Reader(["供热公司"], OrganisationKind.ENTERPRISE), "", Withheld.COMPANY),
        ("handle", Reader(["物业"], OrganisationKind.PROPERTY_COMPANY), "", Withheld.COMPANY),
        ("inquire", Reader(), "", None),
    ],
)
def test_the_caller_is_kept_from_the_respondent_and_from_companies(reason, reader, respondent, why):
    told = {"request_kind": RequestKind.COMPLAINT, "asks_for_secrecy": False}

    assert withheld(reason, reader, respondent=respondent, **told) is why


def test_the_organisations_it_needs_are_learned_from_the_directory(bus):
    bus.hear(changed(office(COMMUNITY, "楼门长工作组")))

    with bus.engine.connect() as connection:
        found = DirectoryCopy(connection).find(OrganisationPart, f"{COMMUNITY}/楼门长工作组", NOW)
    assert found is not None
