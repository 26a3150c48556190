"""What can go wrong when somebody asks councils for something."""

from shared.errors import NotFound, Refused


class UnknownSession(NotFound):
    """No session has this id."""

    code = "unknown_session"


class SessionNotAhead(Refused):
    """The session was opened, ended or moved up already, so its date can't change."""

    code = "session_not_ahead"


class ReasonRefused(Refused):
    """A session can't be postponed for this reason."""

    code = "postponement_reason_refused"


class NoDateLeft(Refused):
    """There is no other date within the policy's days; the session stays where it is."""

    code = "no_date_left"
