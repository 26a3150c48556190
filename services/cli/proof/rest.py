"""Reconciling a suite that lives on real time: its timers may fire at any moment, also while the books are read."""

import time
from collections.abc import Callable

from services import SERVICES
from services.cli.proof.drain import Drain
from services.cli.proof.reconcile import Reconciliation
from services.cli.proof.stepping import next_due_at
from shared.clock import clock_from
from shared.settings import settings

AGAIN_SECONDS = 0.1


def reconcile_at_rest(
    drain: Drain,
    sent: int,
    compare: Callable[[], Reconciliation],
    patience: float,
    still_well: Callable[[], None] = lambda: None,
) -> Reconciliation:
    """What `compare` finds once nothing is under way and no timer is due.

    An event that a timer sets off between the reading of two services' books is heard by the one and not yet said by
    the other: a difference counts only if nothing was said from before the comparison until after it. `sent` is how
    many different messages the hotline has sent so far. Raises NotDrained after `patience` seconds; differences of a
    suite that still moves then are given as they are.
    """
    deadline = time.monotonic() + patience
    while True:
        drain.wait_until_drained(sent, max(0.0, deadline - time.monotonic()), still_well=still_well)
        said = drain.all_said()
        is_late = time.monotonic() > deadline
        if is_late or not is_timer_due():
            found = compare()
            if is_late or found.is_whole or (drain.is_drained(sent) and drain.all_said() == said):
                return found
        time.sleep(AGAIN_SECONDS)


def is_timer_due() -> bool:
    now = clock_from(settings()).now()
    return any(at <= now for service in SERVICES if (at := next_due_at(service)) is not None)
