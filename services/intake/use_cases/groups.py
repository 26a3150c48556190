"""Groups over several units: callers in the grids of a community, and in the community itself, with one matter; or in
several communities of a street.

Their orders come to one issue, which the unit that covers them meets on: the community where its own are enough, else
the street. What is urgent, deliberated already, or has its reply stays where it is.
"""

from collections.abc import Sequence
from itertools import chain

from services.intake.domain.complaint import LINKED_BY_INTAKE, Complaint, ComplaintState
from services.intake.domain.issue import Issue, is_group
from services.intake.domain.likeness import Gist, all_alike
from services.intake.storage.candidates import Matter
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases import links
from services.intake.use_cases.lists import list_issue
from shared.bus.moment import Moment
from shared.contracts.vocabulary import ListingReason, Route
from shared.directory.dated import DatedUnits
from shared.units import Tier, tier_of

GATHERED = "同一事项多处来电,合并为群体诉求"


def take_up(work: IntakeStore, complaint: Complaint, gist: Gist, at: Moment, *, by: str) -> None:
    """The order goes its way, in the open issue on the matter or in a new one; with it there may be a group."""
    units = work.units(at.now)
    nearby, farther = _alike_nearby(work, complaint, gist, at), _alike_in_street(work, complaint, gist, at)
    over_it = (one for one in farther if units.is_within(complaint.unit_code, one.unit_code))
    group = next((one for one in (*nearby, *over_it) if one.listing_reason is ListingReason.GROUP), None)
    issue = links.take_up(work, complaint, gist, at, by=by, or_into=group)
    for elsewhere in (nearby, [*nearby, *farther] if farther else []):
        some = [one for one in (issue, *elsewhere) if _may_be_gathered(one)]
        if len(some) > 1 and issue in some:
            _gather(work, some, complaint, gist, at)


def alike_in_street(
    work: IntakeStore, unit_code: str, category: str, gist: Gist, at: Moment, *, against: str
) -> set[str]:
    """The open issues on this matter raised in the street, as far as that can be said across communities."""
    matter = matter_in_street(work.units(at.now), unit_code, category, gist)
    if matter is None:
        return set()
    matching = work.catalogue.matching
    candidates = work.issues.in_streets.of(matter, most=matching.likeness_candidates)
    found = all_alike(
        gist,
        (one for one in candidates if one.respondents == against),
        similarity_ratio=at.policy.linking.similarity_ratio,
        title_ratio=at.policy.linking.across_communities_ratio,
        least_characters=matching.likeness_least_characters,
    )
    return {one.issue_id for one in found}


def matter_in_street(units: DatedUnits, unit_code: str, category: str, gist: Gist) -> Matter | None:
    """The same in the whole street that a unit lies in or is; None for the district, and for what is of a building."""
    street = units.at_least(unit_code, Tier.STREET)
    return (street, category) if not gist.spots and tier_of(street) is Tier.STREET else None


def likely(work: IntakeStore, matters: Sequence[Matter], gist: Gist, at: Moment, *, against: str) -> set[str]:
    """The issues on these matters that an order may come to or be counted with, the closest of each."""
    found = (links.closest_issue(work, one, gist, at, against=against) for one in matters)
    return {issue_id for issue_id in found if issue_id}


def matters_around(units: DatedUnits, unit_code: str, category: str) -> list[Matter]:
    """The same in the community that a unit lies in or is, and in all inside that; above communities the unit alone."""
    community = units.community_of(unit_code)
    return [(one, category) for one in (units.inside(community) if community else [unit_code])]


def _alike_nearby(work: IntakeStore, complaint: Complaint, gist: Gist, at: Moment) -> list[Issue]:
    """The open issues on this matter in other units of the community, the closest of each unit."""
    matters = matters_around(work.units(at.now), complaint.unit_code, complaint.category)
    if len(matters) < 2:
        return []
    work.issues.candidates.load(matters, most=work.catalogue.matching.likeness_candidates)
    others = [one for one in matters if one[0] != complaint.unit_code]
    closest = (links.closest_issue(work, one, gist, at, against=complaint.respondents) for one in others)
    found = map(work.issues.find_and_lock, sorted({issue_id for issue_id in closest if issue_id}))
    return [one for one in found if one is not None and one.is_open]


def _alike_in_street(work: IntakeStore, complaint: Complaint, gist: Gist, at: Moment) -> list[Issue]:
    """Those outside the order's own community; of a street's own order all in its communities."""
    unit_code, against = complaint.unit_code, complaint.respondents
    found = alike_in_street(work, unit_code, complaint.category, gist, at, against=against)
    units = work.units(at.now)
    own, street = units.community_of(unit_code) or unit_code, units.at_least(unit_code, Tier.STREET)
    issues = map(work.issues.find_and_lock, sorted(found))
    return [one for one in issues if one is not None and one.is_open and _is_around(units, one.unit_code, own, street)]


def _is_around(units: DatedUnits, unit_code: str, own: str, street: str) -> bool:
    """Whether a unit lies in the street, and not in the part of it that is looked through by itself."""
    is_own = unit_code == own if own == street else units.is_within(unit_code, own)
    return units.is_within(unit_code, street) and not is_own


def _may_be_gathered(issue: Issue) -> bool:
    is_free = issue.is_open and issue.route is Route.HANDLE and issue.listing_reason is None
    return is_free and not issue.sla_class.is_urgent and bool(issue.first_order_no)


def _gather(work: IntakeStore, some: Sequence[Issue], complaint: Complaint, gist: Gist, at: Moment) -> None:
    """Where enough people speak of it in all these units: one issue, at the unit that covers them, on its list."""
    unit = work.units(at.now).covering_unit(one.unit_code for one in some)
    group = at.policy_in(unit).group
    if not is_group([one.recent_callers for one in some], group=group.callers, within=group.within):
        return
    unanswered = [one for one in some if _is_unanswered(work, one)]
    if not is_group([one.recent_callers for one in unanswered], group=group.callers, within=group.within):
        return
    orders = list(chain.from_iterable(work.complaints.linked_to(one.id) for one in unanswered if one.unit_code != unit))
    target = next((one for one in unanswered if one.unit_code == unit), None)
    if target is None:
        target = links.raise_issue(work, complaint, links.free_issue_id(work, complaint.order_no), gist, at, unit=unit)
    list_issue(work, target, unit, ListingReason.GROUP, at)
    work.complaints.lock_all(one.order_no for one in orders)
    for order in orders:
        links.move_into(work, order, target, GATHERED, at, by=LINKED_BY_INTAKE)


def _is_unanswered(work: IntakeStore, issue: Issue) -> bool:
    """Whether nobody was told a result yet: what is handled is judged by those whom it concerned."""
    return all(one.state is ComplaintState.LINKED for one in work.complaints.linked_to(issue.id))
