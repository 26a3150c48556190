"""What intake refuses, by name."""

from shared.errors import BadRequest, Conflict, NotFound, Refused


class UnknownOrder(NotFound):
    """There is no order with this number."""

    code = "unknown_order"


class UnknownIssue(NotFound):
    """There is no issue with this id."""

    code = "unknown_issue"


class RelayedByDistrict(Refused):
    """The district relayed the order, and decides about that itself; the hotline decides about its own dispatch."""

    code = "relayed_by_district"


class ReturnTooLate(Refused):
    """The time in which a dispatch of the hotline may be objected to is over."""

    code = "return_too_late"


class NotLinked(Conflict):
    """This order belongs to no issue of its own: it was answered on the spot, or it urges an earlier order."""

    code = "not_linked"


class AlreadyLinked(Conflict):
    """The order belongs to this issue already."""

    code = "already_linked"


class IssueClosed(Refused):
    """The issue is closed; nothing can be linked to it or taken from it any more."""

    code = "issue_closed"


class LastOrder(Refused):
    """It is the only order of its issue, and an issue without an order would have nobody to answer to."""

    code = "last_order"


class OrderStateForbids(Conflict):
    """An order that stands there can't be dealt with so."""

    code = "order_state_forbids"


class HandOverInstead(Refused):
    """No word ends an emergency: it is handed over to 110, 119 or 120, and followed."""

    code = "hand_over_instead"


class HasOrders(Refused):
    """Residents called about the issue: each withdraws their own order, and it ends with the last of them."""

    code = "has_orders"


class NotHandedOver(Conflict):
    """Nothing of this order waits to be followed."""

    code = "not_handed_over"


class OutsideYourDesk(Refused):
    """This unit is not for the caller's order desk to give orders to."""

    code = "outside_your_desk"


class NothingToCorrect(Refused):
    """The order is for this unit, of this category and class already."""

    code = "nothing_to_correct"


class ReturnedBefore(Refused):
    """The hotline had this order taken up after all; it is not given back again."""

    code = "returned_before"


class ReasonOfOthers(BadRequest):
    """This reason to read an order is the duty of somebody else."""

    code = "reason_of_others"


class WrongCheckCode(NotFound):
    """There is no order with this number and this check code."""

    code = "wrong_check_code"


class AgainstOthers(Refused):
    """The order and the issue are against different organisations, of which one may be handling the issue."""

    code = "against_others"


class NotForThePublic(BadRequest):
    """These words say who somebody is, or which household is meant."""

    code = "not_for_the_public"


class Unreadable(Refused):
    """What was said is sealed with a key that is not here."""

    code = "unreadable"


class NotSigned(Refused):
    """Only of an order that says it was signed are signatures verified."""

    code = "not_signed"
