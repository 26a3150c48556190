"""The community's duty list 社区职责清单 (Art. 17), as far as climbing goes: what a community must try first itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts.vocabulary import EscalationReason
from shared.units import Tier

_KEYS = {"version", "tiers", "reasons", "categories"}


class BadDutyList(Exception):
    """The duty list can't be used; the message names the key and what was wrong."""


@dataclass(frozen=True)
class DutyList:
    """Which matters the lower tiers must try first, and against which reasons that holds."""

    version: str
    tiers: frozenset[Tier]
    reasons: frozenset[EscalationReason]
    categories: frozenset[str]

    def must_try_first(self, tier: Tier, category: str, reason: EscalationReason) -> bool:
        return tier in self.tiers and category in self.categories and reason in self.reasons

    @classmethod
    def read(cls, listed: Mapping[str, Any], name: str) -> "DutyList":
        """From the plain values of the file; `name` is for messages. Raises BadDutyList."""
        if wrong := _KEYS.symmetric_difference(listed):
            raise BadDutyList(f"{name}: {min(wrong)}: {'is missing' if min(wrong) in _KEYS else 'is unknown'}")
        return cls(
            version=str(listed["version"]),
            tiers=frozenset(_words(listed, "tiers", Tier, name)),
            reasons=frozenset(_words(listed, "reasons", EscalationReason, name)),
            categories=frozenset(_words(listed, "categories", str, name)),
        )


def _words(listed: Mapping[str, Any], key: str, kind: Any, name: str) -> list[Any]:
    words = listed[key]
    if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
        raise BadDutyList(f"{name}: {key}: must be a list of words")
    try:
        return [kind(word) for word in words]
    except ValueError:
        raise BadDutyList(f"{name}: {key}: must be among {', '.join(kind)}") from None
