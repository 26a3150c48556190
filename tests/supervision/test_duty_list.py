"""The duty list says what a grid or community must try first itself: whatever it may lead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.supervision.domain.errors import CommunityMustTryFirst
from services.supervision.domain.escalation import Asked, must_try_first, planned_holder
from shared.contracts.vocabulary import EscalationReason
from shared.units import Tier
from tests.supervision.builders import COMMUNITY, GRID, MONDAY, STREET, UNITS, a_case
from tests.supervision.fakes import DUTIES

ENDED = "110105017901"


@pytest.mark.parametrize(
    ("tier", "category", "reason", "must_try"),
    [
        (Tier.COMMUNITY, "noise", EscalationReason.UNRESOLVED, True),
        (Tier.GRID, "pets", EscalationReason.OVER_LEVEL, True),
        (Tier.STREET, "noise", EscalationReason.UNRESOLVED, False),
        (Tier.COMMUNITY, "noise", EscalationReason.OVER_DUTY, False),
        (Tier.COMMUNITY, "road", EscalationReason.UNRESOLVED, False),
        (Tier.GRID, "elevator", EscalationReason.UNRESOLVED, False),
        (Tier.COMMUNITY, "elevator", EscalationReason.UNRESOLVED, True),
        (Tier.COMMUNITY, "in_no_list", EscalationReason.UNRESOLVED, False),
    ],
)
def test_neighbours_matters_stay_with_the_lowest_tiers_that_may_lead_them(tier, category, reason, must_try):
    assert must_try_first(DUTIES, tier, category, reason) is must_try


@given(st.sampled_from(Tier), st.sampled_from(DUTIES.categories), st.sampled_from(EscalationReason))
def test_nobody_must_try_what_they_may_not_lead(tier, category, reason):
    assert DUTIES.may_lead(tier, category) or not must_try_first(DUTIES, tier, category, reason)


def climb(case, unit, reason):
    asked = Asked(from_unit=unit, reason=reason, also=[], tried="三次上门劝导,没有改善")
    return planned_holder(case, asked, duties=DUTIES, units=UNITS, most_sent_back=2)


def test_what_is_on_the_list_climbs_once_it_was_tried():
    case = a_case(unit_code=COMMUNITY, category="noise")

    with pytest.raises(CommunityMustTryFirst, match="noise is on the duty list"):
        climb(case, COMMUNITY, EscalationReason.OVER_LEVEL)
    case.has_tried = True
    assert climb(case, COMMUNITY, EscalationReason.OVER_LEVEL) == STREET


def test_what_its_people_tried_for_the_unit_below_counts_when_it_has_climbed_or_another_unit_has_come_after_it():
    """A community's desk works for its grids: what it has signed for it can't sign for again."""
    tried, inherited = (a_case(unit_code=unit, category="noise") for unit in (GRID, ENDED))
    tried.note_trial(COMMUNITY)
    tried.climb(COMMUNITY, at=MONDAY)
    inherited.note_trial(ENDED)
    inherited.pass_to_heir(COMMUNITY)

    for case in (tried, inherited):
        assert climb(case, COMMUNITY, EscalationReason.OVER_LEVEL) == STREET


def test_what_is_over_a_grids_duty_climbs_at_once():
    assert climb(a_case(unit_code=GRID, category="elevator"), GRID, EscalationReason.OVER_LEVEL) == COMMUNITY
