"""Appeals 申诉 against a refusal, where the policy grants one: once, one level up, by somebody else; then final."""

from dataclasses import replace
from datetime import datetime

from shared.bus.moment import Moment
from shared.contracts.dispatch import plain_evidence
from shared.directory.dated import DatedUnits
from shared.policy.evaluations import Appeal
from shared.requests.deciding import HasRequests, keep
from shared.requests.messages import AppealRequest
from shared.requests.request import NotAppealable, Request, RequestState


def appeal(
    work: HasRequests, first: Request, asked: AppealRequest, at: Moment, *, decided_in: str, decide_by: datetime
) -> Request:
    """The same, asked again of another. Who may ask is for the service to say. Raises NotAppealable, AlreadyAsked."""
    of_the_same = work.requests.of(about=first.about)
    must_be_appealable(first, of_the_same, at.policy_in(first.unit_code).appeal, at.now)
    again = replace(
        first,
        id=f"{first.about}/Q{len(of_the_same) + 1}",
        appeals=first.id,
        words=asked.words,
        evidence=[*first.evidence, *plain_evidence(asked.evidence)],
        asked_by=at.caller.subject,
        asked_person=at.caller.person_id,
        asked_at=at.now,
        decided_in=decided_in,
        decide_by=decide_by,
        state=RequestState.ASKED,
        is_default=False,
        answer="",
        decided_by="",
        decided_at=None,
    )
    keep(work, again)
    return again


def one_level_up(units: DatedUnits, decided_in: str) -> str:
    """Whose people decide an appeal: what the district decided, others there decide anew."""
    return units.parent_of(decided_in) or decided_in


def must_be_appealable(first: Request, of_the_same: list[Request], rule: Appeal, now: datetime) -> None:
    """Raises NotAppealable, with why."""
    if first.state is not RequestState.REFUSED or first.decided_at is None:
        raise NotAppealable(f"{first.id} is {first.state}: only what was refused is appealed against")
    if first.wants not in rule.of:
        granted = ", ".join(rule.of) or "nothing"
        raise NotAppealable(f"what is decided of {first.wants} is final: the policy grants an appeal for {granted}")
    if first.appeals or any(one.appeals == first.id for one in of_the_same):
        raise NotAppealable(f"{first.id} was appealed against already, and what was decided then is final")
    if now > first.decided_at + rule.within:
        raise NotAppealable(f"{first.id} could be appealed against until {first.decided_at + rule.within}")
