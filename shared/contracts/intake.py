"""What intake 集 tells: the fate of every order, and the issues that grow from them."""

from dataclasses import field
from datetime import datetime
from typing import Any

from marshmallow import validate

from shared.contracts.base import Event, checked, event
from shared.contracts.requests import RequestReason
from shared.contracts.vocabulary import (
    DispatchKind,
    Disposition,
    Doubt,
    IssueOrigin,
    ListingReason,
    OtherChannel,
    Outcome,
    Publicity,
    RequestKind,
    Route,
    SlaClass,
    Solved,
)

RESPONDENTS = {"metadata": {"description": "Organisations it is against: they get no task of it and chair nothing."}}
PUBLICITY = "Who may see it: a record that is not public is shown to nobody who has no duty in it."
PUBLIC_WORDING = "The public wording: category and place until a clerk has confirmed words; never a resident's own."
VOICE = (
    "Tells who speaks from others within this issue, and nowhere else: of the same person it is the same, and says "
    "nothing of who they are. Empty where two people might be taken for one."
)
RECEIVED = "When the order arrived here; with its limit over by then it was late on arrival."


@event(publisher="intake", subject="order_no")
class ComplaintAcceptedV1(Event):
    """The order is taken in, and its time limit counts.

    Where nobody but a clerk can say which unit it is for, `unit_code` is the unit whose order desk has it until then,
    and `complaint_settled.v1` or `complaint_returned.v1` follows.
    """

    order_no: str
    unit_code: str
    category: str
    request_kind: RequestKind
    sla_class: SlaClass
    dispatch_kind: DispatchKind
    dispatched_at: datetime
    due_at: datetime
    settles_at: datetime | None = checked(
        default=None, says="By when a clerk settles which unit it is for; null where that is clear."
    )


@event(publisher="intake", subject="order_no")
class ComplaintRejectedV1(Event):
    """An order, or something about one, could not be taken in, and why; mend it and send it in another message."""

    order_no: str = checked(says="Empty where the message was too broken to tell.")
    message_id: str = checked(says="The id of the refused message, as far as it could be read.")
    reason: str = checked(
        says="contract_broken, undecodable, unknown_type, order_no_reused, id_reused, expired or given_up; of a "
        "callback also unknown_order, not_dispatched, unknown_words or callback_reused; of what became of an order "
        "also unknown_order, not_dispatched, update_reused or others_merged"
    )
    fields: dict[str, Any] = field(default_factory=dict)
    rejected_at: datetime


@event(publisher="intake", subject="issue_id")
class ComplaintSettledV1(Event):
    """It is settled which unit an order is for that could not be told; it belongs to this issue since.

    `is_default`: nobody decided in time, and it went where the policy says.
    """

    order_no: str
    issue_id: str
    unit_code: str
    doubt: Doubt
    reason: str
    is_default: bool
    settled_by: str
    settled_at: datetime


@event(publisher="intake", subject="order_no")
class ComplaintReturnedV1(Event):
    """A clerk of the district gave the order back to the hotline: it is for another district or city."""

    order_no: str
    reason: str
    returned_by: str
    returned_at: datetime


@event(publisher="intake", subject="order_no")
class ComplaintAnsweredV1(Event):
    """One of the six classes of Art. 11: answered and not dispatched, by the hotline's own word or a clerk's decision.

    No word in its text does that. A clerk may decide it while the order is in hand, whose task ends then.
    """

    order_no: str
    disposition: Disposition
    answer: str
    answered_by: str = checked(says="`hotline` for its own word in the order, else the clerk who decided.")
    answered_at: datetime


@event(publisher="intake", subject="order_no")
class ComplaintReferredV1(Event):
    """The order is before a court, an arbitration body or the petition office, and no council or task is about it now.

    The others of its issue go on. What urges it is referred with it.
    """

    order_no: str
    channel: OtherChannel
    reference: str = checked(says="Under which the channel has it, such as a case number.")
    entered_on: str = checked(says="The day on which it was entered there, like 2026-03-02.")
    referred_by: str
    referred_at: datetime


@event(publisher="intake", subject="order_no")
class ComplaintReinstatedV1(Event):
    """It is taken up after all, though it was answered, returned, referred or withdrawn: it is in hand from now on.

    Also by another dispatch of the hotline's of which only a clerk can say for which unit it is.
    """

    order_no: str
    unit_code: str
    dispatched_at: datetime
    due_at: datetime
    settles_at: datetime | None = checked(
        default=None, says="By when a clerk settles which unit it is for; null where that is clear."
    )
    reason: str
    reinstated_by: str
    reinstated_at: datetime


@event(publisher="intake", subject="issue_id")
class ComplaintUrgedV1(Event):
    """The same caller on the same matter and place again: urged and informed, no new order.

    Where the issue was closed already this is a relapse, and supervision opens it again one tier up.
    """

    order_no: str
    first_order_no: str
    issue_id: str
    urged_at: datetime


@event(publisher="intake", subject="issue_id")
class ComplaintLinkedV1(Event):
    """The order belongs to this issue from now on. It keeps its own clock, reply and survey."""

    order_no: str
    dispatch_no: int = 1
    issue_id: str
    unit_code: str = checked(says="Who holds the issue.")
    dispatched_to: str = checked(default="", says="The unit of the order's dispatch, which answers for it.")
    category: str
    request_kind: RequestKind
    sla_class: SlaClass
    dispatch_kind: DispatchKind
    dispatched_at: datetime
    due_at: datetime
    received_at: datetime | None = checked(default=None, says=RECEIVED)
    channel: str = ""
    voice: str = checked(default="", says=VOICE)
    speaks_for: int = checked(validate.Range(min=1), default=1, says="So many people: more than one where they signed.")
    linked_at: datetime
    linked_by: str = checked(says="`intake` for the automatic link, else who made it.")


@event(publisher="intake", subject="issue_id")
class SignaturesVerifiedV1(Event):
    """A clerk has counted who signed an order of the issue 联名核实: it speaks for so many from now on."""

    order_no: str
    issue_id: str
    speaks_for: int = checked(validate.Range(min=1))
    verified_by: str
    verified_at: datetime


@event(publisher="intake", subject="issue_id")
class ComplaintUnlinkedV1(Event):
    """A link was undone: another follows at once, or the order is answered."""

    order_no: str
    issue_id: str
    reason: str
    unlinked_at: datetime
    unlinked_by: str


@event(publisher="intake", subject="issue_id")
class ComplaintCorrectedV1(Event):
    """A clerk above both sides put right which unit an order is for, its category or its class of urgency.

    The issue is its own, and is as it says from now on: what shared its issue has left it before. Time goes on as it
    was, and the wrong unit is charged with nothing.
    """

    order_no: str
    issue_id: str
    from_unit: str
    to_unit: str
    from_category: str
    category: str
    from_class: SlaClass
    sla_class: SlaClass
    title: str = checked(says=PUBLIC_WORDING)
    respondents: list[str] = field(default_factory=list, metadata=RESPONDENTS)
    route: Route
    due_at: datetime
    reason: str
    corrected_by: str
    corrected_at: datetime


@event(publisher="intake", subject="issue_id")
class CallbackReceivedV1(Event):
    """The hotline reported a callback about an order: its own words, and what the policy reads from them."""

    order_no: str
    issue_id: str
    dispatch_no: int
    round: int
    called_at: datetime
    reached: bool
    contacted: bool | None = None
    solved: Solved | None = None
    satisfaction: int | None = checked(validate.Range(min=1, max=5), default=None)
    solved_words: str = ""
    satisfaction_words: str = ""
    received_at: datetime


@event(publisher="intake", subject="issue_id")
class ComplaintRepliedV1(Event):
    """What was done about the order, as told to the caller and the hotline (Art. 15).

    `is_interim` 阶段性答复: it can't be solved now, and goes on; another reply follows.
    """

    order_no: str
    issue_id: str
    reply: str
    is_interim: bool = False
    replied_at: datetime


@event(publisher="intake", subject="issue_id")
class ComplaintExtendedV1(Event):
    """The order has more time 延期, and why, as caller and hotline are told (Art. 15). It is asked about only then."""

    order_no: str
    issue_id: str
    due_at: datetime
    reason: RequestReason
    words: str
    extended_by: str
    extended_at: datetime


@event(publisher="intake", subject="issue_id")
class ComplaintClosedV1(Event):
    """The order's end: its issue is closed after the people concerned were asked."""

    order_no: str
    issue_id: str
    outcome: Outcome
    closed_at: datetime


@event(publisher="intake", subject="issue_id")
class IssueRaisedV1(Event):
    """An issue 议题 begins: with one order, at the lowest unit that covers every place it names, or without any."""

    issue_id: str
    order_no: str = checked(says="The order it began with; empty where it comes from none.")
    dispatch_no: int = 1
    origin: IssueOrigin = IssueOrigin.ORDERS
    proposed_by: str = checked(default="", says="The deputy by their person id, or who plans it; of orders empty.")
    unit_code: str
    category: str
    category_name: str = checked(default="", says="As the catalogue names it.")
    title: str = checked(says=PUBLIC_WORDING)
    publicity: Publicity = checked(default=Publicity.PUBLIC, says=PUBLICITY)
    request_kind: RequestKind
    sla_class: SlaClass
    dispatch_kind: DispatchKind
    route: Route
    respondents: list[str] = field(default_factory=list, metadata=RESPONDENTS)
    dispatched_at: datetime
    due_at: datetime
    received_at: datetime | None = checked(default=None, says=RECEIVED)
    raised_at: datetime


@event(publisher="intake", subject="issue_id")
class WordingConfirmedV1(Event):
    """A clerk confirmed the words by which an issue is spoken of from now on, and who may see it."""

    issue_id: str
    unit_code: str
    category: str
    title: str = checked(says=PUBLIC_WORDING)
    publicity: Publicity = checked(default=Publicity.PUBLIC, says=PUBLICITY)
    confirmed_by: str
    confirmed_at: datetime


@event(publisher="intake", subject="issue_id")
class IssuePlacedV1(Event):
    """The unit that held the issue was split: by the places its orders name it lies in `to_unit`, one of the parts, or
    the unit that covers them where they name none. The holding goes on there with its clocks and tasks.
    """

    issue_id: str
    from_unit: str
    to_unit: str
    placed_at: datetime


@event(publisher="intake", subject="issue_id")
class IssueWithdrawnV1(Event):
    """The last order has left the issue: there is nothing to do about it any more, and nobody is charged with it."""

    issue_id: str
    unit_code: str
    order_no: str = checked(says="The last one; empty where no order gave rise to the issue, and somebody gave it up.")
    reason: str
    withdrawn_by: str
    withdrawn_at: datetime


@event(publisher="intake", subject="issue_id")
class IssueListedV1(Event):
    """The issue is on its unit's deliberation list 协商清单: councils meet on it."""

    issue_id: str
    unit_code: str
    category: str
    title: str = checked(says=PUBLIC_WORDING)
    publicity: Publicity = checked(default=Publicity.PUBLIC, says=PUBLICITY)
    respondents: list[str] = field(default_factory=list, metadata=RESPONDENTS)
    reason: ListingReason
    listed_at: datetime
