"""What programs may ask of the board. It takes no commands."""

from marshmallow import validate

from services.board.domain.words import Light, Stage
from shared.bus.rpc.messages import request, unit_code
from shared.contracts.base import checked, text
from shared.units import Tier

MOST = 100
CURSOR = "`next_cursor` of the page before; empty for the first."


@request
class ListIssues:
    """Public issues, the last changed first; `by_due`: the next due first."""

    unit_code: str = unit_code(may_be_empty=True)
    stage: Stage | None = None
    tier: Tier | None = None
    light: Light | None = None
    category: str = text(longest=100, shortest=0, default="")
    is_open: bool = True
    by_due: bool = False
    cursor: str = text(longest=500, shortest=0, default="", says=CURSOR)
    most: int = checked(validate.Range(min=1, max=MOST), default=25)


@request
class GetIssue:
    """One public issue whole."""

    issue_id: str = text(longest=120)


@request
class GetSession:
    """One session of a public issue whole."""

    session_id: str = text(longest=140)


@request
class Search:
    """At least two characters that stand together."""

    words: str = text(longest=100)
    cursor: str = text(longest=500, shortest=0, default="", says=CURSOR)
    most: int = checked(validate.Range(min=1, max=MOST), default=25)
