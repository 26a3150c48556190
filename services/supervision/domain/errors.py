"""Why supervision refuses something. The codes cross the border: street systems act on them."""

from shared.errors import Conflict, NotAllowed, NotFound, Refused


class UnknownIssue(NotFound):
    """No issue has this id."""

    code = "unknown_issue"


class UnknownClock(NotFound):
    """No clock has this id."""

    code = "unknown_clock"


class UnknownEscalation(NotFound):
    """No escalation has this id."""

    code = "unknown_escalation"


class UnknownIncident(NotFound):
    """No incident has this id."""

    code = "unknown_incident"


class OutsideYourUnit(NotAllowed):
    """The caller may act only in the unit its token names and in what lies inside it now."""

    code = "outside_your_unit"


class NotTheHolder(Conflict):
    """Another unit holds the issue now."""

    code = "not_the_holder"


class IssueClosed(Refused):
    """The issue is closed."""

    code = "issue_closed"


class IssueOpen(Refused):
    """The issue is still open."""

    code = "issue_open"


class AlreadyAtDistrict(Refused):
    """The district holds the issue already and is its backstop 兜底: nobody is left to climb to."""

    code = "already_at_district"
    keeps_work = True  # the incident that opens stays open


class CommunityMustTryFirst(Refused):
    """The duty list says that the community must try this matter itself before it climbs."""

    code = "community_must_try_first"


class WithinDuty(Refused):
    """The duty list lets the unit lead this matter, so that it is not over its duty."""

    code = "within_duty"


class NoSecondArea(Refused):
    """Nothing that is concerned lies outside the unit, so that the matter is not across areas."""

    code = "no_second_area"


class ConsentMissing(Refused):
    """A demonstration project climbs with the district's consent, which somebody asks for first."""

    code = "consent_missing"


class StillInTime(Refused):
    """The unit has time left, and not as many meetings have failed as the policy says: it is not unresolved yet."""

    code = "still_in_time"


class DistrictDecided(Refused):
    """It went up and down as often as the policy allows, and the district decided who handles it."""

    code = "district_decided"


class SentBackTooOften(Refused):
    """It was sent back as often as the policy allows: who has it handles it, or the district decides."""

    code = "sent_back_too_often"


class NothingToReturnTo(Refused):
    """The issue began at this unit, so that there is no unit to give it back to."""

    code = "nothing_to_return_to"


class NotWithdrawable(Refused):
    """An escalation can be withdrawn only while it is the latest, by its own street, before the next holder begins."""

    code = "not_withdrawable"


class ClockForbids(Refused):
    """The clock is not in a state in which this can be done."""

    code = "clock_forbids"


class ExtensionUsedUp(Refused):
    """The issue was extended as often as the policy allows."""

    code = "extension_used_up"


class NotPending(Refused):
    """The issue is not on the pending list 疑难挂账."""

    code = "not_pending"


class CommandedNotAsked(Refused):
    """The organisation is given tasks: only one that nobody here commands is asked."""

    code = "commanded_not_asked"


class NoLookBackDue(Refused):
    """No look-back 回头看 of this issue is due."""

    code = "no_look_back_due"


class DecisionRefused(Refused):
    """An incident of this kind is not settled in this way."""

    code = "decision_refused"


class AlreadySettled(Conflict):
    """The incident was settled before."""

    code = "already_settled"
