"""Issues that begin without any order: a deputy's matter 特殊事, a plan, a demonstration project 示范性项目.

They are worded from the start, nobody is called back about them, and they end when what was to be done is done. Orders
join one only by a clerk's hand.
"""

from services.intake.domain.errors import OutsideYourDesk
from services.intake.domain.filing import issue_id_of
from services.intake.domain.issue import Dispatched, Issue, Source
from services.intake.schemas.raising import RaiseIssue
from services.intake.schemas.replies import IssueReply, issue_reply
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases.links import tell_raised
from services.intake.use_cases.lists import list_issue
from services.intake.use_cases.wordings import must_be_public
from shared.bus.moment import Moment
from shared.contracts.vocabulary import DispatchKind, IssueOrigin, ListingReason, RequestKind, Route
from shared.errors import Conflict


def raise_issue(work: IntakeStore, request: RaiseIssue, at: Moment) -> IssueReply:
    """The same again, by the same caller under the same key, is the same issue. Raises NotForThePublic, BadRequest."""
    units = work.units(at.now)
    unit = units.get(request.unit_code)
    at.caller.must_act_in(unit.code)
    if request.origin is IssueOrigin.DEMONSTRATION and not at.caller.may_act_in(units.district):
        raise OutsideYourDesk("a demonstration project needs the district's consent: a clerk of the district raises it")
    must_be_public(request.wording)
    category = work.catalogue.get(request.category)
    issue_id = issue_id_of(request.origin, f"{at.caller.subject}@{at.caller.unit or ''}", request.idempotency_key)
    known = work.issues.find_and_lock(issue_id)
    if known is not None:
        if (known.origin_unit, known.category) != (unit.code, category.code):
            raise Conflict("this idempotency_key was used for another issue", {"idempotency_key": ["Take a new one."]})
        return issue_reply(known)
    sla_class = request.sla_class or category.sla_class
    issue = Issue(
        id=issue_id,
        first_order_no="",
        origin_unit=unit.code,
        unit_code=unit.code,
        category=category.code,
        title=request.wording.strip(),
        gist_words="",
        spots="",
        request_kind=RequestKind.PROPOSAL,
        sla_class=sla_class,
        route=Route.HANDLE if sla_class.is_urgent else request.route,
        raised_at=at.now,
        worded_at=at.now,
    )
    work.issues.add(issue)
    dispatched = Dispatched(DispatchKind.DIRECT, at.now, at.now + at.policy.sla.limit(issue.sla_class), at.now)
    tell_raised(work, issue, at, dispatched, Source(request.origin, request.proposed_by))
    if issue.route is Route.DELIBERATE:
        list_issue(work, issue, unit.code, ListingReason.RAISED, at)
    return issue_reply(issue)
