"""Who is complained about gets no task of it, however it comes to be assigned."""

from services.dispatch.use_cases import events
from shared.contracts import dispatch as told
from tests.dispatch.builders import MONDAY, a_work, issue_escalated, issue_raised, redo_ordered
from tests.fakes import a_moment


def leads(work):
    return [event.organisation_id for event in work.outbox.of(told.TaskAssignedV1)]


def first_lead():
    work = a_work()
    events.open_issue(work, issue_raised(), a_moment(MONDAY))
    return leads(work)[0]


def test_the_next_in_competence_leads_where_the_first_is_complained_about(work):
    events.open_issue(work, issue_raised(respondents=[first_lead()]), a_moment(MONDAY))

    (lead,) = leads(work)
    assert lead != first_lead()


def test_neither_assists_who_is_complained_about(work):
    events.open_issue(work, issue_raised(), a_moment(MONDAY))
    (task,) = work.issues.find("I-1").tasks
    events.open_issue(work, issue_raised("I-2", respondents=[f"{task.unit_code}/{task.co_units[0]}"]), a_moment(MONDAY))

    (other,) = work.issues.find("I-2").tasks
    assert task.co_units[0] not in other.co_units


def test_done_again_or_higher_up_it_is_still_somebody_elses(work):
    events.open_issue(work, issue_raised(respondents=[first_lead()]), a_moment(MONDAY))
    events.do_again(work, redo_ordered(), a_moment(MONDAY))
    events.move_issue(work, issue_escalated(was_handled=True), a_moment(MONDAY))

    assert len(leads(work)) == 3
    assert first_lead() not in leads(work)
