"""What can go wrong when somebody asks councils for something."""

from shared.errors import NotFound, Refused


class UnknownSession(NotFound):
    """No session has this id."""

    code = "unknown_session"


class SessionNotAhead(Refused):
    """The session was opened, ended, moved up or lapsed already, so its date can't change."""

    code = "session_not_ahead"


class PostponedTooOften(Refused):
    """The session was put off as often as the policy allows."""

    code = "postponed_too_often"


class NoDateLeft(Refused):
    """There is no other date within the policy's days; the session stays where it is."""

    code = "no_date_left"


class AmountUnclear(Refused):
    """An item of the agenda says how much of whose money is at stake, or that none is."""

    code = "amount_unclear"
