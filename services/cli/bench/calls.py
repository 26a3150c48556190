"""Times calls: by one caller, one after the other, or by several callers at once."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from shared.bus.rpc.client import RpcClient

Call = tuple[str, str, dict[str, Any]]
CALL_SECONDS = 30.0


def time_calls(token: str, uri: str, calls: Iterable[Call]) -> list[float]:
    """Seconds of each. A refusal is raised: it would be quicker than the real thing."""
    spent = []
    with RpcClient(token, uri=uri, timeout_seconds=CALL_SECONDS) as ask:
        for call in calls:
            began = time.perf_counter()
            ask(*call)
            spent.append(time.perf_counter() - began)
    return spent


def time_calls_of_many(token: str, uri: str, callers: Sequence[Sequence[Call]]) -> list[float]:
    """Every caller in a thread with a connection of its own."""
    threads = [Caller(lambda calls=calls: time_calls(token, uri, calls)) for calls in callers]  # type: ignore[misc]
    for thread in threads:
        thread.start()
    return [seconds for thread in threads for seconds in thread.result()]


class Caller(threading.Thread):
    def __init__(self, call: Callable[[], list[float]]) -> None:
        super().__init__(daemon=True)
        self._call = call
        self._trouble: BaseException | None = None
        self._spent: list[float] = []

    def run(self) -> None:
        try:
            self._spent = self._call()
        except BaseException as trouble:
            self._trouble = trouble

    def result(self) -> list[float]:
        self.join()
        if self._trouble is not None:
            raise self._trouble
        return self._spent


def summary(spent: Sequence[float]) -> dict[str, float]:
    """Milliseconds."""
    return {
        "p50_ms": percentile(spent, 50),
        "p99_ms": percentile(spent, 99),
        "slowest_ms": percentile(spent, 100),
        "calls": len(spent),
    }


def percentile(spent: Sequence[float], percent: int) -> float:
    """The least of the measured values that so many per cent do not exceed."""
    ordered = sorted(spent)
    place = -(-len(ordered) * percent // 100)
    return round(ordered[max(0, place - 1)] * 1000, 2)
