"""What supervision and the escalation RPC can be asked.

The `subject` of a command is the issue it is about: commands on one issue are done in the order in which they came.
"""

from marshmallow import validate

from services.supervision.domain.case import issue_of
from services.supervision.domain.incident import Decision
from shared.bus.rpc.messages import reason_for, request, unit_code, unit_codes
from shared.contracts.base import checked, listed, text
from shared.contracts.dispatch import EvidencePart
from shared.contracts.fields import FullMatch
from shared.contracts.requests import RequestReason, Want
from shared.contracts.vocabulary import EscalationReason

MOST_EVIDENCE, MOST_UNITS = 50, 50
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"


class _AboutClock:
    clock_id: str

    @property
    def subject(self) -> str:
        return issue_of(self.clock_id)


TRIED = "What was tried there, and what came of it: over_level needs it."


class _AboutIssue:
    issue_id: str

    @property
    def subject(self) -> str:
        return self.issue_id


@request
class Escalate(_AboutIssue):
    """`units_concerned` helps for `cross_area`, where the case does not know of all of them."""

    issue_id: str = text(longest=120)
    from_unit: str = unit_code()
    reason: EscalationReason
    explanation: str = text(longest=2000)
    tried: str = text(shortest=0, longest=2000, default="", says=TRIED)
    evidence: list[EvidencePart] = listed(validate.Length(max=MOST_EVIDENCE))
    units_concerned: list[str] = unit_codes(most=MOST_UNITS)
    idempotency_key: str = text(longest=100)


@request
class Preview:
    """As `Escalate`, without the key: nothing is changed."""

    issue_id: str = text(longest=120)
    from_unit: str = unit_code()
    reason: EscalationReason
    explanation: str = text(shortest=0, longest=2000, default="")
    tried: str = text(shortest=0, longest=2000, default="", says=TRIED)
    evidence: list[EvidencePart] = listed(validate.Length(max=MOST_EVIDENCE))
    units_concerned: list[str] = unit_codes(most=MOST_UNITS)


@request
class Status:
    """Where an issue stands: who holds it, its clocks, and how often it climbed."""

    issue_id: str = text(longest=120)


@request
class Withdraw:
    """Take an escalation back: the latest, by its own street, before the next holder begins."""

    escalation_id: str = text(longest=140)
    reason: str = text(longest=2000)
    idempotency_key: str = text(longest=100)

    @property
    def subject(self) -> str:
        return issue_of(self.escalation_id)


@request
class GetCase:
    """The case of an issue: who holds it, its clocks, requests to climb, and incidents with their ids."""

    issue_id: str = text(longest=120)


@request
class ListCases:
    """Cases held by the unit or inside it; `state` is open, closed or empty for both."""

    unit_code: str = unit_code()
    state: str = checked(validate.OneOf(["", "open", "closed"]), default="open")
    most: int = checked(validate.Range(min=1, max=1000), default=100)


@request
class GetTimeline:
    """What happened to an issue, from the first on."""

    issue_id: str = text(longest=120)
    most: int = checked(validate.Range(min=1, max=5000), default=1000)


@request
class ExplainClock:
    """When a clock runs out, and why then: its ledger in words. `get_case` names the clocks."""

    clock_id: str = text(longest=140)


@request
class PauseClock(_AboutClock):
    """Put a running clock on hold, with a reason. `get_case` names the clocks."""

    clock_id: str = text(longest=140)
    reason: str = text(longest=2000)
    idempotency_key: str = text(longest=100)


@request
class ResumeClock(_AboutClock):
    """Let a clock on hold count on. What it had left it still has. `get_case` names the clocks."""

    clock_id: str = text(longest=140)
    reason: str = text(shortest=0, longest=2000, default="")
    idempotency_key: str = text(longest=100)


@request
class AskExtension(_AboutIssue):
    """延期: more time for all of an issue, asked for in time. How much, and who decides, is for the policy to say."""

    issue_id: str = text(longest=120)
    reason: RequestReason = reason_for(Want.EXTENSION)
    words: str = text(longest=2000, says="Told to callers and hotline if it is granted: no names of residents.")
    evidence: list[EvidencePart] = listed(validate.Length(max=MOST_EVIDENCE))
    idempotency_key: str = text(longest=100)


@request
class AskOrganisation(_AboutIssue):
    """Ask an organisation that nobody here commands for what only it can do, such as the railway for its land."""

    issue_id: str = text(longest=120)
    organisation_id: str = text(longest=120)
    reason: RequestReason = reason_for(Want.COOPERATION)
    words: str = text(longest=2000, says="What it is asked for: no names of residents.")
    evidence: list[EvidencePart] = listed(validate.Length(max=MOST_EVIDENCE))
    idempotency_key: str = text(longest=100)


@request
class AskDemonstration(_AboutIssue):
    """示范性项目: ask for the district's consent."""

    issue_id: str = text(longest=120)
    reason: RequestReason = reason_for(Want.DEMONSTRATION)
    words: str = text(longest=2000, says="What others can learn from it: no names of residents.")
    evidence: list[EvidencePart] = listed(validate.Length(max=MOST_EVIDENCE))
    idempotency_key: str = text(longest=100)


@request
class RecordAnswer:
    """Take down what an organisation wrote, with the letter: by somebody else than who asked it."""

    request_id: str = text(longest=140)
    agrees: bool
    words: str = text(longest=2000)
    answered_by: str = text(longest=200, says="Who answered there: an office, or a name with its post.")
    evidence: list[EvidencePart] = checked(validate.Length(min=1, max=MOST_EVIDENCE))
    idempotency_key: str = text(longest=100)

    @property
    def subject(self) -> str:
        return issue_of(self.request_id)


@request
class AskPending(_AboutIssue):
    """疑难挂账: what can't be solved now, with a plan, the organisation that sees to it, and what callers are told."""

    issue_id: str = text(longest=120)
    reason: RequestReason = reason_for(Want.PENDING)
    words: str = text(longest=2000)
    plan: str = text(longest=2000)
    owner: str = text(longest=120, says="The organisation that sees to the plan, by its id.")
    review_on: str = checked(FullMatch(DAY, error="Must be a day like 2026-12-01."))
    interim_reply: str = text(longest=2000, says="What callers and hotline are told: no names of residents.")
    evidence: list[EvidencePart] = listed(validate.Length(max=MOST_EVIDENCE))
    idempotency_key: str = text(longest=100)


@request
class ReviewPending(_AboutIssue):
    """It stays on the pending list until another day of review, or comes off and its time counts on."""

    issue_id: str = text(longest=120)
    stays: bool
    review_on: str = checked(FullMatch(f"{DAY}|", error="Must be a day like 2026-12-01."), default="")
    words: str = text(longest=2000)
    idempotency_key: str = text(longest=100)


@request
class ListPending:
    """What a unit and the units inside it have on the pending list, the soonest to be reviewed first."""

    unit_code: str = unit_code()
    most: int = checked(validate.Range(min=1, max=500), default=100)


@request
class RecordLookBack(_AboutIssue):
    """回访复核: whether the matter has relapsed since it was closed; if so, it is opened again."""

    issue_id: str = text(longest=120)
    relapsed: bool
    remark: str = text(longest=2000)
    idempotency_key: str = text(longest=100)


@request
class ReturnDown(_AboutIssue):
    """Give an issue back to the unit below that had it before, with a reason."""

    issue_id: str = text(longest=120)
    reason: str = text(longest=2000)
    idempotency_key: str = text(longest=100)


@request
class SettleIncident:
    """Say what comes of an incident, by its id from `list_my_work` or `get_case`.

    `noted`: it is on record with the reason. Of a district that is out of time also `again`: it gets its time once
    more; or `close_unsolved`: the issue ends as unsolved.
    """

    incident_id: str = text(longest=140)
    decision: Decision
    reason: str = text(longest=2000)
    idempotency_key: str = text(longest=100)

    @property
    def subject(self) -> str:
        return issue_of(self.incident_id)
