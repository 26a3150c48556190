"""Policy sections about meetings: notice, quorum, votes, speech, and what happens when they fail."""

# ruff: noqa: RUF009 - the calls only describe fields, as dataclasses.field does

from dataclasses import dataclass
from datetime import timedelta

from shared.calendars import Days
from shared.policy.fields import Threshold, bar, days, length, not_yet_applied, number, numbers, switch, words

GROUND_LEVELS = ("entrance", "compound", "grid", "online")


@dataclass(frozen=True)
class Notice:
    """How long before a session its notice must be published."""

    grid: Days = days("grid_days")
    community: Days = days("community_days")
    street: Days = days("street_working_days")
    district: Days = days("district_working_days")
    owners: Days = days("owners_days")
    urgent: timedelta = length("urgent_hours")
    urgent_levels: tuple[str, ...] = words("urgent_levels")
    is_vote_bound_to_notice: bool = switch("vote_only_on_what_was_on_the_notice")
    overridable: bool = switch("overridable")

    def for_session(self, level: str, urgent: bool = False) -> Days | timedelta:
        """Level is a tier, `owners`, or a hall below the community. Raises KeyError for any other."""
        level = "grid" if level in GROUND_LEVELS else level
        if urgent and level in self.urgent_levels:
            return self.urgent
        return {
            "grid": self.grid,
            "community": self.community,
            "street": self.street,
            "district": self.district,
            "owners": self.owners,
        }[level]


@dataclass(frozen=True)
class Postpone:
    """By when a postponed meeting must be held, counted from its first date, and how often it may be put off."""

    within: timedelta = length("within_days")
    times: int = number("times", 1)
    decide_within: timedelta = length("decide_within_hours")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Lapse:
    """How long after its beginning a session may still be opened, and how long after its opening it is closed."""

    opened_within: timedelta = length("opened_within_minutes")
    closed_within: timedelta = length("closed_within_hours")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Quorum:
    """Who must be there for a vote to count. Owners are counted by area and by heads; both bars must be met."""

    council: Threshold = bar("council_ratio")
    council_least_deputies: int = number("council_least_deputies", 1)
    affected_residents: Threshold = bar("affected_residents_ratio")
    representatives: Threshold = not_yet_applied(bar("representatives_ratio"))
    residents: Threshold = bar("residents_ratio")
    owners_area: Threshold = bar("owners_area_ratio")
    owners_heads: Threshold = bar("owners_heads_ratio")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Majority:
    """What carries a motion. Abstentions count among those present, not among those in favour."""

    ordinary: Threshold = bar("ordinary_ratio")
    money: Threshold = bar("public_money_ratio")
    owners: Threshold = bar("owners_ratio")
    owners_special: Threshold = bar("owners_special_ratio")
    owners_special_items: tuple[int, ...] = numbers("owners_special_items")
    do_ties_fail: bool = switch("ties_fail")
    is_abstention_present: bool = switch("abstention_counts_as_present")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Poll:
    """For how long a poll takes papers, by when after that they are checked, and for how many one may sign."""

    least: Days = days("least_days")
    most: Days = days("most_days")
    checked_within: timedelta = length("checked_within_hours")
    voters_per_proxy: int = number("voters_per_proxy")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Speech:
    """Seconders of a motion, and who speaks how long and how often on it."""

    seconders: int = number("seconders", 1)
    turn_length: timedelta = not_yet_applied(length("turn_minutes"))
    turns: int = number("turns_per_motion", 1)
    do_sides_alternate: bool = switch("sides_alternate")
    is_chair_neutral: bool = switch("chair_neutral")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class SameMotion:
    """When a motion that was voted on may come again."""

    is_barred_in_session: bool = switch("barred_in_same_session")
    after: timedelta = length("after_days")
    do_new_facts_suffice: bool = switch("new_facts_suffice")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Resolution:
    """How a resolution is made public, and by when an objection to it is answered."""

    publish_within: timedelta = not_yet_applied(length("publish_within_days"))
    displayed: Days = days("displayed_working_days")
    answered_within: Days = days("answered_within_working_days")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Minutes:
    """By when minutes are circulated and signed, and how long those who took part may object in between."""

    circulated_within: timedelta = length("circulated_within_days")
    objections: timedelta = length("objections_hours")
    signed_within: timedelta = length("signed_within_days")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Inquorate:
    """What follows when too few come."""

    second_call_within: timedelta = length("second_call_within_days")
    failed_after: int = number("failed_after_in_a_row", 1)
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Failure:
    """What follows when deliberation fails."""

    times: int = number("times", 1)
    is_mediated_first: bool = switch("mediation_with_experts_first")
    then_tiers_up: int = not_yet_applied(number("then_tiers_up", 1, 3))
    overridable: bool = switch("overridable")
