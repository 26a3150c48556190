"""What the board refuses. It decides nothing: what it does not know is not found, what is misspelt a bad request."""

from shared.errors import NotFound


class UnknownPeriod(NotFound):
    """No such period is published."""

    code = "unknown_period"
