"""Nobody chairs, or keeps the record of, what is against their own organisation."""

from dataclasses import replace

import pytest

from services.deliberation.use_cases import motions, sessions
from shared.auth import Caller, Role
from shared.errors import OwnMatter
from tests.deliberation.builders import EVERYBODY, Hall

UNIT, BUREAU, OTHER = "110105", "110105017/城市管理办公室", "110105017/市民诉求处置中心"
CHAIR = Caller("chair-9", frozenset({Role.CHAIR}), UNIT, BUREAU)


def test_who_belongs_to_the_respondent_opens_no_session_and_leads_no_motion_and_somebody_else_does(work):
    hall = Hall(work, respondents=[BUREAU])
    with pytest.raises(OwnMatter):
        hall.ask(sessions.record_arrivals, person_ids=EVERYBODY, by=CHAIR)
    with pytest.raises(OwnMatter):
        hall.ask(sessions.open_session, by=CHAIR)

    hall.ask(sessions.record_arrivals, person_ids=EVERYBODY, by=replace(CHAIR, subject="clerk-9", organisation=OTHER))
    hall.ask(sessions.open_session, by=replace(CHAIR, organisation=OTHER))
    stated = hall.state_motion()

    with pytest.raises(OwnMatter):
        hall.ask(motions.second_motion, seconder="P-2", motion_id=stated.id, by=CHAIR)


def test_where_the_issue_is_against_nobody_everybody_of_the_unit_may(work):
    hall = Hall(work)

    hall.ask(sessions.record_arrivals, person_ids=EVERYBODY, by=CHAIR)

    assert hall.session.attendance.present_at(hall.now)
