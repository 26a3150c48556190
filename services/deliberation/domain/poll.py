"""A poll 逐户表决: a motion is put to households or owners over a window, on paper, instead of to those in the hall.

A paper counts when somebody else than who entered it has checked it. Joint holders sign together, or name one in
writing; whoever signs for others has that in writing too, and for so many voters at most. Who says nothing has not
consented.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.deliberation.domain.electorate import Voter
from services.deliberation.domain.errors import PapersRefused, PollNotOpen
from shared.contracts.vocabulary import ElectorateKind
from shared.errors import Fields

ABSTAINS = 0
"""What a paper chooses on which no option is marked. The options are counted from 1."""
YES_OR_NO = ("同意", "不同意")
"""The options of a poll that names none; only the first can be carried."""


class PollState(StrEnum):
    """Papers are collected and checked, then counted; withdrawn where its issue ended before."""

    OPEN = "open"
    COUNTED = "counted"
    WITHDRAWN = "withdrawn"


@dataclass(eq=False)
class Poll:
    """`due_at` is until when what was collected may be checked; then it is counted by itself.

    `owners_item` is the item of 民法典 278 that owners vote on, 0 for households.
    """

    id: str
    motion_id: str
    session_id: str
    issue_id: str
    unit_code: str
    electorate: ElectorateKind
    options: tuple[str, ...]
    voters: tuple[Voter, ...]
    owners_item: int
    opened_at: datetime
    opens_at: datetime
    closes_at: datetime
    due_at: datetime
    state: PollState = PollState.OPEN

    @property
    def is_yes_or_no(self) -> bool:
        return self.options == YES_OR_NO

    def by_dwelling(self) -> dict[str, Voter]:
        """Whose each dwelling is."""
        return {dwelling: voter for voter in self.voters for dwelling in voter.dwellings}

    def must_take_papers(self, at: datetime) -> None:
        """Raises PollNotOpen before and after its window."""
        self.must_be_open()
        if not self.opens_at <= at < self.closes_at:
            window = f"from {self.opens_at.isoformat()} to {self.closes_at.isoformat()}"
            raise PollNotOpen(f"papers of {self.id} are taken {window}")

    def must_be_open(self) -> None:
        if self.state is not PollState.OPEN:
            raise PollNotOpen(f"{self.id} is {self.state.value}; nothing is added to it")


@dataclass(eq=False)
class Paper:
    """What one voter chose on paper 表决票. `authorised` names the writing by which somebody signs for others."""

    poll_id: str
    number: int
    dwelling: str
    choice: int
    signed_by: tuple[str, ...]
    authorised: str
    entered_by: str
    entered_at: datetime


@dataclass(eq=False)
class Check:
    """Somebody else held a paper against what was entered: it is right, or wrong, and why."""

    poll_id: str
    paper: int
    is_right: bool
    reason: str
    checked_by: str
    checked_at: datetime


@dataclass(frozen=True)
class Box:
    """All papers of a poll, with their checks."""

    papers: Sequence[Paper]
    checks: Sequence[Check]

    @property
    def standing(self) -> list[Paper]:
        """Those that nobody found wrong."""
        wrong = {check.paper for check in self.checks if not check.is_right}
        return [paper for paper in self.papers if paper.number not in wrong]

    @property
    def unchecked(self) -> list[Paper]:
        checked = self._checked
        return [paper for paper in self.standing if paper.number not in checked]

    @property
    def valid(self) -> list[Paper]:
        """Those that count."""
        checked = self._checked
        return [paper for paper in self.standing if paper.number in checked]

    @property
    def _checked(self) -> set[int]:
        return {check.paper for check in self.checks}


def check_papers(poll: Poll, box: Box, fresh: Sequence[Paper], *, voters_per_proxy: int) -> None:
    """Raises PapersRefused with all that is wrong with each; then none is entered."""
    voters, standing = poll.by_dwelling(), box.standing
    has_paper = {voters.get(paper.dwelling) for paper in standing}
    proxied = Counter(person for paper in standing for person in _strangers(voters.get(paper.dwelling), paper))
    faults: Fields = {}
    for place, paper in enumerate(fresh):
        voter = voters.get(paper.dwelling)
        proxied.update(_strangers(voter, paper))
        found = _faults(poll, paper, voter, has_paper, voters_per_proxy, proxied)
        faults |= {f"papers.{place}.{field}": [said] for field, said in found.items()}
        has_paper.add(voter)
    if faults:
        raise PapersRefused("no paper was entered, because some can't be", faults)


def check_checks(box: Box, numbers: Iterable[int], *, by: str) -> None:
    """Raises PapersRefused unless each of these waits for somebody else than who entered it."""
    waiting = {paper.number: paper for paper in box.unchecked}
    faults: list[str] = []
    for number in numbers:
        if number not in waiting:
            faults.append(f"Paper {number} does not wait to be checked.")
        elif waiting[number].entered_by == by:
            faults.append(f"Paper {number} was entered by {by}: somebody else checks it.")
    if faults:
        raise PapersRefused("no check was taken in", {"papers": faults})


def _strangers(voter: Voter | None, paper: Paper) -> set[str]:
    """Who signs for others without being a holder."""
    return set(paper.signed_by) - set(voter.holders if voter else ())


def _faults(
    poll: Poll,
    paper: Paper,
    voter: Voter | None,
    has_paper: Collection[Voter | None],
    most: int,
    proxied: Counter[str],
) -> dict[str, str]:
    if voter is None:
        return {"dwelling": f"{paper.dwelling} is not in the electorate."}
    faults, strangers = {}, _strangers(voter, paper)
    if voter in has_paper:
        faults["dwelling"] = f"There is a paper for {', '.join(voter.dwellings)} already."
    if not ABSTAINS <= paper.choice <= len(poll.options):
        faults["choice"] = f"From 1 to {len(poll.options)}, or {ABSTAINS} where none is marked."
    is_whole = set(voter.holders) <= set(paper.signed_by)
    if not (paper.authorised.strip() or (is_whole and not strangers)):
        faults["authorised"] = f"Signed by all of {', '.join(voter.holders)}, or by whom they name in writing: which?"
    beyond = sorted(person for person in strangers if proxied[person] > most)
    if beyond:
        faults["signed_by"] = f"{', '.join(beyond)} signs for more than {most} voters."
    return faults
