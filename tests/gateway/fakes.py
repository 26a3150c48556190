"""Services that answer what a test told them to, and remember what they were asked, and by whom."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.person import Person
from shared.errors import NotFound

Answer = dict[str, Any] | Exception | Callable[[Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Asked:
    """A call that was made."""

    call: str
    request: Mapping[str, Any]
    by: Person | None


class FakeServices:
    """`services.answers["intake.get_issue"] = {...}`: a reply, an error, or what makes a reply of a request."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[Asked] = []
        self.away = ""

    def __call__(
        self, service: str, method: str, request: Mapping[str, Any], *, by: Person | None = None
    ) -> dict[str, Any]:
        call = f"{service}.{method}"
        self.asked.append(Asked(call, dict(request), by))
        answer = self.answers.get(call, NotFound(f"{service} has no method {method}"))
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    def trouble(self) -> str | None:
        return self.away or None
