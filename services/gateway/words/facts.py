"""What a line of the timeline tells beyond its kind: people's words as they are, codes and instants as we say them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.board.reading.whole import TimelineLine
from services.gateway.words.catalogue import translations, zh
from services.gateway.words.names import name_of
from services.gateway.words.times import Times

THEIRS = (
    "mover",
    "motion",
    "seconder",
    "speaker",
    "statement",
    "expert",
    "opinion",
    "option",
    "what",
    "department",
    "hall_name",
    "words",
    "remedy",
    "plan",
    "owner",
    "organisation",
    "reasons",
    "answer",
    "objection",
    "correction",
)
"""Facts that are people's own words and names, in this order."""
INSTANTS: Mapping[str, str] = {
    "starts_at": zh("时间 %(when)s"),
    "next_starts_at": zh("新的时间 %(when)s"),
    "due_at": zh("期限 %(when)s"),
    "decide_by": zh("须在 %(when)s 前决定"),
    "closes_at": zh("到 %(when)s 截止"),
    "review_at": zh("%(when)s 复核"),
    "objections_until": zh("到 %(when)s 为止可以提出意见"),
}
CODES: Mapping[tuple[str, str], str] = {
    ("motion_voted", "outcome"): "vote",
    ("poll_counted", "outcome"): "vote",
    ("issue_closed", "outcome"): "outcome",
    ("complaint_closed", "outcome"): "outcome",
    ("issue_evaluated", "outcome"): "outcome",
    ("milestone_reached", "milestone"): "milestone",
    ("session_postponed", "reason"): "postponement",
    ("issue_escalated", "reason"): "escalation",
    ("resolution_reviewed", "review"): "review",
    ("deliberation_failed", "reason"): "failure",
}
VOTES = zh("赞成 %(votes_for)s，反对 %(votes_against)s，弃权 %(abstained)s")
UNTIL = zh("公示到 %(day)s")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened along. `is_theirs`: it stays in the language in which it was said."""

    words: str
    is_theirs: bool = False


def facts_of(line: TimelineLine, times: Times) -> list[Fact]:
    """In the order in which one wants to know: what was said, what came of it, by when."""
    theirs = [Fact(str(line.facts[name]), True) for name in THEIRS if line.facts.get(name)]
    return theirs + [Fact(words) for words in _ours(line, times)]


def _ours(line: TimelineLine, times: Times) -> Iterator[str]:
    words, told = translations(times.language), line.facts
    event = line.kind.partition(".")[0]
    for (kind, name), named in CODES.items():
        if kind == event and told.get(name):
            yield words.ugettext(name_of(named, str(told[name])))
    if "votes_for" in told:
        yield words.ugettext(VOTES) % told
    for name, text in INSTANTS.items():
        if told.get(name):
            yield words.ugettext(text) % {"when": times.when(datetime.fromisoformat(str(told[name])))}
    if told.get("displayed_until"):
        ends_at = datetime.fromisoformat(str(told["displayed_until"]))
        yield words.ugettext(UNTIL) % {"day": times.day(ends_at - timedelta(seconds=1))}
