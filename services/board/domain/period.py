"""Published periods with their ranks and errata, and the names of categories."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.contracts.evaluation import ErratumIssuedV1, PeriodPublishedV1, RankingPart
from shared.contracts.intake import IssueRaisedV1


@dataclass(eq=False, kw_only=True)
class Period:
    """A period is shown from when it is published; an erratum of it may be heard before."""

    period_id: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    samples: int = 0
    sha256: str = ""
    policy_version: str = ""
    classes: dict[str, list[str]] = field(default_factory=dict)
    errata: list[dict[str, Any]] = field(default_factory=list)
    published_at: datetime | None = None

    def publish(self, event: PeriodPublishedV1) -> None:
        self.starts_at, self.ends_at, self.samples = event.starts_at, event.ends_at, event.samples
        self.sha256, self.policy_version, self.published_at = event.sha256, event.policy_version, event.published_at
        self.classes = dict(vars(event.classes))

    def mend(self, event: ErratumIssuedV1) -> None:
        """Once, by its number."""
        said = {
            "number": event.erratum_no,
            "reason": event.reason,
            "correction": event.correction,
            "issued_at": event.issued_at.isoformat(),
        }
        others = [one for one in self.errata if one["number"] != event.erratum_no]
        self.errata = sorted([*others, said], key=lambda one: int(one["number"]))


@dataclass(eq=False, kw_only=True)
class Ranking:
    """Who is ranked with whom in a period, as it was published."""

    id: str
    period_id: str
    group: str
    within: str
    dispatch_kind: str
    entries: list[dict[str, Any]]


def ranking_from(period_id: str, part: RankingPart) -> Ranking:
    return Ranking(
        id=f"{period_id}|{part.group}|{part.within}|{part.dispatch_kind}",
        period_id=period_id,
        group=part.group,
        within=part.within,
        dispatch_kind=part.dispatch_kind,
        entries=[dict(vars(one)) for one in part.entries],
    )


@dataclass(eq=False, kw_only=True)
class Category:
    """What the catalogue calls a category, by the latest issue that was raised in it."""

    code: str
    name: str
    told_at: datetime

    def hear(self, event: IssueRaisedV1) -> None:
        if event.raised_at >= self.told_at:
            self.name, self.told_at = event.category_name, event.raised_at
