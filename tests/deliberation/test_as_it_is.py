"""To leave it as it is 维持现状: carried like any motion, it needs no task and ends the session."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.deliberation.domain.errors import ResolutionRefused, SessionUnfinished
from services.deliberation.domain.session import SessionState
from services.deliberation.use_cases import minutes, resolutions, sessions
from shared.contracts import deliberation as said
from shared.contracts.samples import sample
from shared.contracts.supervision import IssueClosedV1
from tests.deliberation.builders import a_task
from tests.fakes import a_moment

HOUR = timedelta(hours=1)


def test_to_leave_it_as_it_is_needs_no_task_and_closes_the_session(work, hall):
    hall.open()
    hall.five_steps(motion="维持现状", leaves_as_is=True)
    hall.vote(votes_for=9)
    hall.ask(resolutions.adopt_resolution, tasks=[])

    adopted = work.outbox.of(said.ResolutionAdoptedV1)[0]
    assert (adopted.leaves_as_is, adopted.tasks, hall.session.state) == (True, [], SessionState.CLOSED)
    assert work.outbox.of(said.SessionClosedV1)[0].carried == 1
    assert hall.ask(minutes.circulate_minutes).session_id == hall.session.id


def test_nobody_gets_a_task_where_all_stays_as_it_is(hall):
    hall.open()
    hall.five_steps(leaves_as_is=True)
    hall.vote(votes_for=9)

    with pytest.raises(ResolutionRefused, match="nobody has a task"):
        hall.ask(resolutions.adopt_resolution, tasks=[a_task()])


def test_to_leave_it_as_it_is_waits_for_what_is_undecided_in_the_session(hall):
    hall.open()
    hall.five_steps(leaves_as_is=True)
    hall.vote(votes_for=9)
    hall.state_motion("再划两个车位")

    with pytest.raises(SessionUnfinished, match="second_motion"):
        hall.ask(resolutions.adopt_resolution, tasks=[])


@pytest.mark.parametrize(("closed_after", "state"), [(HOUR, SessionState.CLOSED), (-HOUR, SessionState.OPEN)])
def test_a_session_ends_with_its_issue_and_not_by_a_closing_of_earlier_times(work, hall, closed_after, state):
    hall.open()
    hall.five_steps()
    facts = sample("issue_closed.v1")["data"] | {"issue_id": hall.session.issue_id}
    closed = replace(IssueClosedV1.from_wire(facts), closed_at=hall.session.opened_at + closed_after)

    for _ in range(2):
        sessions.end_with_issue(work, closed, a_moment(hall.session.opened_at + 2 * HOUR))

    assert hall.session.state is state
    assert len(work.outbox.of(said.MotionWithdrawnV1)) == (state is SessionState.CLOSED)
    assert work.outbox.of(said.DeliberationFailedV1) == []
