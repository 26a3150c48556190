"""What evaluation refuses, each with a stable code."""

from shared.errors import BadRequest, NotFound, Refused


class UnknownOrder(NotFound):
    """Evaluation knows no order with this number."""

    code = "unknown_order"


class NoCallbackOpen(Refused):
    """Nobody is to be asked about this order now: its limit runs still, it was answered, or it belongs to no issue."""

    code = "no_callback_open"


class IncompleteAnswer(BadRequest):
    """Who was reached answers all three questions; who was not answers none."""

    code = "incomplete_answer"


class UnknownPeriod(NotFound):
    """There is no such period, or nothing has counted in it yet."""

    code = "unknown_period"


class PeriodNotFrozen(Refused):
    """The period is still running; it is published when it is over and frozen."""

    code = "period_not_frozen"


class PeriodNotOver(Refused):
    """The period is still running: it is frozen when it is over."""

    code = "period_not_over"


class PeriodNotPublished(Refused):
    """The period is not public yet: there is nothing to mend in public."""

    code = "period_not_published"
