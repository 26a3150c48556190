"""Making a call: signed for whoever makes it, again where that does no harm, and not at all where nobody answers."""

import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from services.gateway.accounts.tokens import Tokens
from services.gateway.calls.circuit import Circuit, CircuitOpen
from services.gateway.calls.line import Line, LineLost, NoAnswer
from services.gateway.calls.wire import result_in
from services.gateway.person import Person
from shared.errors import Unavailable
from shared.logs import get_logger
from shared.settings import settings

KEY = "idempotency_key"
LOOKS_WITHIN_SECONDS = 4.0
"""How long a page waits for a look. A command waits as long as the settings say."""
TRIES = 3
BRIDGED_SECONDS = 2.0
"""A look waits for a line that was lost so shortly ago; of one that stays away the page says so at once."""
PAUSE_SECONDS = 0.2
PERSONAL = frozenset(
    {"intake.read_order", "intake.get_complaint", "intake.read_by_check_code", "evaluation.get_survey"}
)
"""What shows somebody's own words or who they are: each look is logged, without what was seen."""

log = get_logger()


class _Circuits(defaultdict[str, Circuit]):
    def __missing__(self, service: str) -> Circuit:
        return self.setdefault(service, Circuit(service))


class Asking:
    """`ask("intake", "get_issue", {...}, by=person)`: the reply. Raises the suite's own errors."""

    def __init__(self, line: Line | None = None, tokens: Tokens | None = None, seconds: float | None = None) -> None:
        self._line = line or Line()
        self._tokens = tokens or Tokens()
        self._seconds = seconds or settings().rpc_timeout_seconds
        self._circuits: dict[str, Circuit] = _Circuits()

    def __call__(
        self, service: str, method: str, request: Mapping[str, Any], *, by: Person | None = None
    ) -> dict[str, Any]:
        if f"{service}.{method}" in PERSONAL:
            log.info("personal_data_asked", call=f"{service}.{method}", caller=by.login if by else "public")
        if KEY in request:
            return self._once(service, method, request, by, self._seconds)
        return self._look(service, method, request, by)

    def trouble(self) -> str | None:
        return self._line.trouble

    def _look(self, service: str, method: str, request: Mapping[str, Any], by: Person | None) -> dict[str, Any]:
        """Again while the line has only just been lost, and a few times where the service's database was away."""
        ends_at = time.monotonic() + min(LOOKS_WITHIN_SECONDS, self._seconds)
        tries = 0
        while True:
            try:
                return self._once(service, method, request, by, max(0.1, ends_at - time.monotonic()))
            except (NoAnswer, CircuitOpen):
                raise
            except Unavailable as trouble:
                tries += 1
                is_lost = isinstance(trouble, LineLost)
                is_over = self._line.lost_seconds() > BRIDGED_SECONDS if is_lost else tries >= TRIES
                if is_over or time.monotonic() + PAUSE_SECONDS > ends_at:
                    raise
                time.sleep(PAUSE_SECONDS)

    def _once(
        self, service: str, method: str, request: Mapping[str, Any], by: Person | None, seconds: float
    ) -> dict[str, Any]:
        circuit = self._circuits[service]
        circuit.must_be_closed()
        try:
            body = self._line.call(service, method, request, token=self._tokens.of(by), seconds=seconds)
        except NoAnswer:
            circuit.unanswered()
            raise
        circuit.answered()
        return result_in(body)
