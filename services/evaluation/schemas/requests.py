"""What evaluation can be asked. A request refuses fields it doesn't know; every command carries a key.

The `subject` of a command is the order or the period it is about: commands on one are done in the order in which they
came.
"""

from datetime import datetime

from marshmallow import validate

from shared.bus.rpc.messages import request, unit_code
from shared.contracts.base import checked, text
from shared.contracts.fields import FullMatch
from shared.contracts.vocabulary import Asker, Solved


def _key() -> str:
    return text(longest=100, says="The same key gives the same reply, and the command is carried out once.")  # type: ignore[no-any-return]


def _period_id(default: str | None = None) -> str:
    rule = FullMatch("([0-9]{4}-(0[1-9]|1[0-2]))?", error="Must be a month like 2026-03.")
    needed = validate.Length(min=7, error="Must be a month like 2026-03.")
    return checked(rule, needed) if default is None else checked(rule, default=default)  # type: ignore[no-any-return]


class _AboutPeriod:
    period_id: str

    @property
    def subject(self) -> str:
        return self.period_id


@request
class RecordCallback:
    """回访: what the caller said: all three answers if reached, else none. Where the hotline asks, a self-check."""

    order_no: str = text(longest=100)
    reached: bool
    contacted: bool | None = None
    solved: Solved | None = None
    satisfaction: int | None = checked(validate.Range(min=1, max=5), default=None)
    idempotency_key: str = _key()

    @property
    def subject(self) -> str:
        return self.order_no


@request
class GetSurvey:
    """An order's survey: who asks, when and by when, every answer, and which units bear it."""

    order_no: str = text(longest=100)


@request
class ListCallbacksDue:
    """Of a unit and those inside it; `after` is the `next_after` of the page before.

    `asker`: those whom we are to ask, or those whom the hotline asks, and whom a self-check may be made of.
    """

    unit_code: str = unit_code(may_be_empty=True)
    asker: Asker = Asker.OWN
    after: str = text(longest=100, shortest=0, default="")
    most: int = checked(validate.Range(min=1, max=500), default=100)


@request
class GetRates:
    """Of a period, or of a stretch of time: from `from_at` until just before `to_at`."""

    period_id: str = _period_id(default="")
    from_at: datetime | None = None
    to_at: datetime | None = None


@request
class GetRanking:
    """Rankings, classes and requests of a period, as they were frozen."""

    period_id: str = _period_id()


@request
class GetPeriod:
    """The frozen result itself, byte for byte, with its errata."""

    period_id: str = _period_id()


@request
class ListPeriods:
    """Periods, the latest first, and how far each is."""

    most: int = checked(validate.Range(min=1, max=120), default=24)


@request
class VerifyPeriod:
    """Compute a frozen period again from the stored callbacks, and compare."""

    period_id: str = _period_id()


@request
class FreezePeriod(_AboutPeriod):
    """Fix the result of a period that has ended, before it is fixed by itself. A frozen one stays as it is."""

    period_id: str = _period_id()
    idempotency_key: str = _key()


@request
class PublishPeriod(_AboutPeriod):
    """Make a frozen period public. It can be mended afterwards by an erratum alone."""

    period_id: str = _period_id()
    idempotency_key: str = _key()


@request
class IssueErratum(_AboutPeriod):
    """更正: what was wrong in a published period, and what is right."""

    period_id: str = _period_id()
    reason: str = text(longest=2000)
    correction: str = text(longest=4000)
    idempotency_key: str = _key()
