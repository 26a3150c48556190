"""What is put on the agenda of a session that is ahead, and announced in time or at a later date."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.councils.domain.errors import AmountUnclear, SessionNotAhead
from services.councils.service import CouncilsService
from shared.auth import Role
from shared.contracts.councils import NoticePublishedV1, SessionPostponedV1, SessionScheduledV1
from shared.contracts.intake import WordingConfirmedV1
from shared.contracts.samples import sample
from shared.errors import BadRequest, OwnMatter
from tests.councils.builders import COMMUNITY, ISSUE, MONDAY_9AM, failed, listed, opened
from tests.harness import Bus
from tests.staff import first_office

SHED = {"matter": "停车棚", "amount_fen": 2_000_000, "money": "public"}
NUMBERED = SHED | {"number": 1}


@pytest.fixture
def bus(engine):
    """A session is called."""
    bus = Bus(engine, CouncilsService, MONDAY_9AM)
    bus.hear(listed())
    bus.move(MONDAY_9AM)
    return bus


def put(bus, **item):
    asked = {"session_id": f"{ISSUE}/S1", "idempotency_key": "k"} | SHED | item
    return bus.ask("put_on_agenda", asked, Role.CLERK, COMMUNITY)


def the_session(bus):
    with bus.begin(reads=True) as work:
        return work.sessions.get(f"{ISSUE}/S1")


def test_what_is_put_on_the_agenda_in_time_is_announced_for_the_same_date(bus):
    was = the_session(bus).starts_at

    answer = put(bus)

    assert (answer["agenda"], the_session(bus).starts_at) == ([NUMBERED], was)
    assert [len(one.agenda) for one in bus.told(NoticePublishedV1)] == [0, 1]
    assert bus.told(SessionPostponedV1) == []


def test_what_is_put_on_it_too_late_moves_the_session_so_far_that_everybody_hears_of_it(bus):
    was = the_session(bus).starts_at
    bus.move(was - timedelta(hours=1))

    put(bus)

    (moved,) = bus.told(SessionPostponedV1)
    assert (moved.reason, moved.was_to_start_at) == ("agenda_added", was)
    assert moved.starts_at >= was - timedelta(hours=1) + timedelta(days=3)
    assert bus.told(NoticePublishedV1)[-1].starts_at == moved.starts_at


def test_nobody_puts_a_session_off_in_the_name_of_its_agenda(bus):
    asked = {"session_id": f"{ISSUE}/S1", "reason": "agenda_added", "idempotency_key": "k"}
    with pytest.raises(BadRequest, match="reason"):
        bus.ask("postpone_session", asked, Role.CLERK, COMMUNITY)


@pytest.mark.parametrize("item", [{"money": "none"}, {"amount_fen": 0}])
def test_an_item_says_how_much_of_whose_money(bus, item):
    with pytest.raises(AmountUnclear, match="amount_fen"):
        put(bus, **item)


def test_nothing_is_put_on_the_agenda_of_a_session_that_has_begun(bus):
    bus.hear(opened(the_session(bus)))

    with pytest.raises(SessionNotAhead):
        put(bus)


def test_the_next_session_on_the_issue_has_on_its_agenda_what_was_not_decided(bus):
    put(bus)
    session = the_session(bus)
    bus.hear(opened(session), failed(session))
    bus.move(MONDAY_9AM)

    agenda = bus.told(SessionScheduledV1)[-1].agenda
    assert [(one.number, one.amount_fen) for one in agenda] == [(1, 2_000_000)]


def test_who_belongs_to_whom_the_issue_is_against_puts_nothing_on_its_agenda_and_puts_it_off_no_further(engine):
    bus = Bus(engine, CouncilsService, MONDAY_9AM)
    bus.hear(replace(listed(), respondents=[first_office(COMMUNITY)]))
    bus.move(MONDAY_9AM)
    put_off = {"session_id": f"{ISSUE}/S1", "reason": "hall_lost", "words": "停电", "idempotency_key": "k"}

    with pytest.raises(OwnMatter):
        put(bus)
    with pytest.raises(OwnMatter):
        bus.ask("postpone_session", put_off, Role.CLERK, COMMUNITY)

    assert the_session(bus).agenda == []


def test_words_that_are_confirmed_after_the_notice_are_announced_on_the_same_date_and_the_same_words_are_not(bus):
    was = the_session(bus)
    for _ in range(2):
        bus.hear(wording_confirmed("小区东门车位的使用规则"))

    assert [one.title for one in bus.told(NoticePublishedV1)] == [was.title, "小区东门车位的使用规则"]
    assert {one.starts_at for one in bus.told(NoticePublishedV1)} == {was.starts_at}


def wording_confirmed(title):
    content = sample("wording_confirmed.v1")["data"] | {"issue_id": ISSUE, "unit_code": COMMUNITY, "title": title}
    return WordingConfirmedV1.from_wire(content)
