"""Policy sections about time limits and what follows when one runs out."""

# ruff: noqa: RUF009 - the calls only describe fields, as dataclasses.field does

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.policy.fields import length, lengths, not_yet_applied, number, ratio, switch, word
from shared.units import Tier


@dataclass(frozen=True)
class Sla:
    """Limits by class of urgency, on calendar time."""

    emergency: timedelta = length("emergency_hours")
    utilities: timedelta = length("utilities_hours")
    general: timedelta = length("general_days")
    complex: timedelta = length("complex_days")
    counted_from: str = not_yet_applied(word("counted_from", "dispatch", "sign_for"))
    overridable: bool = switch("overridable")

    def limit(self, sla_class: str) -> timedelta:
        """Raises KeyError for a class that doesn't exist."""
        return {
            "emergency": self.emergency,
            "utilities": self.utilities,
            "general": self.general,
            "complex": self.complex,
        }[sla_class]


@dataclass(frozen=True)
class FirstContact:
    """When the caller must have heard from the unit."""

    most: timedelta = length("most_hours")
    share_of_limit: float = ratio("share_of_limit_ratio")
    emergency: timedelta = length("emergency_minutes")
    overridable: bool = switch("overridable")

    def __call__(self, limit: timedelta, sla_class: str) -> timedelta:
        return self.emergency if sla_class == "emergency" else min(self.most, limit * self.share_of_limit)

    def due_at(self, limit_until: datetime, dispatched_at: datetime, arrived_at: datetime, sla_class: str) -> datetime:
        """By when work on an order is due: its limit, or where that was over on arrival, the first contact."""
        if limit_until > arrived_at:
            return limit_until
        return arrived_at + self(limit_until - dispatched_at, sla_class)


@dataclass(frozen=True)
class Warnings:
    """Shares of a limit at which it is said that time runs out."""

    yellow_ratio: float = ratio("yellow_ratio")
    red_ratio: float = ratio("red_ratio")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Extension:
    """More time for an issue, asked for by who works on it, approved higher up, told to caller and hotline."""

    times: int = number("times")
    max: timedelta = length("max_days")
    approved_tiers_up: int = number("approved_tiers_up", 1, 3)
    decide_within: timedelta = length("decide_within_hours")
    undecided: str = word("undecided", "refused", "granted")
    is_told_to_caller: bool = switch("told_to_caller")
    overridable: bool = switch("overridable")

    def granted_for(self, limit: timedelta) -> timedelta:
        """As long as the limit itself, up to the most."""
        return min(limit, self.max)


@dataclass(frozen=True)
class Cooperation:
    """How long an organisation that is asked has for its answer. The holder's clock rests so long, once for each."""

    answer_within: timedelta = length("answer_within_days")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Directory:
    """What a unit wants changed in the directory, and another decides. Without a decision all stays as it was."""

    decide_within: timedelta = length("decide_within_days")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Pending:
    """The pending list: who approves what stands on it, and how often somebody looks at it again."""

    approved_by: str = word("approved_by", "street", "district")
    decide_within: timedelta = length("decide_within_days")
    review_within: timedelta = length("review_within_days", least=1)
    reviewed_within: timedelta = length("reviewed_within_days")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Returns:
    """Objections to a dispatch, each decided above. After the last that is granted the assignment is forced."""

    usual_window: timedelta = length("window_hours")
    short_window: timedelta = length("short_window_minutes")
    short_limit: timedelta = length("short_limit_hours")
    per_unit: int = number("per_unit")
    per_order: int = number("per_order")
    decided_tiers_up: int = number("decided_tiers_up", 0, 3)
    overridable: bool = switch("overridable")

    def window(self, limit: timedelta) -> timedelta:
        """How long one may object, and as long again until it is decided."""
        return self.short_window if limit <= self.short_limit else self.usual_window


@dataclass(frozen=True)
class Escalation:
    """How long a tier may leave an issue unsolved at most before it climbs, and how often it may be sent back down.

    Where the orders of an issue have shorter limits, the latest of them counts.
    Where the district's time is over, there is an incident.
    """

    grid: timedelta = length("grid_days")
    community: timedelta = length("community_days")
    street: timedelta = length("street_days")
    district: timedelta = length("district_days")
    most_sent_back: int = number("most_sent_back", 1)
    failed_meetings: int = number("failed_meetings", 1)
    room_after_session: timedelta = length("room_after_session_hours")
    consent_within: timedelta = length("consent_within_days")
    overridable: bool = switch("overridable")

    def after(self, tier: Tier) -> timedelta:
        return {
            Tier.GRID: self.grid,
            Tier.COMMUNITY: self.community,
            Tier.STREET: self.street,
            Tier.DISTRICT: self.district,
        }[tier]


@dataclass(frozen=True)
class Whistle:
    """How fast departments report in when a street whistles."""

    accept_within: timedelta = not_yet_applied(length("accept_hours"))
    on_site_within: timedelta = not_yet_applied(length("on_site_hours"))
    emergency_on_site_within: timedelta = not_yet_applied(length("emergency_on_site_minutes"))
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class SupervisionOrder:
    """When an overdue task is put under supervision."""

    overdue: timedelta = length("overdue_days")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class LookBack:
    """When a closed issue is looked at again. A relapse reopens it higher up."""

    after: tuple[timedelta, ...] = lengths("after_days")
    relapse_tiers_up: int = number("relapse_tiers_up", 0, 3)
    overridable: bool = switch("overridable")
