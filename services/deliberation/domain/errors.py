"""What can be wrong with a request to a session. Every refusal names the rule it stands on."""

from shared.errors import BadRequest, Conflict, NotFound, Refused


class UnknownSession(NotFound):
    """No session has this id."""

    code = "unknown_session"


class UnknownMotion(NotFound):
    """No motion has this id."""

    code = "unknown_motion"


class SessionNotOpen(Refused):
    """The session is not in the state that this needs."""

    code = "session_not_open"


class SessionTooEarly(Refused):
    """A session opens at its announced time, not before."""

    code = "session_too_early"


class SessionLapsed(Refused):
    """Nobody opened the session in time: it can't be opened any more, and the issue gets a new date."""

    code = "session_lapsed"


class SessionUnfinished(Refused):
    """A session ends only after every motion is decided and every carried one has its resolution."""

    code = "session_unfinished"


class AttendanceRefused(Refused):
    """Somebody named was not invited, or is not here."""

    code = "attendance_refused"


class StepOutOfOrder(Refused):
    """A motion follows its five steps in order: motion, second, opposition, debate, expert opinion; then the vote."""

    code = "step_out_of_order"


class MotionRepeated(Conflict):
    """The same motion was made before, and there is nothing new."""

    code = "motion_repeated"


class SpeakerRefused(Refused):
    """This person may not speak here and now."""

    code = "speaker_refused"


class DebateUnfinished(Refused):
    """A debate ends only after both sides were heard."""

    code = "debate_unfinished"


class ExpertUnheard(Refused):
    """An expert is present and has not been asked."""

    code = "expert_unheard"


class OffTheNotice(Refused):
    """Only what the notice named is moved, and for no more money than it named."""

    code = "off_the_notice"


class NoQuorum(Refused):
    """A vote that was void is held again only when enough are here."""

    code = "no_quorum"


class RecusalRefused(Refused):
    """This recusal can't be recorded."""

    code = "recusal_refused"


class BallotsRefused(Refused):
    """Some ballots may not be cast; none was counted."""

    code = "ballots_refused"


class ResolutionRefused(Refused):
    """This resolution can't be adopted."""

    code = "resolution_refused"


class ClerkMissing(Refused):
    """A session opens when somebody beside the chair keeps its record."""

    code = "clerk_missing"


class MinutesNotReady(Refused):
    """Minutes are circulated, open to objections, then signed; after that, corrections are only appended."""

    code = "minutes_not_ready"


class SignatureRefused(Refused):
    """Minutes are signed by two different people who were there: the chair, and whoever kept the record."""

    code = "signature_refused"


class UnknownObjection(NotFound):
    """Nobody made an objection with this number."""

    code = "unknown_objection"


class UnknownResolution(NotFound):
    """No resolution has this id."""

    code = "unknown_resolution"


class DisplayOver(Refused):
    """A resolution is open to objections while it is on display."""

    code = "display_over"


class ObjectionRepeated(Conflict):
    """Everybody objects once to a resolution."""

    code = "objection_repeated"


class ReviewRefused(Refused):
    """This objection can't be answered so, or not by this person."""

    code = "review_refused"


class UnknownPoll(NotFound):
    """No poll has this id."""

    code = "unknown_poll"


class UnreadableRegister(BadRequest):
    """What was sent is no file with a register, or too large a one; `fields` says what would be right."""

    code = "unreadable_register"


class ElectorateRefused(Refused):
    """These can't be an electorate."""

    code = "electorate_refused"


class PollNotOpen(Refused):
    """A poll takes papers in its window, is checked, and counted once."""

    code = "poll_not_open"


class PapersRefused(Refused):
    """Some papers can't be taken so; none was."""

    code = "papers_refused"
