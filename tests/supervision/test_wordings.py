"""By which words a case speaks of its issue, and to whom."""

from services.supervision.use_cases import escalations, events
from shared.contracts import supervision as told
from shared.contracts.vocabulary import Publicity
from tests.fakes import a_moment
from tests.supervision.builders import COMMUNITY, ISSUE, MONDAY, issue_raised
from tests.supervision.fakes import a_work
from tests.wordings import WORDS, worded


def test_confirmed_words_who_may_see_it_and_whom_it_is_against_go_with_the_issue_as_it_climbs():
    work = a_work()
    events.open_case(work, issue_raised(respondents=["O-1"]), a_moment(MONDAY))

    for _ in range(2):
        heard = worded(ISSUE, COMMUNITY, at=MONDAY, publicity=Publicity.PARTIES)
        events.take_wording(work, heard, a_moment(MONDAY))
    escalations.climb_or_open_incident(work, work.cases.find(ISSUE), "到期", a_moment(MONDAY))

    (climbed,) = work.outbox.of(told.IssueEscalatedV1)
    assert (climbed.title, climbed.publicity, climbed.respondents) == (WORDS, Publicity.PARTIES, ["O-1"])
