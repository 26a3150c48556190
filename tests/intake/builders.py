"""Builders of what intake's tests speak of, and stand-ins for its repositories."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.intake import use_cases
from services.intake.domain.catalogue_file import read_catalogue
from services.intake.domain.complaint import Complaint, ComplaintState
from services.intake.domain.issue import Issue
from services.intake.domain.likeness import OpenIssue
from services.intake.domain.reading import Reader, Readings
from services.intake.domain.repeat import Earlier
from shared.contracts.hotline import CallerPart, ComplaintFiledV1, PlacePart
from shared.contracts.vocabulary import RequestKind
from shared.policy import PolicyBook
from shared.units import UnitDirectory
from tests.fakes import FakeWork

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
COMMUNITY, NEIGHBOUR, STREET, DISTRICT = "110105017036", "110105017037", "110105017", "110105"
TITLE = "小区东门停车位被长期占用"
CONTENT = "小区东门外的公共停车位被几辆车长期占用,居民下班回来没有地方停车,多次找人都没有解决。"

POLICIES = PolicyBook.load()
READER = Reader(read_catalogue(), UnitDirectory.load())


def an_order(order_no: str = "A1", **changes: Any) -> ComplaintFiledV1:
    caller = changes.pop("caller", f"caller-of-{order_no}")
    units = changes.pop("units", [COMMUNITY])
    fields: dict[str, Any] = {
        "order_no": order_no,
        "filed_at": NOW - timedelta(hours=1),
        "request_kind": RequestKind.COMPLAINT,
        "title": TITLE,
        "content": CONTENT,
        "caller": CallerPart(ref=caller) if isinstance(caller, str) else caller,
        "place": PlacePart(unit_codes=units),
    }
    return ComplaintFiledV1(**(fields | changes))


def take_in(work: Any, *orders: ComplaintFiledV1, now: datetime = NOW) -> Any:
    """As the bus does it: prepare the batch, then each order."""
    use_cases.prepare(work, orders, reader=READER, policies=POLICIES, now=now)
    for order in orders:
        use_cases.take_in(work, order, reader=READER, policies=POLICIES, now=now)
    return work


def told(work: Any) -> list[str]:
    return [event.wire_type.partition(".")[0] for event in work.outbox.events]


def a_work() -> Any:
    complaints = FakeComplaints()
    return FakeWork(
        complaints=complaints,
        issues=FakeIssues(),
        callers=FakeCallers(),
        rejections=FakeRejections(),
        undone_links=FakeUndoneLinks(),
        readings=Readings(),
    )


class FakeComplaints:
    def __init__(self) -> None:
        self.all: dict[str, Complaint] = {}

    def load_known(self, order_nos: Any) -> None: ...

    def load_earlier(self, caller_refs: Any, *, since: datetime) -> None: ...

    def load_of_issues(self, issue_ids: Any) -> None: ...

    def moved(self, complaint: Complaint, from_issue: str) -> None: ...

    def fingerprint_of(self, order_no: str) -> str | None:
        known = self.all.get(order_no)
        return known.fingerprint if known else None

    def earlier_of(self, caller_ref: str, *, since: datetime) -> list[Earlier]:
        return [
            Earlier(
                one.order_no,
                one.first_order_no or one.order_no,
                one.issue_id,
                one.category,
                one.unit_code,
                one.title,
                one.content,
                one.filed_at,
            )
            for one in self.all.values()
            if caller_ref and one.caller_ref == caller_ref and one.state is not ComplaintState.ANSWERED
        ]

    def of_issue(self, issue_id: str) -> list[Complaint]:
        return [one for one in self.all.values() if one.issue_id == issue_id and one.is_linked]

    def urging(self, order_no: str) -> list[Complaint]:
        return [one for one in self.all.values() if one.first_order_no == order_no]

    def find(self, order_no: str) -> Complaint | None:
        return self.all.get(order_no)

    def add(self, complaint: Complaint) -> None:
        self.all[complaint.order_no] = complaint


class FakeIssues:
    def __init__(self) -> None:
        self.all: dict[str, Issue] = {}

    def load(self, issue_ids: Any) -> None: ...

    def load_open(self, matters: Any, *, most: int) -> None: ...

    def changed(self, issue: Issue, *, from_unit: str = "") -> None: ...

    def find(self, issue_id: str) -> Issue | None:
        return self.all.get(issue_id)

    def open_of(self, matter: tuple[str, str], *, most: int) -> list[OpenIssue]:
        unit, category = matter
        found = [one for one in self.all.values() if one.is_open and one.category == category]
        return [OpenIssue(one.id, one.gist) for one in found if unit in (one.origin_unit, one.unit_code)][-most:]

    def listed_at(self, unit_code: str) -> list[Issue]:
        return [one for one in self.all.values() if one.listed_unit == unit_code]

    def add(self, issue: Issue) -> None:
        self.all[issue.id] = issue


class FakeCallers:
    def __init__(self) -> None:
        self.kept: dict[str, CallerPart] = {}

    def pseudonym(self, caller: CallerPart) -> str:
        known_by = caller.ref or caller.phone
        return f"someone-{known_by}" if known_by else ""

    def keep(self, order_no: str, caller: CallerPart, *, at: datetime) -> None:
        self.kept[order_no] = caller


class FakeRejections:
    def __init__(self) -> None:
        self.all: dict[str, Any] = {}

    def find(self, rejection_id: str) -> Any:
        return self.all.get(rejection_id)

    def add(self, rejection: Any) -> None:
        self.all[rejection.id] = rejection

    def of_order(self, order_no: str) -> list[Any]:
        return [one for one in self.all.values() if one.order_no == order_no]


class FakeUndoneLinks:
    def __init__(self) -> None:
        self.all: list[Any] = []

    def add(self, link: Any) -> None:
        self.all.append(link)
