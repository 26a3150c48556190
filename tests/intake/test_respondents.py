"""A complaint against an organisation: they neither handle it, nor decide about it, nor read who called."""

import pytest

from services.intake.domain.errors import AgainstOthers
from services.intake.domain.respondent import Respondents
from services.intake.service import IntakeService
from shared.auth import Role
from shared.contracts.directory_words import OrganisationKind
from shared.contracts.intake import ComplaintAcceptedV1, ComplaintCorrectedV1, IssueListedV1, IssueRaisedV1
from shared.contracts.vocabulary import RequestKind
from shared.directory.copy import DirectoryCopy
from shared.errors import OwnMatter
from tests.databases import engine_of
from tests.harness import Bus
from tests.intake.builders import COMMUNITY, DISTRICT, NEIGHBOUR, NOW, STREET, an_order
from tests.staff import a_post, employ, token_of
from tests.told import changed, office, shipped, tell_streets

GRID = f"{COMMUNITY}001"
COMMITTEE = office(COMMUNITY, "社区居委会", kind=OrganisationKind.COMMITTEE)
ELSEWHERE = office(NEIGHBOUR, "社区居委会", kind=OrganisationKind.COMMITTEE)
COMPANY = office(
    STREET, "北京金田物业管理有限公司", kind=OrganisationKind.PROPERTY_COMPANY, serves=[COMMUNITY], aliases=["金田物业"]
)
BUREAU = office(STREET, "城市管理办公室")
KNOWN = (COMMITTEE, ELSEWHERE, COMPANY, BUREAU)
REASON = {"reason": "核实", "idempotency_key": "k"}

engine = engine_of("intake", tell_streets, kinds=["sqlite"])  # test_storage has what differs


@pytest.fixture
def bus(engine):
    made = Bus(engine, IntakeService, NOW)
    with engine.begin() as connection:
        for one in KNOWN:
            DirectoryCopy(connection).learn(changed(one))
    return made


def by_member_of(bus, organisation, unit, method, **asked):
    """Whoever of the organisation is a clerk there."""
    post = a_post(Role.CLERK, unit, f"clerk-of-{organisation.name}")
    post = type(post)(**vars(post) | {"organisation": organisation.id})
    employ(bus.engine, post)
    (answer,) = bus.ask_by(token_of(post), [(method, asked)])
    if isinstance(answer, Exception):
        raise answer
    return answer


@pytest.mark.parametrize(
    ("said", "unit", "respondents", "goes_to"),
    [
        ("社区居委会主任", COMMUNITY, [COMMITTEE], STREET),
        ("居委会", GRID, [COMMITTEE], STREET),
        ("金田物业", COMMUNITY, [COMPANY], COMMUNITY),
        ("北京金田物业管理有限公司项目部", COMMUNITY, [COMPANY], COMMUNITY),
        ("金田物业", NEIGHBOUR, [], NEIGHBOUR),
        ("城市管理办公室", COMMUNITY, [BUREAU], COMMUNITY),
        ("楼上的邻居", COMMUNITY, [], COMMUNITY),
        ("某厂", COMMUNITY, [], COMMUNITY),
    ],
    ids=["committee", "of a grid's community", "alias", "written longer", "serves others", "above", "person", "short"],
)
def test_who_is_meant_is_an_organisation_around_the_unit_and_a_committees_unit_is_passed_over(
    said, unit, respondents, goes_to
):
    found = Respondents(KNOWN).named(said, unit, shipped())

    assert (list(found.respondents), found.unit_code) == ([one.id for one in respondents], goes_to)


def test_a_complaint_about_the_committee_is_the_streets_from_the_beginning(bus):
    bus.hear(an_order(respondent="社区居委会"))

    (raised,) = bus.told(IssueRaisedV1)
    assert (raised.unit_code, raised.respondents) == (STREET, [COMMITTEE.id])
    assert bus.told(ComplaintAcceptedV1)[0].unit_code == STREET


def test_nobody_gives_it_back_to_the_unit_of_that_committee(bus):
    bus.hear(an_order("A1", respondent="社区居委会"), an_order("A2", units=["110105999"], respondent="社区居委会"))

    with pytest.raises(OwnMatter):
        bus.ask("correct_order", {"order_no": "A1", "unit_code": COMMUNITY} | REASON, Role.CLERK, STREET)
    with pytest.raises(OwnMatter):
        bus.ask("settle_order", {"order_no": "A2", "unit_code": GRID} | REASON, Role.CLERK, DISTRICT)
    settled = bus.ask("settle_order", {"order_no": "A2", "unit_code": STREET} | REASON, Role.CLERK, DISTRICT)
    assert settled["unit_code"] == STREET


def test_what_goes_before_a_council_names_whom_it_is_against(bus):
    bus.hear(an_order(respondent="金田物业", request_kind=RequestKind.PROPOSAL))

    assert bus.told(IssueListedV1)[0].respondents == [COMPANY.id]


def test_a_corrected_unit_has_other_organisations_around_it(bus):
    bus.hear(an_order(respondent="金田物业", units=[NEIGHBOUR]))
    assert bus.told(IssueRaisedV1)[0].respondents == []

    bus.ask("correct_order", {"order_no": "A1", "unit_code": COMMUNITY} | REASON, Role.CLERK, STREET)

    assert bus.told(ComplaintCorrectedV1)[0].respondents == [COMPANY.id]


def test_who_belongs_to_the_respondent_decides_nothing_about_it(bus):
    bus.hear(an_order("A1", respondent="城市管理办公室", request_kind=RequestKind.PROPOSAL), an_order("A2"))

    for method, asked in {
        "correct_order": {"order_no": "A1", "sla_class": "emergency"} | REASON,
        "answer_order": {"order_no": "A1", "disposition": "outside_duty", "answer": "x", "idempotency_key": "k"},
        "unlink_complaint": {"order_no": "A1"} | REASON,
        "confirm_wording": {"issue_id": "I-A1", "wording": "车位", "idempotency_key": "k"},
    }.items():
        with pytest.raises(OwnMatter):
            by_member_of(bus, BUREAU, STREET, method, **asked)
    asked = {"unit_code": STREET, "idempotency_key": "k"}
    assert by_member_of(bus, BUREAU, STREET, "list_wordings", **asked)["wordings"] == []
    assert by_member_of(bus, BUREAU, STREET, "list_my_work")["waits"] == []


def test_orders_against_the_same_share_an_issue_and_one_against_nobody_does_not_join_it(bus):
    bus.hear(an_order("A1", respondent="金田物业"), an_order("A2"), an_order("A3", respondent="北京金田物业"))

    issues = {
        one: bus.ask("get_complaint", {"order_no": one}, Role.SUPERVISOR, DISTRICT)["issue_id"]
        for one in ("A1", "A2", "A3")
    }
    assert issues == {"A1": "I-A1", "A2": "I-A2", "A3": "I-A1"}
    with pytest.raises(AgainstOthers):
        bus.ask("link_complaint", {"order_no": "A3", "issue_id": "I-A2"} | REASON, Role.CLERK, STREET)


def test_to_complain_about_who_handles_it_is_no_repeat(bus):
    bus.hear(an_order("A1", caller="w"), an_order("A2", caller="w", respondent="金田物业"))

    assert bus.ask("get_complaint", {"order_no": "A2"}, Role.SUPERVISOR, DISTRICT)["state"] == "linked"
