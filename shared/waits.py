"""What is open somewhere, and who must move: no state waits in silence.

Each service says in its `domain/waits.py`, for every open state, whose turn it is and what happens when nobody moves.
`list_my_work` shows these rows; a guard holds every open state to one.
"""

from dataclasses import dataclass

from shared.auth import Role


@dataclass(frozen=True)
class Wait:
    """Whoever has one of the roles acts by one of these calls (`service.method`); otherwise, in words, this happens."""

    roles: frozenset[Role]
    act: str
    calls: tuple[str, ...]
    otherwise: str
