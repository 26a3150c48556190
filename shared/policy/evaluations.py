"""Policy sections about asking residents and comparing units."""

# ruff: noqa: RUF009 - the calls only describe fields, as dataclasses.field does

from dataclasses import dataclass
from datetime import timedelta

from shared.calendars.periods import Days
from shared.contracts.requests import Want
from shared.contracts.vocabulary import Asker, Solved
from shared.policy.fields import Threshold, bar, days, length, not_yet_applied, number, ratio, switch, word, words


@dataclass(frozen=True)
class Callback:
    """The questions put to a caller. No answer is no sample, and never counts as satisfied."""

    starts: str = not_yet_applied(word("starts", "limit_expired", "order_closed"))
    tries: int = number("tries", 1)
    within: timedelta = length("within_days")
    hotline_within: timedelta = length("hotline_within_days")
    own_channels: tuple[str, ...] = words("own_channels")
    own_kinds: tuple[str, ...] = words("own_kinds")
    satisfied_from: int = number("satisfied_from", 1, 5)
    is_silence_a_sample: bool = not_yet_applied(switch("no_answer_is_a_sample"))
    overridable: bool = switch("overridable")

    def asker(self, channel: str, kind: str) -> Asker:
        """Who asks the caller of an order that came by this channel: where the hotline doesn't, we do."""
        return Asker.OWN if channel in self.own_channels or kind in self.own_kinds else Asker.HOTLINE

    def answer_within(self, asker: Asker) -> timedelta:
        """How long a round may take from its beginning."""
        return self.within if asker is Asker.OWN else self.hotline_within


@dataclass(frozen=True)
class HotlineWords:
    """How the words of the hotline's callbacks are read: solved or not, and which of five steps of satisfaction."""

    yes: tuple[str, ...] = words("solved_yes")
    partly: tuple[str, ...] = words("solved_partly")
    no: tuple[str, ...] = words("solved_no")
    step_1: tuple[str, ...] = words("satisfaction_1")
    step_2: tuple[str, ...] = words("satisfaction_2")
    step_3: tuple[str, ...] = words("satisfaction_3")
    step_4: tuple[str, ...] = words("satisfaction_4")
    step_5: tuple[str, ...] = words("satisfaction_5")
    overridable: bool = switch("overridable")

    def solved(self) -> dict[str, Solved]:
        """What each word stands for."""
        named = {Solved.YES: self.yes, Solved.PARTLY: self.partly, Solved.NO: self.no}
        return {word: meaning for meaning, words in named.items() for word in words}

    def satisfaction(self) -> dict[str, int]:
        """The step, of five, that each word stands for."""
        steps = (self.step_1, self.step_2, self.step_3, self.step_4, self.step_5)
        return {word: number for number, words in enumerate(steps, start=1) for word in words}

    def ambiguous(self) -> list[str]:
        """Words that stand for two things."""
        meant = (self.yes + self.partly + self.no, self.step_1 + self.step_2 + self.step_3 + self.step_4 + self.step_5)
        return [word for words in meant for word in dict.fromkeys(words) if words.count(word) > 1]


@dataclass(frozen=True)
class Redo:
    """What a caller's "not solved" leads to."""

    times: int = number("times")
    share: float = ratio("share_of_limit_ratio")
    unsolved: Threshold = bar("unsolved_ratio")
    then_tiers_up: int = not_yet_applied(number("then_tiers_up", 1, 3))
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Weights:
    """Weights of the three rates in the composite, in per cent; together 100."""

    response: int = number("response_percent", 0, 100)
    resolution: int = number("resolution_percent", 0, 100)
    satisfaction: int = number("satisfaction_percent", 0, 100)
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Charges:
    """What the organisation that leads bears of an answer where others assist it; these bear the rest."""

    lead_ratio: float = ratio("lead_ratio")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Ranking:
    """Who is ranked with whom, and which classes come of it."""

    min_samples: int = number("min_samples", 1)
    groups: tuple[str, ...] = words("groups")
    dispatch_kinds: tuple[str, ...] = words("dispatch_kinds")
    interval: str = not_yet_applied(word("interval", "wilson"))
    confidence_ratio: float = ratio("confidence_ratio")
    advanced_ratio: float = ratio("advanced_ratio")
    progress_ratio: float = ratio("progress_ratio")
    rectify_ratio: float = ratio("rectify_ratio")
    governance_count: int = number("governance_count")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Period:
    """The calendar month that is evaluated; it may start on another day than the first.

    For so many days after its end an evaluator may look at it and freeze it; then it freezes by itself.
    """

    start_day: int = number("start_day", 1, 28)
    freezes_after_days: int = number("freezes_after_days", 0, 28)
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Exclusion:
    """Orders left out of the rates, for which reasons; and when the hotline must have said what it decides."""

    decide_within: Days = days("decide_within_working_days")
    reasons: tuple[str, ...] = words("reasons")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class Appeal:
    """What may be appealed against when it was refused, within which time, and in which it is decided anew."""

    of: tuple[str, ...] = words("of", *Want)
    within: timedelta = length("within_hours")
    decide_within: timedelta = length("decide_within_hours")
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class RequestsRatio:
    """Requests are compared per so many residents."""

    per_residents: int = not_yet_applied(number("per_residents", 1))
    overridable: bool = switch("overridable")


@dataclass(frozen=True)
class ProjectSurvey:
    """How many answers make a satisfaction survey of a project count: either bar is enough."""

    least_answers: int = not_yet_applied(number("least_answers", 1))
    share_of_households: float = not_yet_applied(ratio("share_of_households_ratio"))
    overridable: bool = switch("overridable")
