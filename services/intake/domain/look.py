"""Who may read an order in its own words, for what reason, and how much of it each reason needs.

Every look is kept: who looked, when, why, and at what.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.intake.domain.respondent import is_any_named, plainly
from shared.auth import Role
from shared.contracts.directory_words import OrganisationKind
from shared.contracts.vocabulary import RequestKind


class LookReason(StrEnum):
    """办理, 分拣, 回访, 督查, 市民查询: the duties for which an order is read."""

    HANDLE = "handle"
    SORT = "sort"
    CALL_BACK = "call_back"
    SUPERVISE = "supervise"
    INQUIRE = "inquire"


GIVEN_BY = {
    LookReason.HANDLE: frozenset({Role.HANDLER, Role.LEADER, Role.CLERK}),
    LookReason.SORT: frozenset({Role.CLERK}),
    LookReason.CALL_BACK: frozenset({Role.CALLBACK_AGENT}),
    LookReason.SUPERVISE: frozenset({Role.SUPERVISOR}),
    LookReason.INQUIRE: frozenset({Role.HOTLINE}),
}
"""A reason is a duty, and only those who have the duty give it."""
READERS = tuple(sorted({role for roles in GIVEN_BY.values() for role in roles}))
KNOWS_CALLER_ANYWAY = frozenset({LookReason.CALL_BACK, LookReason.INQUIRE})
"""These reach the caller also where secrecy hides them from units and communities."""
COMPANIES = frozenset({OrganisationKind.PROPERTY_COMPANY, OrganisationKind.ENTERPRISE})
WORDS = ("title", "content", "address", "respondent")
PROPOSAL = "proposal"
CALLER = ("caller_name", "caller_phone", "caller_contact", "relation", "concerned_name", "concerned_phone")


class Withheld(StrEnum):
    """Why the caller is not shown."""

    NOT_NEEDED = "not_needed"
    SECRECY = "secrecy"
    OWN_ORGANISATION = "own_organisation"
    COMPANY = "company"


@dataclass(frozen=True, kw_only=True)
class Look:
    """Somebody read an order. `fields` are what was shown of it."""

    id: str
    order_no: str
    subject: str
    organisation: str
    roles: list[str]
    unit_code: str
    reason: LookReason
    fields: list[str]
    looked_at: datetime


@dataclass(frozen=True)
class Reader:
    """The organisation for which somebody reads: its names and kind, as the directory has them."""

    names: Collection[str] = ()
    kind: OrganisationKind | None = None


def withheld(
    reason: LookReason, reader: Reader, *, request_kind: RequestKind, respondent: str, asks_for_secrecy: bool
) -> Withheld | None:
    """Why this reader is not told who called; None for one who is."""
    if reason is LookReason.SORT:
        return Withheld.NOT_NEEDED
    if is_any_named(plainly(respondent), map(plainly, reader.names)):
        return Withheld.OWN_ORGANISATION
    if reader.kind in COMPANIES:
        return Withheld.COMPANY
    is_secret = asks_for_secrecy or request_kind is RequestKind.REPORT
    return Withheld.SECRECY if is_secret and reason not in KNOWS_CALLER_ANYWAY else None


def look_id(*told: str) -> str:
    """From all that tells one look from another: order, reader, unit, key and instant."""
    return hashlib.sha256("\0".join(told).encode()).hexdigest()
