"""What is asked about requests, and answered, the same in every service that has some."""

import re
from datetime import datetime

from marshmallow import validate

from shared.bus.rpc.messages import reply, request, unit_code
from shared.contracts.base import checked, listed, text
from shared.contracts.dispatch import EvidencePart
from shared.contracts.requests import RequestReason, Want
from shared.requests.request import Request

_PARTS = re.compile(r"(/[TS][0-9]+)?/Q[0-9]+\Z")


def issue_of(request_id: str) -> str:
    """The issue or order that a request is about: its id without the last part, and without the task or session."""
    return _PARTS.sub("", request_id)


@request
class DecideRequest:
    """Grant or refuse what somebody else asked for; the reason is told to whoever hears of it."""

    request_id: str = text(longest=140)
    grant: bool
    reason: str = text(longest=2000)
    idempotency_key: str = text(longest=100)

    @property
    def subject(self) -> str:
        return issue_of(self.request_id)


@request
class AppealRequest:
    """申诉 against what was refused, where the policy grants one: once, by the unit that asked; then it is final."""

    request_id: str = text(longest=140)
    words: str = text(longest=2000)
    evidence: list[EvidencePart] = listed(validate.Length(max=50))
    idempotency_key: str = text(longest=100)

    @property
    def subject(self) -> str:
        return issue_of(self.request_id)


@request
class GetRequest:
    """What somebody asked for, with its reasons, by whom and when it is to be decided, and the answer."""

    request_id: str = text(longest=140)


@request
class ListRequests:
    """Those that the people of a unit, or of the units inside it, decide; `open_only` leaves out what is decided."""

    unit_code: str = unit_code()
    open_only: bool = True
    most: int = checked(validate.Range(min=1, max=500), default=100)


@reply
class EvidenceLine:
    uri: str
    sha256: str


@reply
class RequestReply:
    """A request with its decision. `is_default`: nobody decided by `decide_by`, and the policy did."""

    request_id: str
    wants: Want
    about: str
    unit_code: str
    reason: RequestReason
    words: str
    evidence: list[EvidenceLine]
    facts: dict[str, str]
    appeals: str
    asked_by: str
    asked_at: datetime
    decided_in: str
    decide_by: datetime
    state: str
    is_default: bool
    answer: str
    decided_by: str
    decided_at: datetime | None = None


@reply
class RequestsReply:
    requests: list[RequestReply]


def request_reply(one: Request) -> RequestReply:
    return RequestReply(
        request_id=one.id,
        wants=one.wants,
        about=one.about,
        unit_code=one.unit_code,
        reason=one.reason,
        words=one.words,
        evidence=[EvidenceLine(**shown) for shown in one.evidence],
        facts=one.facts,
        appeals=one.appeals,
        asked_by=one.asked_by,
        asked_at=one.asked_at,
        decided_in=one.decided_in,
        decide_by=one.decide_by,
        state=one.state.value,
        is_default=one.is_default,
        answer=one.answer,
        decided_by=one.decided_by,
        decided_at=one.decided_at,
    )
