"""Policy sections about complaints as they come in: repeats, groups, links, personal data, the inbox."""

# ruff: noqa: RUF009 - the calls only describe fields, as dataclasses.field does

from dataclasses import dataclass
from datetime import timedelta

from shared.policy.fields import length, lengths, not_yet_applied, number, ratio, switch, word, words


@dataclass(frozen=True)
class Repeat:
    """The same caller, matter and place again: linked and urged, no new order."""

    within: timedelta = length("within_days")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Group:
    """How many callers with one matter in one community or street put an issue on the deliberation list.

    A petition counts as many as it claims until a clerk has verified who signed, which is wanted within `verify`.
    """

    callers: int = number("callers", 1)
    within: timedelta = length("within_days")
    verify: timedelta = length("verify_hours")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Linking:
    """How alike two texts of one unit and category must be for their complaints to be linked to one issue.

    Titles from several communities of a street must be closer, `across_communities_ratio`, to be counted as one group.
    """

    similarity_ratio: float = ratio("similarity_ratio")
    across_communities_ratio: float = ratio("across_communities_ratio")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Settling:
    """How long an order may wait for a clerk to say which unit it is for: a share of its limit, and no longer."""

    most: timedelta = length("most_hours")
    share_of_limit: float = ratio("share_of_limit_ratio")
    overridable: bool = switch("overridable")

    def within(self, limit: timedelta) -> timedelta:
        return min(self.most, limit * self.share_of_limit)


@dataclass(frozen=True)
class Wording:
    """How long a clerk has to find words for what goes before a council. Until then it is category and place."""

    within: timedelta = length("within_hours")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Masking:
    """How much of a caller is shown to those without the duty to know."""

    phone_head: int = not_yet_applied(number("phone_head_digits", 0, 3))
    phone_tail: int = not_yet_applied(number("phone_tail_digits", 0, 4))
    surname_only: bool = not_yet_applied(switch("surname_only"))
    address_to: str = not_yet_applied(word("address_to", "community", "street", "district"))
    full_view_needs: tuple[str, ...] = not_yet_applied(words("full_view_needs"))
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Retention:
    """How long things are kept at least (logs, audit) or at most after closing (sealed personal data)."""

    logs: timedelta = not_yet_applied(length("logs_days"))
    audit: timedelta = not_yet_applied(length("audit_days"))
    personal_data: timedelta = not_yet_applied(length("personal_data_after_closing_days"))
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Inbox:
    """How often a failing event is tried before it is parked, and the waits in between (the last one repeats).

    An early one has not failed: it is tried until what it builds on has come, but no longer than `early_for`.
    A repeated event or call is known for `known_for` from when it was done, and so after any outage that is shorter.
    The copy of a message that nobody could read is kept for `unreadable_kept`.
    """

    max_attempts: int = number("max_attempts", 1, 100)
    backoff: tuple[timedelta, ...] = lengths("backoff_seconds")
    known_for: timedelta = length("known_for_days", least=1)
    unreadable_kept: timedelta = length("unreadable_kept_days")
    early_for: timedelta = length("early_for_hours")
    overridable: bool = switch("overridable")

    def wait_after(self, attempts: int) -> timedelta:
        """How long after so many attempts the next one comes."""
        return self.backoff[min(attempts, len(self.backoff)) - 1]
