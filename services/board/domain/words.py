"""The board's own words: where an issue is among the five stages, and how its time stands."""

from enum import StrEnum


class Stage(StrEnum):
    """五步: 集, 议, 办, 督, 评. The present one of an issue is the last that began and is not over."""

    COLLECT = "collect"
    DELIBERATE = "deliberate"
    HANDLE = "handle"
    SUPERVISE = "supervise"
    EVALUATE = "evaluate"


class Light(StrEnum):
    """How time stands, the worst of all clocks that run: 在期, 预警, 超期, 暂停; none where nothing counts any more."""

    LATE = "late"
    WARNED = "warned"
    IN_TIME = "in_time"
    PAUSED = "paused"
    NONE = "none"


class ClockState(StrEnum):
    """A clock counts, rests, was met in time, ran out, or ended with what it was of."""

    COUNTING = "counting"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    ENDED = "ended"


class LedgerKind(StrEnum):
    """What an entry of a clock's ledger did: begun, rested, went on, got other time, was put right, marked, ended."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    FITTED = "fitted"
    CORRECTED = "corrected"
    WARNED = "warned"
    BREACHED = "breached"
    LATE_ON_ARRIVAL = "late_on_arrival"
    MET = "met"
    ENDED = "ended"


class SessionState(StrEnum):
    """Where a session stands, as councils and deliberation told it."""

    SCHEDULED = "scheduled"
    POSTPONED = "postponed"
    OPEN = "open"
    CLOSED = "closed"
    INQUORATE = "inquorate"
    LAPSED = "lapsed"
    MOVED_UP = "moved_up"


class MotionState(StrEnum):
    """How far a motion is among its five steps, or what became of it."""

    STATED = "stated"
    SECONDED = "seconded"
    OPPOSED = "opposed"
    DEBATED = "debated"
    ADVISED = "advised"
    POLLED = "polled"
    CARRIED = "carried"
    LOST = "lost"
    VOID = "void"
    WITHDRAWN = "withdrawn"


class ResolutionState(StrEnum):
    """Adopted, on display, in force once its display is over, or no more: deliberated anew here, or above."""

    ADOPTED = "adopted"
    DISPLAYED = "displayed"
    IN_FORCE = "in_force"
    RETURNED = "returned"
    REFERRED = "referred"


class TaskState(StrEnum):
    """How far a task is. The last six are its ends; who gave it up or has it now, other events say."""

    ASSIGNED = "assigned"
    SIGNED_FOR = "signed_for"
    BLOCKED = "blocked"
    SENT_BACK = "sent_back"
    DONE = "done"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    FAILED = "failed"
    MOVED_UP = "moved_up"
    TAKEN_OVER = "taken_over"
    WITHDRAWN = "withdrawn"


class MinutesState(StrEnum):
    """Of the minutes of a session: not circulated yet, open to objections, signed by two."""

    AWAITED = "awaited"
    CIRCULATED = "circulated"
    SIGNED = "signed"


class FoundKind(StrEnum):
    """What a search may find."""

    ISSUE = "issue"
    SESSION = "session"
    RESOLUTION = "resolution"
    HALL = "hall"
