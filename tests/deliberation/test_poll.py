"""Polls: the electorate, papers with proxies and joint holders, the count by options, heads and area."""

from datetime import UTC, datetime, timedelta

import pytest

from services.deliberation.domain.electorate import Dwelling, base_of, proof_of, voters_of
from services.deliberation.domain.errors import ElectorateRefused, OffTheNotice, PapersRefused, PollNotOpen
from services.deliberation.domain.poll import Box, Check, Paper, Poll, PollState, check_checks, check_papers
from services.deliberation.domain.tally import Bars, bars_for, tally_of
from services.deliberation.schemas.polls import DwellingPart, PaperPart
from services.deliberation.use_cases import events, polls, queries, resolutions, sessions
from shared.auth import Caller, Role
from shared.bus.timers.timers import Due
from shared.contracts.councils import AgendaItemPart
from shared.contracts.deliberation import (
    DeliberationFailedV1,
    MotionWithdrawnV1,
    PollCountedV1,
    PollOpenedV1,
    ResolutionAdoptedV1,
)
from shared.contracts.samples import sample
from shared.contracts.supervision import IssueClosedV1
from shared.contracts.vocabulary import Decider, ElectorateKind, MoneySource, VoteOutcome
from shared.errors import BadRequest, Refused
from tests.deliberation.builders import CHAIR, CLERK, ISSUE, POLICY, TUESDAY, Hall, a_task
from tests.fakes import a_moment

DESIGNS = ("透水砖", "沥青", "石板")
HOUSEHOLDS, OWNERS = ElectorateKind.HOUSEHOLDS, ElectorateKind.OWNERS
DAY = timedelta(days=1)


def flats(number: int, area: int = 0) -> list[Dwelling]:
    return [Dwelling(f"{place}室", (f"户主{place}",), area) for place in range(1, number + 1)]


def a_poll(register: list[Dwelling], electorate: ElectorateKind = HOUSEHOLDS, options=DESIGNS, owners_item=0) -> Poll:
    window = {
        "opened_at": TUESDAY,
        "opens_at": TUESDAY,
        "closes_at": TUESDAY + 14 * DAY,
        "due_at": TUESDAY + 16 * DAY,
    }
    ids = {"id": "M-1/P1", "motion_id": "M-1", "session_id": "S-1", "issue_id": ISSUE, "unit_code": "110105017041"}
    voters = voters_of(electorate, register)
    return Poll(**ids, **window, electorate=electorate, options=options, voters=voters, owners_item=owners_item)


def a_paper(number: int, dwelling: str, choice: int = 1, *signers: str, authorised: str = "", by: str = "li") -> Paper:
    signed = signers or (dwelling.replace("室", "").join(("户主", "")),)
    return Paper("M-1/P1", number, dwelling, choice, signed, authorised, by, TUESDAY)


def box_with(*papers: Paper, unchecked: tuple[int, ...] = ()) -> Box:
    checked = [one.number for one in papers if one.number not in unchecked]
    return Box(papers, [Check("M-1/P1", number, True, "", "wang", TUESDAY) for number in checked])


def tally(poll: Poll, box: Box, money: MoneySource = MoneySource.NONE):
    return tally_of(poll, box, bars_for(poll, money, POLICY.quorum, POLICY.majority), by="li", at=TUESDAY)


def test_who_owns_several_flats_is_one_head_and_so_are_developer_and_joint_owners_and_all_their_area_counts():
    register = [Dwelling(f"{n}室", ("老赵",), 80_00) for n in range(1, 9)]
    register += [Dwelling(f"{n}室", ("开发商",), 100_00) for n in range(9, 19)]
    register += [
        Dwelling("19室", ("甲", "乙"), 90_00),
        Dwelling("20室", ("乙", "甲"), 90_00),
        Dwelling("21室", ("乙",), 70_00),
    ]

    voters = voters_of(OWNERS, register)

    assert [(len(one.dwellings), one.area) for one in voters] == [(8, 640_00), (10, 1000_00), (2, 180_00), (1, 70_00)]
    assert (base_of(voters).heads, base_of(voters).area) == (4, 1890_00)


def test_a_household_is_one_voter_whoever_holds_it():
    assert len(voters_of(HOUSEHOLDS, [Dwelling("1室", ("甲", "乙")), Dwelling("2室", ("甲",))])) == 2


@pytest.mark.parametrize(
    ("kind", "register", "field"),
    [
        (HOUSEHOLDS, [*flats(2), *flats(1)], "register.2.dwelling"),
        (HOUSEHOLDS, [Dwelling("1室", ("甲", "甲"))], "register.0.holders"),
        (OWNERS, flats(1), "register.0.area_m2"),
        (HOUSEHOLDS, [], "register"),
    ],
)
def test_a_register_that_cannot_be_names_its_row(kind, register, field):
    with pytest.raises(ElectorateRefused) as refused:
        voters_of(kind, register)
    assert list(refused.value.fields) == [field]


def test_an_electorate_can_be_proved():
    assert proof_of(voters_of(HOUSEHOLDS, flats(3))) == proof_of(voters_of(HOUSEHOLDS, flats(3)))
    assert proof_of(voters_of(HOUSEHOLDS, flats(3))) != proof_of(voters_of(HOUSEHOLDS, flats(4)))


@pytest.mark.parametrize(
    ("paper", "field"),
    [
        (a_paper(1, "9室"), "dwelling"),
        (a_paper(1, "1室", 4), "choice"),
        (a_paper(1, "1室", 1, "路人"), "authorised"),
        (a_paper(1, "3室", 1, "甲"), "authorised"),
        (a_paper(1, "3室", 1, "甲", "乙", "路人"), "authorised"),
        (a_paper(1, "2室"), "dwelling"),
    ],
    ids=["not in it", "no such option", "a stranger", "one of two holders", "both and a stranger", "a second paper"],
)
def test_a_paper_that_cannot_be_names_what_is_wrong(paper, field):
    poll = a_poll([*flats(2), Dwelling("3室", ("甲", "乙"))])
    before = box_with(a_paper(7, "2室"))

    with pytest.raises(PapersRefused) as refused:
        check_papers(poll, before, [paper], voters_per_proxy=3)

    assert list(refused.value.fields) == [f"papers.0.{field}"]


def test_joint_holders_sign_together_or_name_one_and_a_proxy_signs_in_writing_for_so_many():
    poll = a_poll([*flats(4), Dwelling("9室", ("甲", "乙"))])
    proxied = [a_paper(n, f"{n}室", 1, "女儿", authorised=f"委托书{n}号") for n in range(1, 5)]
    both = a_paper(9, "9室", 1, "甲", "乙")

    check_papers(poll, box_with(), [both, *proxied[:3]], voters_per_proxy=3)
    check_papers(poll, box_with(), [a_paper(9, "9室", 1, "甲", authorised="共有人推荐书")], voters_per_proxy=0)
    with pytest.raises(PapersRefused, match="女儿 signs for more than 3 voters"):
        check_papers(poll, box_with(*proxied[:3]), [proxied[3]], voters_per_proxy=3)


def test_a_paper_found_wrong_may_be_entered_anew_and_nobody_checks_their_own():
    poll, paper = a_poll(flats(2)), a_paper(1, "1室")
    struck = Box([paper], [Check("M-1/P1", 1, False, "看错了一户", "wang", TUESDAY)])

    check_papers(poll, struck, [a_paper(2, "1室", 2)], voters_per_proxy=3)
    with pytest.raises(PapersRefused, match="somebody else"):
        check_checks(box_with(paper, unchecked=(1,)), [1], by="li")
    with pytest.raises(PapersRefused, match="does not wait"):
        check_checks(box_with(paper), [1], by="wang")


def choosing(*choices: int) -> list[Paper]:
    return [a_paper(place, f"{place}室", choice) for place, choice in enumerate(choices, 1)]


@pytest.mark.parametrize(
    ("choices", "outcome", "option"),
    [
        ((1, 1, 1, 2, 3), VoteOutcome.CARRIED, 1),
        ((1, 1, 1, 2, 2, 3), VoteOutcome.LOST, 0),
        ((2, 2, 2, 1, 1), VoteOutcome.CARRIED, 2),
        ((1, 1, 1, 0, 0, 0), VoteOutcome.LOST, 0),
        ((1, 1, 1, 1), VoteOutcome.VOID, 0),
        ((1, 1, 1, 1, 1), VoteOutcome.CARRIED, 1),
        ((1, 1, 1, 2, 2, 2), VoteOutcome.LOST, 0),
    ],
    ids=["more than half", "half", "the second", "who abstains took part", "4 of 9: silence", "5 of 9", "tied"],
)
def test_more_than_half_of_those_who_took_part_choose_a_design_and_silence_is_for_none(choices, outcome, option):
    counted = tally(a_poll(flats(9)), box_with(*choosing(*choices)))

    assert (counted.outcome, counted.option) == (outcome, option)
    assert (counted.base_heads, counted.heads, counted.quorum_heads) == (9, len(choices), "> 1/2")


def test_to_say_no_carries_nothing_and_public_money_takes_two_thirds():
    yes_or_no = a_poll(flats(9), options=("同意", "不同意"))

    assert tally(yes_or_no, box_with(*choosing(2, 2, 2, 2, 2, 1))).outcome is VoteOutcome.LOST
    assert tally(yes_or_no, box_with(*choosing(1, 1, 1, 1, 2, 2))).outcome is VoteOutcome.CARRIED
    by_money = tally(yes_or_no, box_with(*choosing(1, 1, 1, 1, 1, 2, 2, 2)), MoneySource.PUBLIC)
    assert (by_money.outcome, by_money.majority) == (VoteOutcome.LOST, ">= 2/3")


def test_what_nobody_checked_does_not_count_and_is_named():
    counted = tally(a_poll(flats(5)), box_with(*choosing(1, 1, 1), unchecked=(3,)))

    assert (counted.outcome, counted.heads, counted.unchecked) == (VoteOutcome.VOID, 2, 1)


@pytest.mark.parametrize(
    ("item", "yes", "outcome"),
    [(9, (1, 2, 3), VoteOutcome.CARRIED), (7, (1, 2, 3), VoteOutcome.LOST), (7, (1, 2, 3, 4), VoteOutcome.CARRIED)],
    ids=["item 9: more than half", "item 7: three quarters of heads, not of area", "item 7: of both"],
)
def test_owners_pass_by_heads_and_by_area_of_those_taking_part_and_some_items_by_three_quarters(item, yes, outcome):
    register = [Dwelling(f"{n}室", (f"户主{n}",), area) for n, area in enumerate((20_00, 20_00, 20_00, 25_00), 1)]
    poll = a_poll(register, OWNERS, ("同意", "不同意"), owners_item=item)

    counted = tally(poll, box_with(*choosing(*(1 if n in yes else 2 for n in range(1, 5)))))

    assert (counted.outcome, counted.quorum_area) == (outcome, ">= 2/3")


def test_a_quorum_of_owners_takes_two_thirds_of_the_area_too():
    poll = a_poll(
        [Dwelling("1室", ("户主1",), 100_00), *flats(3, 10_00)[1:]], OWNERS, ("同意", "不同意"), owners_item=9
    )

    counted = tally(poll, box_with(a_paper(2, "2室"), a_paper(3, "3室")))

    assert (counted.heads, counted.area, counted.outcome) == (2, 20_00, VoteOutcome.VOID)


def test_bars_of_area_hold_only_where_area_counts():
    assert bars_for(a_poll(flats(3)), MoneySource.NONE, POLICY.quorum, POLICY.majority) == Bars(
        POLICY.quorum.residents, POLICY.majority.ordinary
    )


REGISTER = [DwellingPart(dwelling=f"{n}室", holders=[f"户主{n}"], area_m2=80.5) for n in range(1, 6)]
POLL = f"{ISSUE}/S1/M1/P1"


@pytest.fixture
def polled(work) -> Hall:
    """Ready for its vote, and put to five households for two weeks instead; the session is closed meanwhile."""
    hall = Hall(work)
    hall.open()
    hall.five_steps(motion="小广场铺装方案")
    hall.ask(polls.open_poll, electorate=HOUSEHOLDS, register=REGISTER, options=list(DESIGNS), days=14)
    hall.ask(sessions.close_session)
    return hall


def enter(hall: Hall, *choices: int, first: int = 1) -> None:
    papers = [PaperPart(dwelling=f"{n}室", choice=c, signed_by=[f"户主{n}"]) for n, c in enumerate(choices, first)]
    hall.ask(polls.enter_papers, by=CLERK, poll_id=POLL, papers=papers)


def check(hall: Hall, *right: int, by: Caller = CHAIR, **more):
    return hall.ask(polls.check_entered_papers, by=by, poll_id=POLL, right=list(right), **more)


def test_a_paper_that_names_nobody_was_signed_by_all_holders(polled):
    papers = [PaperPart(dwelling="1室", choice=1, signed_by=[])]
    entered = polled.ask(polls.enter_papers, by=CLERK, poll_id=POLL, papers=papers)
    unknown = [PaperPart(dwelling="99室", choice=1, signed_by=[])]

    assert [one.signed_by for one in entered.papers] == [["户主1"]]
    with pytest.raises(PapersRefused) as refused:
        polled.ask(polls.enter_papers, by=CLERK, poll_id=POLL, papers=unknown)
    assert set(refused.value.fields) == {"papers.0.dwelling"}


def test_a_poll_that_carries_an_option_outlasts_its_session_and_gets_its_resolution(polled):
    assert polled.work.outbox.of(DeliberationFailedV1) == []
    (opened,) = polled.work.outbox.of(PollOpenedV1)
    assert (opened.heads, opened.closes_at) == (5, datetime(2026, 3, 24, 16, tzinfo=UTC))
    polled.now += 10 * DAY
    enter(polled, 1, 1, 1, 2)
    check(polled, 1, 2, 3, 4)
    polled.now = opened.closes_at

    counted = polled.ask(polls.count_poll, poll_id=POLL)
    polled.ask(resolutions.adopt_resolution, tasks=[a_task(due_at=polled.now + DAY)])

    assert (counted.tally.outcome, counted.tally.option, counted.outstanding) == ("carried", "透水砖", ["5室"])
    (adopted,) = polled.work.outbox.of(ResolutionAdoptedV1)
    assert (adopted.poll_id, adopted.option, adopted.decided_by) == (POLL, "透水砖", Decider.COUNCIL)
    assert polled.record().is_intact


@pytest.mark.parametrize("is_counted", [False, True])
def test_of_an_issue_that_ends_no_poll_is_counted_and_none_gets_its_resolution(polled, is_counted):
    if is_counted:
        polled.now += 10 * DAY
        enter(polled, 1, 1, 1, 1, 1)
        check(polled, 1, 2, 3, 4, 5)
        polled.ask(polls.count_poll, poll_id=POLL)
    facts = sample("issue_closed.v1")["data"] | {"issue_id": ISSUE, "closed_at": polled.now.isoformat()}
    for _ in range(2):
        events.close_issue(polled.work, IssueClosedV1.from_wire(facts), a_moment(polled.now))

    (withdrawn,) = polled.work.outbox.of(MotionWithdrawnV1)
    assert withdrawn.motion_id == f"{ISSUE}/S1/M1"
    assert polled.work.polls.find(POLL).state is (PollState.COUNTED if is_counted else PollState.WITHDRAWN)
    polls.pass_due(polled.work, Due("poll", POLL, polled.now), a_moment(polled.now + 30 * DAY))
    assert len(polled.work.outbox.of(PollCountedV1)) == is_counted
    with pytest.raises(PollNotOpen, match="counted" if is_counted else "withdrawn"):
        enter(polled, 1)
    with pytest.raises(Refused):
        polled.ask(resolutions.adopt_resolution, tasks=[a_task(due_at=polled.now + DAY)])
    assert polled.record().is_intact


def test_an_issue_that_had_ended_before_the_session_ends_no_poll(polled):
    facts = sample("issue_closed.v1")["data"] | {"issue_id": ISSUE}
    early = polled.session.opened_at - DAY
    events.close_issue(
        polled.work, IssueClosedV1.from_wire(facts | {"closed_at": early.isoformat()}), a_moment(polled.now)
    )

    assert polled.work.polls.find(POLL).state is PollState.OPEN


def test_a_poll_that_nobody_counts_is_counted_by_itself_and_one_that_fails_is_a_failed_deliberation(polled):
    enter(polled, 1, 2)
    check(polled, 1)
    due_at = polled.work.polls.get(POLL).due_at
    for _ in range(2):
        polls.pass_due(polled.work, Due(polls.DUE, POLL, due_at), a_moment(due_at))

    (counted,) = polled.work.outbox.of(PollCountedV1)
    assert (counted.outcome, counted.heads, counted.unchecked) == (VoteOutcome.VOID, 1, 1)
    assert len(polled.work.outbox.of(DeliberationFailedV1)) == 1


def test_papers_are_taken_in_the_window_and_counted_after_it_or_when_all_are_there(polled):
    with pytest.raises(PollNotOpen, match="count them then"):
        polled.ask(polls.count_poll, poll_id=POLL)
    enter(polled, 1, 1, 1, 1, 3)
    check(polled, 1, 2, 3, 4)
    with pytest.raises(PapersRefused, match="reason"):
        check(polled, wrong=[5])
    check(polled, wrong=[5], reason="第三栏看成了第二栏")
    enter(polled, 2, first=5)
    check(polled, 6)

    assert polled.ask(polls.count_poll, poll_id=POLL).tally.votes[0].heads == 4
    with pytest.raises(PollNotOpen, match="is counted"):
        check(polled, 6)


def test_what_came_in_is_checked_before_it_is_counted_and_nothing_comes_in_after_the_window(polled):
    enter(polled, 1)
    polled.now = polled.work.polls.get(POLL).closes_at
    with pytest.raises(PollNotOpen, match="not checked yet: 1"):
        polled.ask(polls.count_poll, poll_id=POLL)
    with pytest.raises(PollNotOpen, match="papers of"):
        enter(polled, 1, first=2)


def test_who_chose_what_is_for_those_who_collect(polled):
    enter(polled, 2)
    seen = {
        by: polled.ask(queries.get_poll, by=by, poll_id=POLL)
        for by in (CLERK, Caller("x", frozenset({Role.PUBLIC}), None))
    }

    assert [len(one.papers) for one in seen.values()] == [1, 0]
    assert [one.entered for one in seen.values()] == [1, 1]


def test_owners_vote_on_what_was_announced_as_theirs_after_their_notice(work):
    hall = Hall(work, agenda=[AgendaItemPart(number=1, matter="电梯大修", amount_fen=100, money=MoneySource.OWNERS)])
    hall.open()
    hall.five_steps()
    asked = {"electorate": OWNERS, "register": REGISTER, "days": 14}
    with pytest.raises(OffTheNotice, match="announced as theirs"):
        hall.ask(polls.open_poll, **asked, owners_item=6)
    theirs = hall.five_steps(motion="使用维修资金大修电梯", item=1, amount_fen=100)
    with pytest.raises(ElectorateRefused, match="from 1 to 9"):
        hall.ask(polls.open_poll, **asked, motion_id=theirs.id)

    opened = hall.ask(polls.open_poll, **asked, motion_id=theirs.id, owners_item=6)

    assert (opened.base_area_m2, opened.opens_at) == (402.5, datetime(2026, 3, 25, 16, tzinfo=UTC))


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"days": 3}, "days"), ({"options": ["一"]}, "options"), ({"options": ["一", "一"]}, "options")],
)
def test_a_window_and_options_that_cannot_be_are_named(work, asked, field):
    hall = Hall(work)
    hall.open()
    hall.five_steps()
    with pytest.raises(BadRequest) as refused:
        hall.ask(polls.open_poll, **{"electorate": HOUSEHOLDS, "register": REGISTER, "days": 14} | asked)
    assert list(refused.value.fields) == [field]
