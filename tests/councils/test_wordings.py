"""By which words an issue is spoken of at councils, and to whom."""

import pytest

from services.councils.domain.errors import UnknownSession
from services.councils.schemas.requests import GetSession, ListSessions
from services.councils.use_cases import events, queries
from shared.auth import Caller, Role
from shared.contracts.vocabulary import Publicity
from tests.councils.builders import (
    COMMUNITY,
    HOUR,
    ISSUE,
    MONDAY_9AM,
    STREET,
    a_work,
    ended,
    escalated,
    listed_and_planned,
    opened,
)
from tests.fakes import a_moment
from tests.wordings import WORDS, worded

CLERK = Caller("clerk-1", frozenset({Role.CLERK}), STREET)
AT = a_moment(MONDAY_9AM, asked_by=CLERK)


@pytest.fixture
def work():
    return a_work()


def test_confirmed_words_stand_for_the_issue_and_its_session_ahead_and_a_late_move_takes_none_back(work):
    session = listed_and_planned(work)

    events.take_wording(work, worded(ISSUE, COMMUNITY, at=MONDAY_9AM), a_moment(MONDAY_9AM))
    events.move_issue(work, escalated(MONDAY_9AM + HOUR), a_moment(MONDAY_9AM + HOUR))

    assert (session.title, work.listings.find(ISSUE).title) == (WORDS, WORDS)


def test_a_session_that_was_held_keeps_the_words_under_which_it_was(work):
    session = listed_and_planned(work)
    events.open_session(work, opened(session), a_moment(session.starts_at))
    events.close_session(work, ended(session), a_moment(session.starts_at))

    events.take_wording(work, worded(ISSUE, COMMUNITY, at=MONDAY_9AM), a_moment(session.starts_at))

    assert session.title == "楼道堆物"


def test_words_that_come_before_the_issue_is_listed_are_remembered_and_put_it_on_no_list(work):
    events.take_wording(work, worded(ISSUE, COMMUNITY, at=MONDAY_9AM), a_moment(MONDAY_9AM))
    assert not work.listings.find(ISSUE).is_listed

    events.move_issue(work, escalated(MONDAY_9AM + HOUR), a_moment(MONDAY_9AM + HOUR))

    assert work.listings.find(ISSUE).title == WORDS


@pytest.mark.parametrize("publicity", [Publicity.PARTIES, Publicity.CLOSED])
def test_who_does_not_work_in_the_unit_is_shown_no_session_on_what_is_not_public(work, publicity):
    session = listed_and_planned(work)
    events.take_wording(work, worded(ISSUE, COMMUNITY, at=MONDAY_9AM, publicity=publicity), AT)
    nobody = [Caller("x", frozenset({Role.PUBLIC}), STREET), Caller("x", frozenset({Role.CLERK}), "110105002")]
    outside = [a_moment(MONDAY_9AM, asked_by=one) for one in nobody]
    about, everywhere = GetSession(session_id=session.id), ListSessions(unit_code=COMMUNITY)
    work.sessions.list_in = lambda *_: [session]

    for asked in outside:
        with pytest.raises(UnknownSession):
            queries.get_session(work, about, asked)
        assert queries.list_sessions(work, everywhere, asked).sessions == []
    assert queries.get_session(work, about, AT).title == WORDS
    assert [one.session_id for one in queries.list_sessions(work, everywhere, AT).sessions] == [session.id]
