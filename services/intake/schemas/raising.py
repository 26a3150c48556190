"""What is asked to begin an issue without any order."""

from marshmallow import validate

from services.intake.domain.public_wording import LONGEST_WORDING
from services.intake.schemas.requests import CATEGORIES
from shared.bus.rpc.messages import request, unit_code
from shared.contracts.base import checked, text
from shared.contracts.vocabulary import IssueOrigin, Route, SlaClass

WITHOUT_ORDERS = sorted(one for one in IssueOrigin if one is not IssueOrigin.ORDERS)


@request
class RaiseIssue:
    """Begin an issue that no order gave rise to: a deputy's matter, a plan, or a demonstration project of the district.

    A council meets on it, unless `route` says that it is handled at once, or it is urgent.
    """

    unit_code: str = unit_code()
    origin: IssueOrigin = checked(validate.OneOf(WITHOUT_ORDERS))
    category: str = text(longest=60, says=CATEGORIES)
    wording: str = text(longest=LONGEST_WORDING, says="How it is spoken of in public.")
    proposed_by: str = text(longest=120, says="The deputy's person id in the directory, or who plans it.")
    route: Route = Route.DELIBERATE
    sla_class: SlaClass | None = None
    idempotency_key: str = text(longest=100)

    @property
    def subject(self) -> str:
        return self.idempotency_key
