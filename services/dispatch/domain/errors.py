"""What dispatch refuses, each with a stable code."""

from shared.errors import BadRequest, NotFound, Refused


class UnknownTask(NotFound):
    """No task has this id."""

    code = "unknown_task"


class NobodyCompetent(Refused):
    """The directory names no desk, up to the district, that could be given the matter."""

    code = "nobody_competent"


class UnknownIssue(NotFound):
    """Dispatch knows no issue with this id."""

    code = "unknown_issue"


class TaskStateForbids(Refused):
    """The task's state does not allow this now."""

    code = "task_state_forbids"


class ReturnTooLate(Refused):
    """The window for objections to the dispatch is over."""

    code = "return_too_late"


class ReturnRefused(Refused):
    """That the task is returned was asked for and refused: it stays there, but for an appeal."""

    code = "return_refused"


class AssignmentForced(Refused):
    """The assignment is forced: every return the policy grants was used, and the task must be done."""

    code = "assignment_forced"


class NothingToTakeOver(Refused):
    """The task is the holder's own, or a unit's above it: only what is below the holder can be taken over by it."""

    code = "nothing_to_take_over"


class WaitsForNoCouncil(Refused):
    """The task is urgent: it can't be given up so that the residents deliberate."""

    code = "waits_for_no_council"


class MilestoneOutOfOrder(Refused):
    """Milestones are reached in their order: 立项, 采购, 办理, 验收."""

    code = "milestone_out_of_order"


class NotResolved(Refused):
    """Only a task that a resolution gave can be declined."""

    code = "not_resolved"


class EvidenceMissing(BadRequest):
    """A task is done only with evidence."""

    code = "evidence_missing"
