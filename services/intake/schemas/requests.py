"""What intake can be asked.

The `subject` of a command is the order it is about: commands on one order are done in the order in which they came.
"""

from datetime import datetime

from marshmallow import validate

from services.intake.domain.complaint import ComplaintState
from services.intake.domain.look import LookReason
from services.intake.domain.public_wording import LONGEST_WORDING
from services.intake.domain.waits import IN_HAND
from shared.bus.rpc.messages import request, unit_code
from shared.contracts.base import Part, checked, part, text
from shared.contracts.fields import FullMatch
from shared.contracts.vocabulary import Disposition, EmergencyLine, HandoverOutcome, OtherChannel, Publicity, SlaClass

CATEGORIES = "A code: ./gongshang call intake list_categories"


@request
class AboutOrder:
    """A command on an order."""

    order_no: str = text(longest=64)
    idempotency_key: str = text(longest=100)

    @property
    def subject(self) -> str:
        return self.order_no


@request
class AboutIssue:
    """A command on an issue."""

    issue_id: str = text(longest=120)
    idempotency_key: str = text(longest=100)

    @property
    def subject(self) -> str:
        return self.issue_id


@request
class GetComplaint:
    """An order: its state, all that was decided about it, or why it was refused; to the hotline also its check code."""

    order_no: str = text(longest=64)


@request
class ListOrders:
    """The orders that a unit and those inside it have in hand, the soonest due first, without what was said.

    Those whose unit is not settled yet: list_to_settle. `due_before`: only what is due before then.
    """

    unit_code: str = unit_code()
    state: str = checked(validate.OneOf(["", *(one.value for one in ComplaintState if one in IN_HAND)]), default="")
    due_before: datetime | None = None
    most: int = checked(validate.Range(min=1, max=500), default=100)


@request
class ListCategories:
    """Every category of the catalogue, its class of urgency, and whether councils meet on it from the beginning."""


@request
class ListComplaints:
    """The orders of an issue; what was said in them is for `read_order`."""

    issue_id: str = text(longest=120)


@request
class GetIssue:
    """An issue: who holds it, by which words it is spoken of, and which orders it has."""

    issue_id: str = text(longest=120)


@request
class ListDeliberation:
    """A unit's deliberation list 协商清单: the issues that wait for a session, the longest listed first."""

    unit_code: str = unit_code()


@request
class LinkComplaint(AboutOrder):
    """Move an order to another issue; the reason is kept and told."""

    issue_id: str = text(longest=120)
    reason: str = text(longest=500)


@request
class UnlinkComplaint(AboutOrder):
    """Take an order out of its issue; it begins an issue of its own."""

    reason: str = text(longest=500)


@request
class ListToSettle:
    """What waits at the order desks of a unit and of the units inside it, the most urgent first."""

    unit_code: str = unit_code()
    most: int = checked(validate.Range(min=1, max=500), default=100)


@request
class SettleOrder(AboutOrder):
    """Say which unit an order is for that waits for that; the reason is kept and told."""

    unit_code: str = unit_code()
    reason: str = text(longest=500)


@request
class ReturnToHotline(AboutOrder):
    """Give an order back that is for another district or city; the hotline hears the reason."""

    reason: str = text(longest=500)


@request
class AnswerOrder(AboutOrder):
    """Answer an order as one of the six classes of Art. 11, in words that the caller is told; it is not dispatched."""

    disposition: Disposition
    answer: str = text(longest=1000)


@request
class ReferOrder(AboutOrder):
    """Note that an order is before a court, an arbitration body or the petition office: since which day, under what."""

    channel: OtherChannel
    reference: str = text(longest=100)
    entered_on: str = checked(FullMatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", error="Must be a day like 2026-03-02."))


@request
class VerifySignatures(AboutOrder):
    """联名核实: so many of those who signed an order are real people; from now on it speaks for so many."""

    verified: int = checked(validate.Range(min=0, max=100_000))
    reason: str = text(longest=500, says="How they were verified.")


@request
class ReinstateOrder(AboutOrder):
    """The hotline has an order taken up after all that was answered, returned or referred: its caller asks for it."""

    reason: str = text(longest=500)


@request
class CorrectOrder(AboutOrder):
    """Put right which unit an order is for, its category, its class of urgency, or several of these."""

    unit_code: str = unit_code(may_be_empty=True)
    category: str = text(longest=60, shortest=0, default="", says=CATEGORIES)
    sla_class: SlaClass | None = None
    reason: str = text(longest=500)


@request
class HandOverOrder(AboutOrder):
    """Say to which emergency line an order was handed over, under what it has the matter, and what was told there."""

    line: EmergencyLine
    reference: str = text(longest=100, shortest=0, default="")
    words: str = text(longest=500)


@request
class FollowHandover(AboutOrder):
    """Say what came of an emergency that was handed over. The order goes on."""

    outcome: HandoverOutcome
    words: str = text(longest=500)


@part
class MatterToSplit(Part):
    """What else the call was about, in words that its handler reads, and its category."""

    title: str = text(longest=200)
    content: str = text(longest=20_000)
    category: str = text(longest=60, says=CATEGORIES)


@request
class SplitOrder(AboutOrder):
    """Let further matters of a call go their own way, each with its category; the first keeps the order's number."""

    matters: list[MatterToSplit] = checked(validate.Length(min=1, max=8))
    reason: str = text(longest=500)


@request
class ReadOrder(AboutOrder):
    """Read an order in its own words. The reason is the duty for which it is read, and is kept with the look."""

    reason: LookReason


@request
class ListLooks:
    """Who read an order, when, for what reason, and what they were shown."""

    order_no: str = text(longest=64)


@request
class ListWordings:
    """What waits for a wording on the deliberation lists of a unit and of those inside it, the longest listed first.

    What is proposed comes from residents' words: who is shown it for the first time leaves a look.
    """

    unit_code: str = unit_code()
    most: int = checked(validate.Range(min=1, max=500), default=100)
    idempotency_key: str = text(longest=100)

    @property
    def subject(self) -> str:
        return self.unit_code


@request
class ConfirmWording(AboutIssue):
    """By which words an issue is spoken of in public, and who may see it; without `publicity` that stays as it is."""

    wording: str = text(longest=LONGEST_WORDING)
    publicity: Publicity | None = None
