"""To leave it as it is 维持现状: carried like any motion, it needs no task and ends the session."""

import pytest

from services.deliberation.domain.errors import ResolutionRefused, SessionUnfinished
from services.deliberation.domain.session import SessionState
from services.deliberation.use_cases import minutes, resolutions
from shared.contracts import deliberation as said
from tests.deliberation.builders import a_task


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
