"""What deliberation can be asked. A request refuses fields it doesn't know; every command carries an idempotency key.

The `subject` of a command is its session: commands on one session are done in the order in which they came.
"""

from marshmallow import validate

from services.deliberation.domain.motion import Side, session_of
from services.deliberation.domain.vote import Choice
from shared.bus.rpc.messages import request
from shared.contracts.base import checked, each, part, text
from shared.contracts.deliberation import ResolvedTaskPart

_PERSON = validate.Length(min=1, max=120)
_ID = "A person_id of who is invited: `councils.get_session` names them."


def _session_id() -> str:
    return text(longest=140)  # type: ignore[no-any-return]


def _motion_id() -> str:
    return text(longest=160)  # type: ignore[no-any-return]


def _person() -> str:
    return text(longest=120, says=_ID)  # type: ignore[no-any-return]


def _key() -> str:
    return text(longest=100, says="The same key gives the same reply, and the command is carried out once.")  # type: ignore[no-any-return]


def _nobody(says: str) -> str:
    return text(longest=120, shortest=0, default="", says=says)  # type: ignore[no-any-return]


class AboutSession:
    session_id: str

    @property
    def subject(self) -> str:
        return self.session_id


class AboutMotion:
    motion_id: str

    @property
    def subject(self) -> str:
        return session_of(self.motion_id)


class AboutMinutes(AboutSession):
    """The minutes have the id of their session."""


@request
class RecordArrivals(AboutSession):
    """Deputies and experts who came in. Whoever is here already stays here. None: nobody has come."""

    session_id: str = _session_id()
    person_ids: list[str] = checked(each(_PERSON), says=_ID)
    idempotency_key: str = _key()


@request
class RecordDepartures(AboutSession):
    """Deputies and experts who left."""

    session_id: str = _session_id()
    person_ids: list[str] = checked(validate.Length(min=1), each(_PERSON), says=_ID)
    idempotency_key: str = _key()


@request
class OpenSession(AboutSession):
    """Open a session at the announced time or later. The reply's state is `open` or `inquorate`.

    Who opens it is its chair; somebody else has recorded who came, and so keeps its record.
    """

    session_id: str = _session_id()
    idempotency_key: str = _key()


@request
class CloseSession(AboutSession):
    """End a session when every motion is decided, and every carried one has its resolution."""

    session_id: str = _session_id()
    idempotency_key: str = _key()


@request
class StateMotion(AboutSession):
    """动议: what somebody moves, the first of the five steps; the reply names the next."""

    session_id: str = _session_id()
    mover: str = _person()
    motion: str = text(longest=5000)
    item: int = checked(validate.Range(min=0), default=0, says="Of the agenda; 0: the issue itself, without money.")
    amount_fen: int = checked(validate.Range(min=0), default=0, says="No more than the notice named for the item.")
    leaves_as_is: bool = checked(default=False, says="维持现状: to leave it as it is; nobody gets a task.")
    new_facts: str = text(longest=5000, shortest=0, default="", says="What is new since the same motion was voted on.")
    idempotency_key: str = _key()


@request
class SecondMotion(AboutMotion):
    """附议: somebody other than its mover seconds the motion."""

    motion_id: str = _motion_id()
    seconder: str = _person()
    idempotency_key: str = _key()


@request
class WithdrawMotion(AboutMotion):
    """Take a motion back, as long as nobody has seconded it."""

    motion_id: str = _motion_id()
    idempotency_key: str = _key()


@request
class StateOpposition(AboutMotion):
    """反对方陈述: who is against the motion says why, before the debate."""

    motion_id: str = _motion_id()
    speaker: str = _nobody("Empty: it is put on record that there is no opposition.")
    statement: str = text(longest=5000, shortest=0, default="")
    idempotency_key: str = _key()


@request
class RecordTurn(AboutMotion):
    """辩论: one speech for or against; the sides alternate."""

    motion_id: str = _motion_id()
    speaker: str = _nobody("Empty: this side has nothing to add, on the record.")
    side: Side
    text: str = text(longest=5000, shortest=0, default="")
    idempotency_key: str = _key()


@request
class CloseDebate(AboutMotion):
    """End the debate; where there is an opposition, after both sides were heard or passed."""

    motion_id: str = _motion_id()
    idempotency_key: str = _key()


@request
class GiveOpinion(AboutMotion):
    """议事能手发表意见: what an expert says, once the debate is over; who is present is asked."""

    motion_id: str = _motion_id()
    expert: str = _nobody("Empty: it is put on record that there is no expert to hear.")
    opinion: str = text(longest=5000, shortest=0, default="")
    idempotency_key: str = _key()


@request
class RecordRecusal(AboutMotion):
    """回避: somebody with a stake of their own keeps out of this motion."""

    motion_id: str = _motion_id()
    person_id: str = _person()
    reason: str = text(longest=1000)
    idempotency_key: str = _key()


@part
class BallotPart:
    """What one deputy chose."""

    person_id: str = _person()
    choice: Choice


@request
class HoldVote(AboutMotion):
    """表决: all ballots at once. If one may not be cast, none is counted. After a void vote: again, with a quorum."""

    motion_id: str = _motion_id()
    ballots: list[BallotPart] = checked(validate.Length(max=1000))
    idempotency_key: str = _key()


@request
class AdoptResolution(AboutMotion):
    """决议: the tasks that follow from a carried motion; none where all stays as it is: that ends the session."""

    motion_id: str = _motion_id()
    tasks: list[ResolvedTaskPart] = checked(validate.Length(max=50))
    idempotency_key: str = _key()


@request
class CirculateMinutes(AboutMinutes):
    """Lay the minutes of an ended session before whoever took part: from now on they may object."""

    session_id: str = _session_id()
    idempotency_key: str = _key()


@request
class CorrectMinutes(AboutMinutes):
    """Add a correction to the minutes; what it corrects stays. Before the minutes are signed, all may object anew."""

    session_id: str = _session_id()
    correction: str = text(longest=5000)
    idempotency_key: str = _key()


@request
class ObjectToMinutes(AboutMinutes):
    """异议: whoever took part says what is wrong, as long as the circulated minutes say."""

    session_id: str = _session_id()
    person_id: str = _person()
    objection: str = text(longest=5000)
    idempotency_key: str = _key()


@request
class AnswerObjection(AboutMinutes):
    """What is done about an objection, or why nothing; it stays with it. Once."""

    session_id: str = _session_id()
    number: int = checked(validate.Range(min=1))
    answer: str = text(longest=5000)
    idempotency_key: str = _key()


@request
class SignMinutes(AboutMinutes):
    """Sign the minutes: its chair and a clerk who kept its record, each for themselves, when objecting is over."""

    session_id: str = _session_id()
    idempotency_key: str = _key()


@request
class GetSession:
    """A session with its motions."""

    session_id: str = _session_id()


@request
class GetMotion:
    """A motion with its votes and ballots."""

    motion_id: str = _motion_id()


@request
class GetMinutes:
    """The minutes of a session: objections with their answers, and who has signed."""

    session_id: str = _session_id()


@request
class GetRecord:
    """The whole record of a session."""

    session_id: str = _session_id()
