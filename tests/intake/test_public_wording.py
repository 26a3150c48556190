"""What is said of an order in events and replies: category and place, and none of the resident's own words."""

import pytest

from services.intake.domain.public_wording import LONGEST_WORDING, category_and_place
from services.intake.schemas.requests import GetComplaint
from services.intake.storage.catalogue import the_catalogue
from services.intake.use_cases import events, links, queries
from services.intake.use_cases.links import UnlinkComplaint
from shared.contracts.intake import IssueListedV1, IssueRaisedV1
from shared.contracts.vocabulary import RequestKind
from shared.directory.dated import DatedUnits
from shared.units import Tier, Unit
from tests.fakes import a_moment
from tests.intake.builders import CLERK, COMMUNITY, DISTRICT, NOW, an_order, take_in
from tests.intake.fakes import a_work
from tests.intake.reports import failed
from tests.told import shipped

AT = a_moment(NOW, asked_by=CLERK)
PRIVATE = ("王秀英", "13900001111", "京N12345", "2304室", "110105196001011234")
SAID = {
    "title": "王秀英家楼下车位被京N12345占用",
    "content": "我住3号楼2单元2304室,身份证110105196001011234,电话13900001111,车位被占。",
}
UNITS = DatedUnits(
    [
        Unit("110105", "朝阳区", Tier.DISTRICT, "district"),
        Unit("110105017", "平房乡", Tier.STREET, "township"),
        Unit("110105017003", "姚家园社区", Tier.COMMUNITY, "community"),
        Unit("110105017003001", "第一网格", Tier.GRID, "grid"),
    ],
    {},
    {},
)


@pytest.mark.parametrize(
    ("unit_code", "words"),
    [
        ("110105017003001", "停车 · 平房乡姚家园社区"),
        ("110105017003", "停车 · 平房乡姚家园社区"),
        ("110105017", "停车 · 平房乡"),
        ("110105", "停车 · 朝阳区"),
        ("110105017009", "停车 · 平房乡"),
        ("110106", "停车 · 110106"),
    ],
    ids=["grid", "community", "street", "district", "a unit that has ended", "a unit nobody knows"],
)
def test_the_place_is_told_down_to_the_community(unit_code, words):
    assert category_and_place(the_catalogue().find("parking"), unit_code, UNITS) == words


def test_it_is_never_longer_than_its_column():
    long = Unit("110105017", "长" * 300, Tier.STREET, "township")

    wording = category_and_place(the_catalogue().find("parking"), long.code, DatedUnits([long], {}, {}))

    assert len(wording) == LONGEST_WORDING


def test_no_event_of_an_order_carries_its_own_words():
    work = take_in(a_work(), *(an_order(f"A{n}", **SAID, respondent="王秀英") for n in range(6)))
    take_in(work, an_order("B1", request_kind=RequestKind.PROPOSAL, units=[DISTRICT], **SAID))
    events.list_failed_issue(work, failed(), AT)
    links.unlink_complaint(work, UnlinkComplaint(order_no="A1", reason="另一件事", idempotency_key="k"), AT)

    said = "".join(str(event.to_wire()) for event in work.outbox.events)
    assert not [one for one in PRIVATE if one in said]


def test_what_is_raised_and_listed_is_named_by_category_and_place():
    work = take_in(a_work(), an_order(request_kind=RequestKind.PROPOSAL, **SAID))

    (raised,), (listed,) = work.outbox.of(IssueRaisedV1), work.outbox.of(IssueListedV1)
    assert raised.title == listed.title == f"停车 · {_name(COMMUNITY[:9])}{_name(COMMUNITY)}"


def test_an_order_that_is_looked_up_shows_its_public_wording():
    work = take_in(a_work(), an_order(**SAID))

    reply = queries.get_complaint(work, GetComplaint(order_no="A1"), AT)

    assert reply.title == f"停车 · {_name(COMMUNITY[:9])}{_name(COMMUNITY)}"


def _name(code):
    return shipped().get(code).name
