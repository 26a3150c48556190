"""Every call that can be made, as agreed: whether it reads or acts, which roles may make it, and how far they reach.

Who adds a call, opens one to a role or lets it reach further says so here; `test_rpc_table.py` holds the code to it and
`test_permissions.py` tries every row. An operator runs the machine, and is shown what everybody is.
"""

from dataclasses import dataclass
from enum import StrEnum

from shared.auth import Role


class Reach(StrEnum):
    """What a caller may see or change."""

    OWN_UNIT = "what is in the caller's unit or inside it"
    OWN_DESK = "the tasks of the caller's own organisation, or of a desk at which the roster has them now"
    OWN_TASKS = "as above; a handler the tasks of their own organisation, wherever, and no others"
    HAS_BEEN_IN = "what is, was or began in the caller's unit or inside it"
    UNIT_ABOVE = "what is in a unit below the caller's"
    OWN_WORK = "what waits for the caller; from elsewhere, other things"
    OWN_ROWS = "what is in the caller's unit; of a row that changes anything else it says so"
    TASKS = "what is public, or in the caller's unit; a handler the tasks of their own organisation alone"
    WHOLE_DISTRICT = "everything: whoever has one of these roles, of whatever unit"
    PUBLISHED = "everything; the public what is published"


BOUND_TO_UNITS = frozenset({Reach.OWN_UNIT, Reach.OWN_TASKS, Reach.OWN_DESK, Reach.HAS_BEEN_IN, Reach.UNIT_ABOVE})


@dataclass(frozen=True)
class Row:
    """A call, what it does, and for whom."""

    service: str
    method: str
    acts: bool
    reach: Reach
    roles: frozenset[Role]

    def __str__(self) -> str:
        return f"{self.service}.{self.method}"


def reads(call: str, reach: Reach, *roles: Role) -> Row:
    return Row(*call.split("."), False, reach, frozenset(roles))


def acts(call: str, reach: Reach, *roles: Role) -> Row:
    return Row(*call.split("."), True, reach, frozenset(roles))


CLERK, CHAIR, HANDLER, LEADER = Role.CLERK, Role.CHAIR, Role.HANDLER, Role.LEADER
SUPERVISOR, EVALUATOR, CALLBACK_AGENT = Role.SUPERVISOR, Role.EVALUATOR, Role.CALLBACK_AGENT
STREET_SYSTEM, HOTLINE, OPERATOR = Role.STREET_SYSTEM, Role.HOTLINE, Role.OPERATOR
RESIDENT, PUBLIC = Role.RESIDENT, Role.PUBLIC
HALL = (CHAIR, CLERK)
IN_UNITS = (CLERK, CHAIR, HANDLER, LEADER, SUPERVISOR, STREET_SYSTEM)
EVERYBODY = (*IN_UNITS, EVALUATOR, CALLBACK_AGENT, HOTLINE, OPERATOR, RESIDENT, PUBLIC)

ROWS = (
    reads("intake.get_complaint", Reach.OWN_UNIT, HOTLINE, CLERK, SUPERVISOR),
    acts("intake.file_order", Reach.WHOLE_DISTRICT, CLERK, RESIDENT),
    acts("intake.verify_signatures", Reach.OWN_UNIT, CLERK),
    acts("intake.file_proposal", Reach.WHOLE_DISTRICT, CLERK, RESIDENT),
    acts("intake.raise_issue", Reach.OWN_UNIT, CLERK),
    reads("intake.read_by_check_code", Reach.WHOLE_DISTRICT, RESIDENT, PUBLIC),
    acts("intake.read_order", Reach.OWN_UNIT, CLERK, HANDLER, LEADER, SUPERVISOR, CALLBACK_AGENT, HOTLINE),
    reads("intake.list_looks", Reach.OWN_UNIT, SUPERVISOR, HOTLINE),
    reads("intake.list_complaints", Reach.OWN_UNIT, CLERK, CHAIR, SUPERVISOR),
    reads("intake.list_orders", Reach.OWN_UNIT, CLERK),
    reads("intake.list_categories", Reach.WHOLE_DISTRICT, *EVERYBODY),
    reads("intake.get_issue", Reach.OWN_UNIT, *HALL, HANDLER, LEADER, SUPERVISOR),
    reads("intake.list_deliberation", Reach.OWN_UNIT, CLERK, CHAIR, SUPERVISOR),
    acts("intake.link_complaint", Reach.OWN_UNIT, CLERK),
    acts("intake.unlink_complaint", Reach.OWN_UNIT, CLERK),
    reads("intake.list_to_settle", Reach.OWN_UNIT, CLERK, SUPERVISOR),
    acts("intake.list_wordings", Reach.OWN_UNIT, CLERK),
    acts("intake.confirm_wording", Reach.OWN_UNIT, CLERK),
    reads("intake.list_my_work", Reach.OWN_WORK, CLERK),
    acts("intake.ask_hotline", Reach.OWN_UNIT, CLERK, LEADER),
    reads("intake.list_hotline_requests", Reach.OWN_UNIT, CLERK, LEADER, SUPERVISOR),
    acts("intake.settle_order", Reach.OWN_UNIT, CLERK),
    acts("intake.return_to_hotline", Reach.OWN_UNIT, CLERK),
    acts("intake.correct_order", Reach.UNIT_ABOVE, CLERK),
    acts("intake.split_order", Reach.OWN_UNIT, CLERK),
    acts("intake.hand_over_order", Reach.OWN_UNIT, CLERK),
    acts("intake.follow_handover", Reach.OWN_UNIT, CLERK),
    acts("intake.answer_order", Reach.UNIT_ABOVE, CLERK),
    acts("intake.refer_order", Reach.UNIT_ABOVE, CLERK),
    acts("intake.reinstate_order", Reach.WHOLE_DISTRICT, HOTLINE),
    acts("intake.ask_transfer", Reach.OWN_UNIT, CLERK, LEADER),
    acts("intake.ask_urgency", Reach.OWN_UNIT, CLERK, LEADER),
    acts("intake.ask_reinstatement", Reach.OWN_UNIT, CLERK, LEADER),
    acts("intake.ask_withdrawal", Reach.OWN_UNIT, CLERK, LEADER),
    acts("intake.decide_request", Reach.UNIT_ABOVE, CLERK),
    acts("intake.appeal_request", Reach.OWN_UNIT, CLERK, LEADER),
    reads("intake.get_request", Reach.OWN_UNIT, CLERK, LEADER, SUPERVISOR),
    reads("intake.list_requests", Reach.OWN_UNIT, CLERK, LEADER, SUPERVISOR),
    reads("councils.get_session", Reach.WHOLE_DISTRICT, *EVERYBODY),
    reads("councils.list_sessions", Reach.WHOLE_DISTRICT, *EVERYBODY),
    reads("councils.list_halls", Reach.WHOLE_DISTRICT, *EVERYBODY),
    reads("councils.list_deputies", Reach.WHOLE_DISTRICT, *EVERYBODY),
    reads("councils.list_my_work", Reach.OWN_WORK, *HALL),
    acts("councils.postpone_session", Reach.OWN_UNIT, *HALL),
    acts("councils.decide_request", Reach.OWN_UNIT, *HALL),
    reads("councils.get_request", Reach.OWN_UNIT, *HALL),
    reads("councils.list_requests", Reach.OWN_UNIT, *HALL),
    acts("councils.put_on_agenda", Reach.OWN_UNIT, *HALL),
    acts("deliberation.record_arrivals", Reach.OWN_UNIT, *HALL),
    acts("deliberation.record_departures", Reach.OWN_UNIT, *HALL),
    acts("deliberation.open_session", Reach.OWN_UNIT, *HALL),
    acts("deliberation.close_session", Reach.OWN_UNIT, *HALL),
    acts("deliberation.state_motion", Reach.OWN_UNIT, *HALL),
    acts("deliberation.second_motion", Reach.OWN_UNIT, *HALL),
    acts("deliberation.withdraw_motion", Reach.OWN_UNIT, *HALL),
    acts("deliberation.state_opposition", Reach.OWN_UNIT, *HALL),
    acts("deliberation.record_turn", Reach.OWN_UNIT, *HALL),
    acts("deliberation.close_debate", Reach.OWN_UNIT, *HALL),
    acts("deliberation.give_opinion", Reach.OWN_UNIT, *HALL),
    acts("deliberation.record_recusal", Reach.OWN_UNIT, *HALL),
    acts("deliberation.vote", Reach.OWN_UNIT, *HALL),
    reads("deliberation.preview_poll", Reach.OWN_UNIT, *HALL),
    acts("deliberation.open_poll", Reach.OWN_UNIT, *HALL),
    acts("deliberation.enter_papers", Reach.OWN_UNIT, *HALL),
    acts("deliberation.check_papers", Reach.OWN_UNIT, *HALL),
    acts("deliberation.count_poll", Reach.OWN_UNIT, *HALL),
    reads("deliberation.get_poll", Reach.WHOLE_DISTRICT, *EVERYBODY),
    reads("deliberation.list_polls", Reach.OWN_UNIT, *HALL, LEADER, SUPERVISOR, STREET_SYSTEM),
    acts("deliberation.adopt_resolution", Reach.OWN_UNIT, *HALL),
    acts("deliberation.object_to_resolution", Reach.WHOLE_DISTRICT, RESIDENT),
    acts("deliberation.record_objection", Reach.OWN_UNIT, *HALL),
    acts("deliberation.review_objection", Reach.OWN_UNIT, *HALL),
    reads("deliberation.get_resolution", Reach.WHOLE_DISTRICT, *EVERYBODY),
    reads("deliberation.list_resolutions", Reach.WHOLE_DISTRICT, *EVERYBODY),
    acts("deliberation.circulate_minutes", Reach.OWN_UNIT, *HALL),
    acts("deliberation.correct_minutes", Reach.OWN_UNIT, *HALL),
    acts("deliberation.object_to_minutes", Reach.OWN_UNIT, *HALL),
    acts("deliberation.answer_objection", Reach.OWN_UNIT, *HALL),
    acts("deliberation.sign_minutes", Reach.OWN_UNIT, *HALL),
    reads("deliberation.get_session", Reach.OWN_UNIT, *HALL, LEADER, SUPERVISOR, STREET_SYSTEM),
    reads("deliberation.get_motion", Reach.OWN_UNIT, *HALL, LEADER, SUPERVISOR, STREET_SYSTEM),
    reads("deliberation.get_record", Reach.OWN_UNIT, *HALL, LEADER, SUPERVISOR, STREET_SYSTEM),
    reads("deliberation.get_minutes", Reach.OWN_UNIT, *HALL, LEADER, SUPERVISOR, STREET_SYSTEM),
    reads("deliberation.list_my_work", Reach.OWN_WORK, *HALL),
    acts("dispatch.sign_for_task", Reach.OWN_DESK, HANDLER, LEADER),
    acts("dispatch.return_task", Reach.OWN_TASKS, HANDLER),
    acts("dispatch.appeal_request", Reach.OWN_TASKS, HANDLER),
    acts("dispatch.decide_request", Reach.UNIT_ABOVE, LEADER, SUPERVISOR),
    reads("dispatch.get_request", Reach.TASKS, *IN_UNITS),
    reads("dispatch.list_requests", Reach.OWN_UNIT, *IN_UNITS),
    acts("dispatch.decline_task", Reach.OWN_DESK, HANDLER, LEADER),
    acts("dispatch.block_task", Reach.OWN_DESK, HANDLER, LEADER),
    acts("dispatch.reach_milestone", Reach.OWN_DESK, HANDLER, LEADER),
    acts("dispatch.finish_task", Reach.OWN_DESK, HANDLER, LEADER),
    acts("dispatch.accept_task", Reach.OWN_UNIT, LEADER),
    acts("dispatch.send_back_task", Reach.OWN_UNIT, LEADER),
    acts("dispatch.fail_task", Reach.OWN_TASKS, HANDLER, LEADER),
    acts("dispatch.take_over_task", Reach.UNIT_ABOVE, LEADER),
    reads("dispatch.get_task", Reach.TASKS, *IN_UNITS),
    reads("dispatch.list_my_work", Reach.OWN_WORK, HANDLER, LEADER, SUPERVISOR),
    reads("dispatch.list_tasks", Reach.TASKS, *IN_UNITS),
    reads("dispatch.get_desk", Reach.WHOLE_DISTRICT, *IN_UNITS),
    reads("supervision.get_case", Reach.HAS_BEEN_IN, *IN_UNITS),
    reads("evaluation.list_my_work", Reach.OWN_WORK, CALLBACK_AGENT, EVALUATOR, SUPERVISOR),
    reads("supervision.list_my_work", Reach.OWN_WORK, CHAIR, CLERK, LEADER, SUPERVISOR),
    reads("supervision.list_cases", Reach.OWN_UNIT, *IN_UNITS),
    reads("supervision.timeline", Reach.HAS_BEEN_IN, *IN_UNITS),
    reads("supervision.explain_clock", Reach.HAS_BEEN_IN, *IN_UNITS),
    acts("supervision.pause_clock", Reach.UNIT_ABOVE, SUPERVISOR),
    acts("supervision.resume_clock", Reach.UNIT_ABOVE, SUPERVISOR),
    acts("supervision.ask_extension", Reach.OWN_UNIT, HANDLER, LEADER, CLERK),
    acts("supervision.ask_organisation", Reach.OWN_UNIT, HANDLER, LEADER, CLERK),
    acts("supervision.ask_pending", Reach.OWN_UNIT, HANDLER, LEADER, CLERK),
    acts("supervision.ask_demonstration", Reach.OWN_UNIT, HANDLER, LEADER, CLERK),
    acts("supervision.review_pending", Reach.UNIT_ABOVE, LEADER, SUPERVISOR),
    reads("supervision.list_pending", Reach.OWN_UNIT, *IN_UNITS),
    acts("supervision.record_answer", Reach.OWN_UNIT, CLERK, LEADER),
    acts("supervision.decide_request", Reach.UNIT_ABOVE, LEADER, SUPERVISOR),
    acts("supervision.appeal_request", Reach.OWN_UNIT, HANDLER, LEADER, CLERK),
    reads("supervision.get_request", Reach.HAS_BEEN_IN, *IN_UNITS),
    reads("supervision.list_requests", Reach.OWN_UNIT, *IN_UNITS),
    acts("supervision.record_look_back", Reach.OWN_UNIT, SUPERVISOR),
    acts("supervision.return_down", Reach.OWN_UNIT, SUPERVISOR, LEADER),
    acts("supervision.settle_incident", Reach.OWN_UNIT, SUPERVISOR),
    acts("escalation.escalate", Reach.OWN_UNIT, STREET_SYSTEM, LEADER, SUPERVISOR),
    reads("escalation.preview", Reach.OWN_UNIT, STREET_SYSTEM, LEADER, SUPERVISOR),
    reads("escalation.status", Reach.HAS_BEEN_IN, STREET_SYSTEM, LEADER, SUPERVISOR),
    acts("escalation.withdraw", Reach.OWN_UNIT, STREET_SYSTEM, LEADER, SUPERVISOR),
    acts("evaluation.record_callback", Reach.OWN_UNIT, CALLBACK_AGENT),
    reads("evaluation.get_survey", Reach.OWN_UNIT, CALLBACK_AGENT, EVALUATOR, SUPERVISOR),
    reads("evaluation.list_callbacks_due", Reach.OWN_UNIT, CALLBACK_AGENT, EVALUATOR, SUPERVISOR),
    reads("evaluation.get_rates", Reach.PUBLISHED, *EVERYBODY),
    reads("evaluation.get_ranking", Reach.PUBLISHED, *EVERYBODY),
    reads("evaluation.get_period", Reach.PUBLISHED, *EVERYBODY),
    reads("evaluation.list_periods", Reach.PUBLISHED, *EVERYBODY),
    reads("evaluation.verify_period", Reach.WHOLE_DISTRICT, EVALUATOR, SUPERVISOR),
    acts("evaluation.freeze_period", Reach.OWN_UNIT, EVALUATOR),
    acts("evaluation.publish_period", Reach.OWN_UNIT, EVALUATOR),
    acts("evaluation.issue_erratum", Reach.OWN_UNIT, EVALUATOR),
    reads("directory.get_entry", Reach.WHOLE_DISTRICT, *EVERYBODY),
    reads("directory.list_entries", Reach.WHOLE_DISTRICT, *EVERYBODY),
    reads("directory.list_posts", Reach.WHOLE_DISTRICT, *EVERYBODY),
    reads("directory.list_changes", Reach.OWN_UNIT, CLERK, LEADER, SUPERVISOR),
    acts("directory.propose_entry", Reach.OWN_UNIT, CLERK, LEADER),
    acts("directory.change_entry", Reach.OWN_UNIT, CLERK, LEADER),
    acts("directory.end_entry", Reach.OWN_UNIT, CLERK, LEADER),
    reads("directory.check_book", Reach.OWN_ROWS, CLERK, LEADER),
    acts("directory.import_book", Reach.OWN_UNIT, CLERK, LEADER),
    reads("directory.export_book", Reach.OWN_ROWS, CLERK, LEADER),
    acts("directory.decide_change", Reach.OWN_UNIT, LEADER, SUPERVISOR),
    reads("directory.list_my_work", Reach.OWN_WORK, LEADER, SUPERVISOR),
    reads("board.list_issues", Reach.WHOLE_DISTRICT, *EVERYBODY),
    reads("board.get_issue", Reach.WHOLE_DISTRICT, *EVERYBODY),
    reads("board.get_session", Reach.WHOLE_DISTRICT, *EVERYBODY),
    reads("board.search", Reach.WHOLE_DISTRICT, *EVERYBODY),
)
