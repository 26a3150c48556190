"""Whose matter an order is, and for how many people it speaks."""

from datetime import timedelta

import pytest

from services.intake.domain.caller import known_by
from services.intake.domain.complaint import people_in
from services.intake.domain.errors import NotSigned
from services.intake.schemas.requests import VerifySignatures
from services.intake.service import IntakeService
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases import petitions
from shared.auth import Role
from shared.contracts.hotline import CallerPart
from shared.contracts.intake import IssueListedV1, SignaturesVerifiedV1
from shared.contracts.vocabulary import ListingReason
from tests.fakes import a_moment, a_work_of
from tests.harness import Bus
from tests.intake.builders import CLERK, COMMUNITY, NOW, an_order, take_in, told
from tests.told import tell_streets

DAUGHTER = {"ref": "HL-1", "phone": "13900001111"}
FOR_MOTHER = {**DAUGHTER, "relation": "女儿", "concerned_name": "李桂兰"}


@pytest.fixture
def work() -> IntakeStore:
    return a_work_of(IntakeStore)


def test_a_daughter_who_calls_for_her_mother_is_not_the_one_who_calls_for_herself():
    assert known_by(CallerPart(**FOR_MOTHER)) not in ("", known_by(CallerPart(**DAUGHTER)))
    assert known_by(CallerPart(**FOR_MOTHER)) != known_by(CallerPart(**FOR_MOTHER | {"concerned_name": "王大爷"}))


def test_a_mother_is_the_same_whether_she_calls_or_her_daughter_if_the_phone_says_so():
    hers = CallerPart(phone="137 0000 2222")

    assert known_by(CallerPart(**FOR_MOTHER, concerned_phone="13700002222")) == known_by(hers)


def test_who_is_named_by_nobody_known_cannot_be_told_from_others():
    assert known_by(CallerPart(relation="邻居", concerned_name="李桂兰")) == ""
    assert known_by(CallerPart(**FOR_MOTHER | {"concerned_name": "不详"})) == ""


def test_what_a_mother_says_after_her_daughter_urges_the_same_order(work):
    hers = {"phone": "13700002222"}
    take_in(work, an_order("A1", caller=CallerPart(**FOR_MOTHER, concerned_phone="13700002222")))
    take_in(work, an_order("A2", caller=CallerPart(**hers)), an_order("A3", caller=CallerPart(**DAUGHTER)))

    assert work.complaints.get("A2").first_order_no == "A1"
    assert work.complaints.get("A3").first_order_no == ""
    assert people_in(work.complaints.of(issue_id="I-A1")) == 2


def test_a_petition_of_a_hundred_and_twenty_is_a_group_by_itself_and_counts_as_so_many(work):
    take_in(work, an_order("A1", signatures=120))
    take_in(work, an_order("A2"))

    (listed,) = [one for one in work.outbox.events if isinstance(one, IssueListedV1)]
    assert (listed.issue_id, listed.reason) == ("I-A1", ListingReason.GROUP)
    assert people_in(work.complaints.linked_to("I-A1")) == 121


def test_few_signatures_are_no_group_and_more_callers_make_one_with_them(work):
    take_in(work, an_order("A1", signatures=3))
    assert "issue_listed" not in told(work)
    take_in(work, an_order("A2"), an_order("A3"))

    assert "issue_listed" in told(work)


def test_who_signed_without_a_caller_that_is_known_counts_too(work):
    take_in(work, an_order("A1", caller="匿名", signatures=5))

    assert "issue_listed" in told(work)


def verify(work: IntakeStore, verified: int, order_no: str = "A1"):
    asked = {"order_no": order_no, "verified": verified, "reason": "逐户电话核实", "idempotency_key": "k"}
    return petitions.verify_signatures(work, VerifySignatures(**asked), a_moment(NOW, asked_by=CLERK))


def test_a_clerk_says_how_many_are_real_on_record_and_from_then_on_it_speaks_for_so_many(work):
    take_in(work, an_order("A1", signatures=4))

    reply = verify(work, 2)

    assert (reply.signatures, reply.verified_signatures) == (4, 2)
    assert [(one.kind, one.before, one.after) for one in reply.history] == [
        ("verified", {"people": "4"}, {"people": "2"})
    ]
    take_in(work, an_order("A2"), an_order("A3"))
    assert "issue_listed" not in told(work)
    verify(work, 4)
    assert "issue_listed" in told(work)


def test_what_a_clerk_counted_is_told(work):
    take_in(work, an_order("A1", signatures=4))
    verify(work, 2)

    (counted,) = [one for one in work.outbox.events if isinstance(one, SignaturesVerifiedV1)]
    assert (counted.issue_id, counted.speaks_for, counted.verified_by) == ("I-A1", 2, CLERK.subject)


def test_a_petition_waits_for_a_clerk_until_who_signed_it_is_counted(engine):
    tell_streets(engine)
    bus = Bus(engine, IntakeService, NOW)
    bus.hear(an_order("A1", signatures=3), an_order("A2", category="noise"))
    (wait,) = waits_of(bus)
    due_at = an_order("A1").filed_at + timedelta(hours=48)
    assert (wait["about"], wait["calls"], wait["due_at"]) == ("A1", ["intake.verify_signatures"], due_at.isoformat())

    asked = {"order_no": "A1", "verified": 2, "reason": "逐户电话核实", "idempotency_key": "k"}
    bus.ask("verify_signatures", asked, Role.CLERK, COMMUNITY)
    assert waits_of(bus) == []


def waits_of(bus: Bus):
    return bus.ask("list_my_work", {}, Role.CLERK, COMMUNITY)["waits"]


def test_a_mark_tells_who_speaks_within_one_issue_and_not_in_two(work):
    take_in(
        work, *(an_order(order_no, caller=who) for order_no, who in (("A1", "HL-1"), ("A2", "HL-2"), ("A3", "匿名")))
    )
    daughter, other, nobody = map(work.complaints.get, ("A1", "A2", "A3"))

    assert daughter.voice_in("I-1") == daughter.voice_in("I-1") != other.voice_in("I-1")
    assert daughter.voice_in("I-1") != daughter.voice_in("I-2")
    assert daughter.caller_ref not in daughter.voice_in("I-1")
    assert nobody.voice_in("I-1") == ""


def test_what_nobody_signed_is_not_verified(work):
    take_in(work, an_order("A1"))
    with pytest.raises(NotSigned, match="claims no signatures"):
        verify(work, 2)


def test_a_callback_agent_reads_who_called_for_whom(engine):
    tell_streets(engine)
    bus = Bus(engine, IntakeService, NOW)
    bus.hear(an_order("A1", caller=CallerPart(**FOR_MOTHER, name="李梅", concerned_phone="13700002222"), signatures=3))

    read = bus.ask(
        "read_order", {"order_no": "A1", "reason": "call_back", "idempotency_key": "k"}, Role.CALLBACK_AGENT, COMMUNITY
    )

    assert [read[name] for name in ("caller_name", "relation", "concerned_name", "concerned_phone", "signatures")] == [
        "李梅",
        "女儿",
        "李桂兰",
        "13700002222",
        3,
    ]
