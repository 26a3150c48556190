"""The duty list as of an instant: who may lead, and who is competent in which order."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared.bus.work import Store, transaction
from shared.contracts.directory import DutyPart
from shared.contracts.directory_words import Lead
from shared.directory.copy import NotTold
from shared.directory.duty_list import DutyList
from shared.units import Tier
from tests.databases import engine_of
from tests.harness import statements_of
from tests.told import an_entry, changed, few_duties, tell

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
DUTIES = DutyList(few_duties())
TIERS = some.sampled_from(Tier)
CATEGORIES = some.one_of(some.sampled_from(DUTIES.categories), some.text(max_size=12))


engine = engine_of("dispatch")


def a_line(id: str, category: str, tier: str, organisation: str, rank: int = 1, **values) -> DutyPart:
    lead = values.pop("lead", Lead.LEADS)
    return an_entry(
        DutyPart, id, category=category, tier=Tier(tier), lead=lead, organisation=organisation, rank=rank, **values
    )


@given(TIERS, CATEGORIES)
def test_whoever_is_above_one_that_may_lead_may_lead_too(tier, category):
    assert DUTIES.may_lead(tier, category) is (tier >= DUTIES.lead_tier(category))


@given(TIERS, CATEGORIES)
def test_nobody_is_named_to_lead_what_is_over_their_duty(tier, category):
    assert DUTIES.may_lead(tier, category) or not DUTIES.leading(tier, category)


@given(some.text(max_size=12).filter(lambda code: code not in DUTIES.categories))
def test_what_is_in_no_list_is_never_led_below_a_street(category):
    assert DUTIES.lead_tier(category) is Tier.STREET


def test_what_is_in_no_list_is_not_led_by_a_community_even_if_it_leads_all_else():
    assert DutyList([a_line("D1", "other", "community", "社区居委会")]).lead_tier("lost_dogs") is Tier.STREET


def test_an_empty_list_leaves_everything_to_the_district():
    empty = DutyList([])

    assert (empty.lead_tier("noise"), empty.may_lead(Tier.STREET, "noise")) == (Tier.DISTRICT, False)
    assert empty.leading(Tier.DISTRICT, "noise") == ()


@given(some.permutations(range(1, 6)))
def test_the_order_of_competence_is_that_of_the_ranks(ranks):
    lines = [a_line(f"D{rank}", "noise", "street", f"第{rank}科", rank) for rank in ranks]

    assert DutyList(lines).leading(Tier.STREET, "noise") == ("第1科", "第2科", "第3科", "第4科", "第5科")


def test_whoever_takes_what_is_in_no_list_comes_after_those_of_the_category_and_once():
    lines = [
        a_line("D1", "noise", "street", "综合行政执法队"),
        a_line("D2", "other", "street", "诉求处置中心"),
        a_line("D3", "other", "street", "综合行政执法队", 2),
    ]

    assert DutyList(lines).leading(Tier.STREET, "noise") == ("综合行政执法队", "诉求处置中心")


def test_who_assists_never_leads():
    duties = DutyList([a_line("D1", "noise", "street", "社区办", lead=Lead.ASSISTS)])

    assert duties.leading(Tier.DISTRICT, "noise") == ()
    assert duties.assisting(Tier.STREET, "noise") == ("社区办",)


def test_a_line_counts_from_its_first_instant_until_its_last_is_over(engine):
    tomorrow = NOW + timedelta(days=1)
    lines = [
        a_line("D1", "noise", "street", "执法队", valid_to=tomorrow),
        a_line("D2", "noise", "community", "社区居委会", valid_from=tomorrow),
    ]
    tell(engine, *lines)
    leads = []
    for at in (NOW, tomorrow, NOW):
        with transaction(engine, Store) as work:
            leads.append(work.duties(at).lead_tier("noise"))

    assert leads == [Tier.STREET, Tier.COMMUNITY, Tier.STREET]


def test_before_the_directory_was_told_nobody_answers(engine):
    with transaction(engine, Store) as work, pytest.raises(NotTold):
        work.duties(NOW)


def test_a_transaction_looks_once_at_what_changed_however_many_kinds_it_asks_for(engine):
    tell(engine, *few_duties())
    with transaction(engine, Store) as work:
        work.duties(NOW), work.units(NOW)
    with transaction(engine, Store) as work, statements_of(engine) as seen:
        for _ in range(3):
            work.duties(NOW), work.units(NOW)

    assert len(seen) == 1


def test_what_is_learned_counts_in_the_same_transaction(engine):
    tell(engine, *few_duties())
    with transaction(engine, Store) as work:
        before = work.duties(NOW).lead_tier("noise")
        work.directory.learn(changed(a_line("D-new", "lost_dogs", "street", "民生办")))

        assert (before, work.duties(NOW).leading(Tier.STREET, "lost_dogs")[0]) == (Tier.GRID, "民生办")
