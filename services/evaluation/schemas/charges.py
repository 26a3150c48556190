"""Who answers, or answered, for an order, as it is shown with its survey: units by dispatch, and organisations."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from operator import attrgetter

from services.evaluation.domain.lead import bearers
from services.evaluation.domain.survey import Survey
from services.evaluation.storage.repository import EvaluationStore
from shared.bus.rpc.messages import reply
from shared.policy import Policy

CORRECTED = "单位更正"


@reply
class ChargeLine:
    """Which unit answers, or answered, for the order by which dispatch; `until` is null for the latest."""

    dispatch_no: int
    unit_code: str
    since: datetime
    until: datetime | None
    why: str


@reply
class LeadLine:
    """Which organisation led or assisted, from when to when, and what it bears of what the caller says now."""

    unit_code: str
    organisation_id: str
    share_ratio: float
    from_at: datetime
    until: datetime | None = None
    ended_as: str = ""


def charge_lines(work: EvaluationStore, survey: Survey) -> list[ChargeLine]:
    """From the first dispatch on. Nothing is looked up for an order that went out once."""
    ended = work.charges.of(order_no=survey.order_no) if survey.dispatch_no > 1 else []
    names = ("dispatch_no", "unit_code", "since", "until", "why")
    lines = [ChargeLine(**{name: getattr(one, name) for name in names}) for one in ended]
    unit_code, since = survey.charged_unit, survey.dispatched_at
    latest = ChargeLine(dispatch_no=survey.dispatch_no, unit_code=unit_code, since=since, until=None, why="")
    released = [
        replace(latest, unit_code=one, until=datetime.fromisoformat(at), why=CORRECTED) for one, at in survey.released
    ]
    return [*sorted(lines, key=attrgetter("dispatch_no")), *released, latest]


def lead_lines(work: EvaluationStore, survey: Survey, policy: Policy) -> Iterator[LeadLine]:
    """The organisations that had or have a task of it. Only who had the matter first bears what its caller says."""
    leads = sorted(work.leads.of(issue_id=survey.issue_id), key=attrgetter("from_at", "id"))
    bearing = {one.id: parts for one, parts in bearers(leads, since=survey.dispatched_at)}
    for one in leads:
        for organisation, share in one.shares(policy.charges.lead_ratio).items():
            yield LeadLine(
                unit_code=one.unit_code,
                organisation_id=organisation,
                share_ratio=round(float(share / bearing[one.id]), 4) if one.id in bearing else 0.0,
                from_at=one.from_at,
                until=one.until,
                ended_as=one.ended_as or "",
            )
