"""Which event a message is: its source and its id, as CloudEvents has it.

The same data again is a repeat and changes nothing. Other data under a used source and id is refused, for taking it for
a repeat would lose it in silence: a counter that began anew, two senders that call themselves alike.
"""

from collections.abc import Callable, Iterable, Sequence

from shared.bus.inbox.reading import Identity, Received, reused

Known = dict[Identity, str | None]
"""What came before, by source and id, with the hash of its data, where it was kept."""


def new_ones(batch: Sequence[Received], ask: Callable[[Iterable[str]], Known]) -> list[Received]:
    """Each event once, in its order, without those that came before; then the refusals of other data under a used id.

    `ask` looks up event ids; it is asked once, and a second time where something is refused.
    """
    known = ask({one.event_id for one in batch})
    fresh: list[Received] = []
    refused: dict[Identity, Received] = {}
    for one in batch:
        identity = _known_as(one, known)
        if identity is None:
            known[one.identity] = one.data_sha256
            fresh.append(one)
        elif known[identity] not in (None, one.data_sha256):
            refusal = reused(one)
            refused.setdefault(refusal.identity, refusal)
    if refused:
        told = ask({one.event_id for one in refused.values()})
        fresh += [one for one in refused.values() if one.identity not in told]
    return fresh


def is_known(one: Received, known: Known) -> bool:
    return _known_as(one, known) is not None


def _known_as(one: Received, known: Known) -> Identity | None:
    """What was received by an earlier version has no source: it is known by its id alone."""
    before = Identity("", one.event_id)
    if one.identity in known:
        return one.identity
    return before if known.get(before, "") is None else None
