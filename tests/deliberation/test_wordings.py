"""By which words a session speaks of its issue."""

from services.deliberation.domain.session import SessionState
from services.deliberation.use_cases import events
from tests.deliberation.builders import ISSUE, TUESDAY, a_scheduled
from tests.fakes import a_moment
from tests.wordings import WORDS, worded

NOW = a_moment(TUESDAY)


def test_confirmed_words_stand_for_a_session_until_it_is_over_and_the_record_keeps_those_it_was_called_by(work):
    events.call_session(work, a_scheduled(), NOW)
    called = work.sessions.get(f"{ISSUE}/S1").title
    (entry,) = work.journal.of(session_id=f"{ISSUE}/S1")

    events.take_wording(work, worded(ISSUE, "110105017036", at=TUESDAY), NOW)

    session = work.sessions.get(f"{ISSUE}/S1")
    assert (session.title, work.journal.of(session_id=session.id)) == (WORDS, [entry])
    assert called in entry.content
    session.state = SessionState.CLOSED
    events.take_wording(work, worded(ISSUE, "110105017036", at=TUESDAY, title="另一种说法"), NOW)
    assert session.title == WORDS
