"""A complaint (order): what was said, where it stands, and which issue it belongs to.

Every order keeps its own limit, reply and end, whatever issue it is linked to.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from services.intake.domain.errors import NotLinked, NotSigned, OrderStateForbids
from shared.contracts.hotline import ComplaintFiledV1
from shared.contracts.vocabulary import DispatchKind, Disposition, Outcome, RequestKind, SlaClass

EARLIEST_YEAR = 2000
CLOCKS_MAY_DIFFER_BY = timedelta(days=1)
LONGEST_LIMIT = timedelta(days=3660)
LINKED_BY_INTAKE = "intake"


class ComplaintState(StrEnum):
    """Where an order stands. An accepted order is linked to its issue at once, unless a clerk must settle first where.

    Refused ones are in `rejections`; who moves next is in `waits`.
    """

    TO_SETTLE = "to_settle"
    RETURNED = "returned"
    RECALLED = "recalled"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    ANSWERED = "answered"
    REFERRED = "referred"
    URGED = "urged"
    LINKED = "linked"
    REPLIED = "replied"
    CALLED_BACK = "called_back"
    REDO = "redo"
    CLOSED = "closed"


REINSTATABLE = (ComplaintState.ANSWERED, ComplaintState.RETURNED, ComplaintState.REFERRED, ComplaintState.WITHDRAWN)
"""What the caller may have taken up after all. What the hotline recalled or merged it dispatches again."""


class Dispatch(NamedTuple):
    """One dispatch of an order 派单: its number, kind, class of urgency and limit."""

    number: int
    kind: DispatchKind
    sla_class: SlaClass
    at: datetime
    due_at: datetime
    has_own_limit: bool


@dataclass(eq=False, kw_only=True)
class Complaint:
    """One order. `first_order_no` is set when it only urges an earlier one, or was merged: its issue is that one's.

    `dispatch_no` is its latest dispatch, 0 before it had any; `has_own_limit` where the hotline itself set `due_at`,
    which is with `extended_seconds` that were granted; why, its caller is told. `title` is its public wording;
    `said` are the resident's own words, sealed. `decisions` counts what was decided about it: its history.
    It speaks for `signatures`, as it claims, or for as many as a clerk has verified. `respondents` are the ids of the
    organisations that it is against, a line each. `of_order` is the order of which it is a further matter; `matters` is
    how many the order has, and stands with the first.
    It belongs to its issue, on that dispatch, since `linked_at`.
    `is_interim`: the reply is, and the matter goes on. `is_alone`: it was handled by itself, and its issue goes on.
    """

    order_no: str
    fingerprint: str
    filed_at: datetime
    received_at: datetime
    request_kind: RequestKind
    title: str
    said: bytes
    channel: str
    caller_ref: str
    unit_code: str
    category: str
    sla_class: SlaClass
    dispatch_kind: DispatchKind
    dispatch_no: int
    dispatched_at: datetime
    due_at: datetime
    has_own_limit: bool
    state: ComplaintState
    disposition: Disposition | None = None
    first_order_no: str = ""
    issue_id: str = ""
    linked_at: datetime | None = None
    linked_by: str = ""
    reply: str = ""
    replied_at: datetime | None = None
    outcome: Outcome | None = None
    closed_at: datetime | None = None
    suggested_disposition: Disposition | None = None
    decisions: int = 0
    respondents: str = ""
    of_order: str = ""
    matters: int = 1
    extended_seconds: int = 0
    extended_because: str = ""
    is_interim: bool = False
    is_alone: bool = False
    signatures: int = 0
    verified_signatures: int | None = None

    @property
    def people(self) -> int:
        """For how many it speaks: those who signed, or the one whose matter it is."""
        signed = self.signatures if self.verified_signatures is None else self.verified_signatures
        return max(signed, 1)

    def voice_in(self, issue_id: str) -> str:
        """A mark of whoever speaks, within one issue: it can't be told from it that they spoke elsewhere too."""
        if not self.caller_ref:
            return ""
        return hashlib.sha256(f"{issue_id}\0{self.caller_ref}".encode()).hexdigest()[:16]

    def people_refs(self, most: int) -> list[str]:
        """By what they are told apart: the caller, and as many more as signed, at most so many."""
        others = self.people - 1 if self.caller_ref or self.people == 1 else self.people
        named = [signatory_ref(self.order, number) for number in range(1, min(others, most) + 1)]
        return [self.caller_ref, *named] if self.caller_ref else named

    def verify_signatures(self, verified: int) -> None:
        """A clerk counted those that are real. Raises NotSigned."""
        if not self.signatures:
            raise NotSigned(f"order {self.order_no} claims no signatures", {"order_no": ["Nobody else signed it."]})
        self.verified_signatures = verified

    @property
    def order(self) -> str:
        """The number of the order of which this is a matter: of the first one its own."""
        return self.of_order or self.order_no

    @property
    def is_one_of_several(self) -> bool:
        return bool(self.of_order) or self.matters > 1

    @property
    def root(self) -> str:
        """The order that was dispatched: itself, or the one it urges."""
        return self.first_order_no or self.order_no

    @property
    def is_linked(self) -> bool:
        """Whether it belongs to an issue in its own right, with a reply and a survey of its own."""
        return self.linked_at is not None

    @property
    def is_closed(self) -> bool:
        return self.state is ComplaintState.CLOSED

    def is_after(self, handled_at: datetime) -> bool:
        """Whether it came into its issue, or went out again, after that: what was done by then is not for it."""
        return self.linked_at is not None and handled_at < self.linked_at

    def must_be_linked(self) -> None:
        if not self.is_linked:
            raise NotLinked(f"order {self.order_no} was {self.state}; it belongs to no issue of its own")

    def answer(self, disposition: Disposition, text: str, *, at: datetime) -> None:
        """It belongs to no issue, or not any more."""
        self.state, self.disposition, self.reply, self.replied_at = ComplaintState.ANSWERED, disposition, text, at
        self._leave_issue()

    def refer(self, text: str, *, at: datetime) -> None:
        """Another channel has it; `text` tells the caller where. It belongs to no issue any more."""
        self.state, self.reply, self.replied_at = ComplaintState.REFERRED, text, at
        self._leave_issue()

    def _leave_issue(self) -> None:
        self.issue_id, self.linked_at, self.linked_by = "", None, ""

    def correct(self, unit_code: str, category: str, sla_class: SlaClass, *, title: str, due_at: datetime) -> None:
        """What was wrong of it is put right; whatever the wrong hands made of it, it is in hand."""
        if (unit_code, category) != (self.unit_code, self.category):
            self.is_alone = False
        self.unit_code, self.category, self.sla_class = unit_code, category, sla_class
        self.title, self.due_at, self.state = title, due_at, ComplaintState.LINKED

    def extend(self, due_at: datetime, because: str) -> bool:
        """It has time until then. False if it has that already."""
        if due_at <= self.due_at:
            return False
        self.extended_seconds += int((due_at - self.due_at).total_seconds())
        self.due_at, self.extended_because = due_at, because
        return True

    def reinstate(self, limit: timedelta, *, at: datetime) -> None:
        """Taken up after all. One that was never dispatched is dispatched now; any other goes on from its arrival."""
        self.must_be("reinstated", *REINSTATABLE)
        self._go_by_itself(limit, at)

    def split_off(self, limit: timedelta, *, at: datetime) -> None:
        """Of one that was merged: what it was to be answered with has left, and it goes on by itself."""
        self.must_be("split off", ComplaintState.MERGED)
        self.issue_id = ""
        self._go_by_itself(limit, at)

    def _go_by_itself(self, limit: timedelta, at: datetime) -> None:
        if not self.dispatch_no:
            self.dispatch_no, self.dispatched_at, self.due_at = 1, at, at + limit
        self.first_order_no = ""
        self._begin_anew()

    def redispatch(self, dispatch: "Dispatch", unit_code: str, *, at: datetime) -> None:
        """The hotline sent it out again, whatever had become of it: it is in hand, by the limit of that dispatch."""
        self.unit_code, self.first_order_no = unit_code, ""
        if self.is_linked:
            self.linked_at = at
        else:
            self.issue_id = ""
        self.dispatch_no, self.dispatch_kind, self.sla_class = dispatch.number, dispatch.kind, dispatch.sla_class
        self.dispatched_at, self.due_at, self.has_own_limit = dispatch.at, dispatch.due_at, dispatch.has_own_limit
        self.outcome, self.closed_at, self.extended_seconds, self.extended_because = None, None, 0, ""
        self._begin_anew()

    def _begin_anew(self) -> None:
        self.state, self.disposition, self.reply, self.replied_at = ComplaintState.LINKED, None, "", None
        self.is_interim = self.is_alone = False

    def end_as(self, state: ComplaintState) -> None:
        """The hotline or the caller took it back. It belongs to no issue any more, and goes with no other order."""
        self.state, self.first_order_no = state, ""
        self._leave_issue()

    def merge(self, first_order_no: str, issue_id: str) -> None:
        """It is answered with another one from now on."""
        self.end_as(ComplaintState.MERGED)
        self.first_order_no, self.issue_id = first_order_no, issue_id

    def wait(self) -> None:
        self.state = ComplaintState.TO_SETTLE

    def must_be(self, wanted: str, *states: ComplaintState) -> None:
        """Raises OrderStateForbids."""
        if self.state not in states:
            raise OrderStateForbids(
                f"order {self.order_no} is {self.state} and can't be {wanted}; it would have to be "
                f"{' or '.join(states)}",
                {"order_no": [f"The order is {self.state}."]},
            )

    def give_to(self, unit_code: str) -> None:
        """A clerk, or the policy's default, said which unit it is for: it goes its way."""
        self.must_be("given to a unit", ComplaintState.TO_SETTLE)
        self.state, self.unit_code = ComplaintState.LINKED, unit_code

    def give_back(self) -> None:
        """To the hotline."""
        self.must_be("returned to the hotline", ComplaintState.TO_SETTLE)
        self.state = ComplaintState.RETURNED

    def urge(self, first_order_no: str, issue_id: str) -> None:
        self.state, self.first_order_no, self.issue_id = ComplaintState.URGED, first_order_no, issue_id
        self.dispatch_no = 0

    def link(self, issue_id: str, *, at: datetime, by: str) -> None:
        self.issue_id, self.linked_at, self.linked_by, self.is_alone = issue_id, at, by, False

    def reply_in_the_interim(self, text: str, *, at: datetime) -> bool:
        """It can't be solved now: its caller is told so, and it stays in hand. False if they were told that already.

        Nor is whoever has their answer, as it was handled alone.
        """
        if self.is_closed or self.is_alone or self.reply == text:
            return False
        self.reply, self.replied_at, self.is_interim = text, at, True
        return True

    def reply_with(self, text: str, *, at: datetime, alone: bool = False) -> bool:
        """Note what was done about it; False if that very reply was given already. A closed order stays closed.

        What was done for it alone it is answered with, and not again with what is done for the rest of its issue.
        """
        if (self.reply == text and self.replied_at == at) or (self.is_alone and not alone):
            return False
        self.reply, self.replied_at, self.is_interim, self.is_alone = text, at, False, alone
        self._go_on(ComplaintState.REPLIED)
        return True

    def note_callback(self) -> None:
        self._go_on(ComplaintState.CALLED_BACK)

    def redo(self) -> None:
        self.is_alone = False
        self._go_on(ComplaintState.REDO)

    def close(self, outcome: Outcome, *, at: datetime) -> bool:
        """False if it is closed already."""
        if self.state is ComplaintState.CLOSED:
            return False
        self.state, self.outcome, self.closed_at = ComplaintState.CLOSED, outcome, at
        return True

    def reopen(self) -> None:
        """Its issue came back: it will be closed again, maybe otherwise."""
        if self.state is ComplaintState.CLOSED:
            self.state, self.outcome, self.closed_at, self.is_alone = ComplaintState.LINKED, None, None, False

    def _go_on(self, state: ComplaintState) -> None:
        if self.state is not ComplaintState.CLOSED:
            self.state = state


def newcomers_in(orders: Iterable[Complaint]) -> list[Complaint]:
    """Those of an issue that joined after what was done for the others, and have no answer yet."""
    some = list(orders)
    handled_at = max((one.replied_at for one in some if one.replied_at is not None), default=None)
    if handled_at is None:
        return []
    return [one for one in some if not one.is_closed and not one.reply and one.is_after(handled_at)]


def people_in(orders: Iterable[Complaint]) -> int:
    """How many people speak in these: whoever has several orders is one, and a petition is all who signed it."""
    return len({ref or one.order_no for one in orders for ref in (one.people_refs(one.people) or [""])})


def signatory_ref(order_no: str, number: int) -> str:
    """By what a signatory of an order is told from others."""
    return f"{order_no}#{number}"


def fingerprint_of(event: ComplaintFiledV1) -> str:
    """The same for the same content; the same instant written in another offset is the same content."""
    caller, place = event.caller, event.place
    parts = (
        event.order_no,
        _instant(event.filed_at),
        event.request_kind,
        event.title,
        event.content,
        *(caller.ref, caller.name, caller.phone, caller.contact, caller.special_group, str(caller.confidential)),
        *(caller.relation, caller.concerned_name, caller.concerned_phone, str(event.signatures)),
        *(place.address, ",".join(place.unit_codes), str(place.x), str(place.y)),
        event.category,
        event.sla_class or "",
        event.dispatch_kind or "",
        str(event.dispatch_no),
        _instant(event.dispatched_at),
        _instant(event.due_at),
        event.disposition or "",
        event.respondent,
        event.channel,
        *(str(part) for part in event.matters),
    )
    return hashlib.sha256("\x1f".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()


def faulty_instants(event: ComplaintFiledV1, now: datetime) -> dict[str, list[str]]:
    """Instants that can't be meant."""
    faults = impossible({"filed_at": event.filed_at, "dispatched_at": event.dispatched_at}, now)
    return faults | faulty_limit(event.dispatched_at or now, event.due_at)


def impossible(instants: Mapping[str, datetime | None], now: datetime) -> dict[str, list[str]]:
    """Those that are later than now by more than clocks may differ, or from before any records."""
    latest = now + CLOCKS_MAY_DIFFER_BY
    faults: dict[str, list[str]] = {}
    for name, instant in instants.items():
        if instant is None:
            continue
        if instant > latest:
            faults[name] = [f"Is in the future: {instant.isoformat()}."]
        elif instant.year < EARLIEST_YEAR:
            faults[name] = [f"Is before the year {EARLIEST_YEAR}: {instant.isoformat()}."]
    return faults


def faulty_limit(dispatched_at: datetime, due_at: datetime | None) -> dict[str, list[str]]:
    """A limit of the hotline's own lies after the dispatch, and not further away than any limit is."""
    if due_at is None or dispatched_at < due_at <= dispatched_at + LONGEST_LIMIT:
        return {}
    return {
        "due_at": [f"Must be after the dispatch at {dispatched_at.isoformat()}, by {LONGEST_LIMIT.days} days at most."]
    }


def _instant(value: datetime | None) -> str:
    """Instants that UTC can't express (the first hours of year 1) keep the offset they came with."""
    if value is None:
        return ""
    try:
        return value.astimezone(UTC).isoformat()
    except OverflowError:
        return value.isoformat()
