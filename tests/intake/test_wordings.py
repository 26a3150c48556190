"""The public wording of what goes before a council: proposed with what rules find masked, confirmed by a clerk."""

from datetime import timedelta

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from services.intake.domain.errors import IssueClosed, NotForThePublic
from services.intake.service import IntakeService
from shared.auth import Role
from shared.contracts.hotline import CallerPart
from shared.contracts.intake import IssueListedV1, IssueRaisedV1, WordingConfirmedV1
from shared.contracts.vocabulary import Publicity, RequestKind
from shared.errors import NotAllowed
from tests.databases import engine_of
from tests.harness import Bus
from tests.intake.builders import COMMUNITY, DISTRICT, NEIGHBOUR, NOW, STREET, an_order
from tests.intake.reports import closed, escalated
from tests.told import tell_streets

SAID = {"title": "王女士家(3号楼2单元2304)车位被京N73915占用", "content": "电话13912345678", "category": "parking"}
WORDS = "小区东门停车位的使用规则"
PLACE = "停车 · "

engine = engine_of("intake", tell_streets, kinds=["sqlite"])  # test_storage has what differs


@pytest.fixture
def bus(engine):
    made = Bus(engine, IntakeService, NOW)
    made.hear(an_order("A1", request_kind=RequestKind.PROPOSAL, **SAID, caller=CallerPart(name="王秀英")))
    return made


def wordings(bus, unit=COMMUNITY, key="k"):
    asked = {"unit_code": unit, "idempotency_key": key}
    return bus.ask("list_wordings", asked, Role.CLERK, unit, subject="zhao")["wordings"]


def confirm(bus, wording=WORDS, unit=COMMUNITY, key="c", **more):
    asked = {"issue_id": "I-A1", "wording": wording, "idempotency_key": key} | more
    return bus.ask("confirm_wording", asked, Role.CLERK, unit, subject="zhao")


def work_of(bus, unit=COMMUNITY):
    return bus.ask("list_my_work", {}, Role.CLERK, unit)["waits"]


def test_what_goes_before_a_council_waits_for_words_with_a_proposal_in_which_all_that_rules_find_is_masked(bus):
    (line,) = wordings(bus)

    assert (line["issue_id"], line["order_no"], line["publicity"]) == ("I-A1", "A1", "public")
    assert line["title"].startswith(PLACE)
    assert line["proposal"] == "某女士家(某户)车位被某车占用"
    assert line["due_at"] == (NOW + timedelta(hours=24)).isoformat()


def test_what_is_proposed_comes_from_an_order_that_is_in_the_issue_still(bus):
    bus.hear(
        an_order("A2", request_kind=RequestKind.PROPOSAL, **(SAID | {"title": "李女士家(3号楼2单元2304)车位被占用"}))
    )
    asked = {"order_no": "A1", "reason": "另一件事", "idempotency_key": "k"}
    bus.ask("unlink_complaint", asked, Role.CLERK, COMMUNITY)

    told = {one["issue_id"]: (one["order_no"], one["proposal"]) for one in wordings(bus)}
    assert told["I-A1"] == ("A2", "某女士家(某户)车位被占用")
    assert told["I-A1-2"][0] == "A1"


def test_it_is_in_the_work_of_the_clerks_whose_list_it_is_on_until_somebody_has_confirmed_words(bus):
    bus.hear(an_order("B1", title="另一件停车的事情", content="不上会", category="heating"))
    (one,) = work_of(bus)

    confirm(bus)

    assert (one["about"], one["calls"]) == ("I-A1", ["intake.list_wordings", "intake.confirm_wording"])
    assert work_of(bus) == wordings(bus) == work_of(bus, NEIGHBOUR) == []


def test_who_is_shown_a_proposal_leaves_a_look_once(bus):
    wordings(bus)
    wordings(bus, key="k2")

    (look,) = bus.ask("list_looks", {"order_no": "A1"}, Role.SUPERVISOR, DISTRICT)["looks"]
    assert (look["subject"], look["reason"], look["fields"]) == ("zhao", "sort", ["proposal"])


def test_confirmed_words_are_told_once_and_stand_for_the_issue_from_then_on(bus):
    confirm(bus, publicity="parties")
    reply = confirm(bus, key="c2")

    (told,) = bus.told(WordingConfirmedV1)
    assert (told.title, told.publicity, told.confirmed_by, told.unit_code) == (
        WORDS,
        Publicity.PARTIES,
        "zhao",
        COMMUNITY,
    )
    assert (reply["title"], reply["publicity"], reply["worded_at"]) == (WORDS, "parties", NOW.isoformat())


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("王女士家楼下的车位", "A person's name"),
        ("请联系13912345678", "A phone number"),
        ("京N73915占用车位", "A number plate"),
        ("3号楼2单元2304室漏水", "A room or household"),
        ("身份证11010519600101123X", "The number of an identity document"),
    ],
    ids=["name", "phone", "plate", "room", "identity number"],
)
def test_words_that_say_who_somebody_is_are_refused_by_kind_and_place_and_get_into_no_log(bus, words, kind):
    with capture_logs() as lines, pytest.raises(NotForThePublic) as refusal:
        confirm(bus, words)

    (fault,) = refusal.value.fields["wording"]
    assert fault.startswith(kind)
    (line,) = lines
    assert fault in line["message"]
    assert not [part for part in ("王女士", "139123", "73915", "2304", "110105196") if part in str(line)]
    assert bus.told(WordingConfirmedV1) == []
    assert wordings(bus)


@pytest.mark.parametrize("words", ["  ", ""], ids=["spaces", "nothing"])
def test_words_that_say_nothing_are_refused(bus, words):
    with pytest.raises(Exception, match="wording"):
        confirm(bus, words)


def test_a_clerk_elsewhere_confirms_nothing_and_one_above_does(bus):
    with pytest.raises(NotAllowed):
        confirm(bus, unit=NEIGHBOUR)

    assert confirm(bus, unit=STREET)["title"] == WORDS


def test_what_has_climbed_is_worded_by_who_holds_it(bus):
    bus.hear(escalated())

    with pytest.raises(NotAllowed):
        confirm(bus)


def test_a_closed_issue_keeps_its_words(bus):
    bus.hear(closed())

    with pytest.raises(IssueClosed):
        confirm(bus)


def test_a_correction_of_the_place_takes_back_words_that_may_name_the_wrong_one_and_one_of_the_class_does_not(bus):
    confirm(bus)
    about = {"order_no": "A1", "reason": "核实"}
    slower = about | {"sla_class": "complex", "idempotency_key": "k1"}
    bus.ask("correct_order", slower, Role.CLERK, STREET)
    kept = bus.ask("get_issue", {"issue_id": "I-A1"}, Role.CLERK, STREET)

    bus.ask("correct_order", about | {"unit_code": NEIGHBOUR, "idempotency_key": "k2"}, Role.CLERK, STREET)

    after = bus.ask("get_issue", {"issue_id": "I-A1"}, Role.CLERK, STREET)
    assert (kept["title"], kept["worded_at"]) == (WORDS, NOW.isoformat())
    assert (after["title"][: len(PLACE)], after["worded_at"]) == (PLACE, None)
    assert [one["issue_id"] for one in wordings(bus, NEIGHBOUR)] == ["I-A1"]


def test_a_report_is_not_for_the_public_before_anybody_has_looked_at_it(bus):
    bus.hear(an_order("R1", request_kind=RequestKind.REPORT, category="noise", title="举报", content="举报内容"))

    raised = {one.issue_id: one.publicity for one in bus.told(IssueRaisedV1)}
    assert raised == {"I-A1": Publicity.PUBLIC, "I-R1": Publicity.CLOSED}
    assert bus.told(IssueListedV1)[0].publicity is Publicity.PUBLIC


def test_no_metric_bears_what_was_said(bus):
    wordings(bus)
    with pytest.raises(NotForThePublic):
        confirm(bus, "请联系13912345678")

    samples = [sample for family in REGISTRY.collect() for sample in family.samples]
    measured = " ".join(word for sample in samples for word in (sample.name, *sample.labels.values()))
    assert "confirm_wording" in measured
    assert not [said for said in ("王", "13912345678", "73915", "2304") if said in measured]
