"""Whom an order is against, as the directory stands now; and that they decide nothing about it."""

from services.intake.domain.complaint import Complaint
from services.intake.domain.respondent import Against, ids_in
from services.intake.storage.repository import IntakeStore
from shared.bus.moment import Moment
from shared.errors import OwnMatter
from shared.sealing import WrongKey


def against(work: IntakeStore, complaint: Complaint, unit_code: str, at: Moment) -> Against:
    """Whom it is against if it is for this unit. What can't be unsealed stays against whom it was."""
    try:
        said = work.words.of(complaint).respondent
    except WrongKey:
        return Against(tuple(ids_in(complaint.respondents)), unit_code)
    return work.respondents(at.now).named(said, unit_code, work.units(at.now)) if said else Against((), unit_code)


def is_against(respondents: str, at: Moment) -> bool:
    """Whether the caller belongs to an organisation that is complained about."""
    return at.caller.acts_for_any(ids_in(respondents))


def must_not_be_against(respondents: str, at: Moment) -> None:
    """Raises OwnMatter."""
    if is_against(respondents, at):
        raise OwnMatter(f"{at.caller.organisation} is complained about here; somebody else decides")


def must_be_for(work: IntakeStore, complaint: Complaint, unit_code: str, at: Moment) -> None:
    """Raises OwnMatter for a unit whose own committee it is against."""
    right = against(work, complaint, unit_code, at).unit_code
    if right != unit_code:
        raise OwnMatter(
            f"order {complaint.order_no} is against the committee of {unit_code}: {right} or a unit above has it",
            {"unit_code": [f"Must be {right} or above."]},
        )
