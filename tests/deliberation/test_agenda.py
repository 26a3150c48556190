"""What the notice named decides who can decide and by which majority, and what may be moved at all."""

import pytest

from services.deliberation.domain.competence import decider_of
from services.deliberation.domain.errors import OffTheNotice
from services.deliberation.domain.motion import MotionState
from services.deliberation.service import DeliberationService
from services.deliberation.use_cases import events, resolutions
from shared.auth import Role
from shared.contracts import deliberation as said
from shared.contracts.councils import AgendaItemPart, NoticePublishedV1
from shared.contracts.vocabulary import Decider, MoneySource
from tests.deliberation.builders import A_SHED, COMMUNITY, FRIDAY, ISSUE, TUESDAY, Hall, a_scheduled, a_task
from tests.fakes import a_moment
from tests.harness import Bus

FROM_EACH = AgendaItemPart(number=2, matter="每户出资", amount_fen=2_000_000, money=MoneySource.HOUSEHOLDS)
NOW = a_moment(FRIDAY)


def a_notice(*items):
    of = {"session_id": f"{ISSUE}/S1", "issue_id": ISSUE, "unit_code": COMMUNITY, "title": "停车"}
    return NoticePublishedV1(**of, hall_name="议事厅", starts_at=TUESDAY, agenda=list(items), published_at=FRIDAY)


@pytest.mark.parametrize(
    ("money", "decides"),
    [
        (MoneySource.NONE, Decider.COUNCIL),
        (MoneySource.PUBLIC, Decider.COUNCIL),
        (MoneySource.DONATIONS, Decider.COUNCIL),
        (MoneySource.OWNERS, Decider.OWNERS),
        (MoneySource.HOUSEHOLDS, Decider.CONTRIBUTORS),
    ],
)
def test_a_council_decides_on_nobodys_money_but_the_publics_and_what_is_given(money, decides):
    assert decider_of(money) is decides


def test_what_each_household_would_pay_is_a_recommendation_by_an_ordinary_majority(work):
    hall = Hall(work, agenda=[A_SHED, FROM_EACH])
    hall.open()
    motion = hall.five_steps(motion="每户出资两万", item=2, amount_fen=2_000_000)
    hall.vote(votes_for=5, against=4)
    hall.ask(resolutions.adopt_resolution, tasks=[a_task(what="逐户征求意见")])

    adopted = work.outbox.of(said.ResolutionAdoptedV1)[0]
    assert motion.state is MotionState.CARRIED
    assert (adopted.decided_by, adopted.money, adopted.amount_fen) == ("contributors", "households", 2_000_000)


@pytest.mark.parametrize(
    ("moved", "field", "named"),
    [
        ({"item": 2}, "item", "1: 停车棚"),
        ({"item": 1, "amount_fen": 2_000_001}, "amount_fen", "At most 2000000 fen for item 1"),
        ({"amount_fen": 1}, "amount_fen", "At most 0 fen for item 0"),
    ],
)
def test_what_is_off_the_notice_is_not_moved_and_the_refusal_says_what_was_on_it(work, moved, field, named):
    hall = Hall(work, agenda=[A_SHED])
    hall.open()

    with pytest.raises(OffTheNotice) as refused:
        hall.state_motion(**moved)
    assert named in refused.value.fields[field][0]


def test_a_later_notice_adds_to_the_agenda_once_and_an_older_one_takes_nothing_off(work, hall):
    for notice in (a_notice(A_SHED, FROM_EACH), a_notice(A_SHED), a_notice()):
        events.announce_agenda(work, notice, NOW)
    assert hall.session.agenda == (A_SHED, FROM_EACH)
    assert [entry.kind for entry in hall.record().entries] == ["session_called", "agenda_announced"]

    hall.open()
    events.announce_agenda(work, a_notice(A_SHED, FROM_EACH, A_SHED), NOW)
    assert hall.session.agenda == (A_SHED, FROM_EACH)


def test_an_agenda_is_read_back_as_it_was_announced(engine):
    bus = Bus(engine, DeliberationService, TUESDAY)
    bus.hear(a_notice(A_SHED))
    bus.hear(a_scheduled())

    read = bus.ask("get_session", {"session_id": f"{ISSUE}/S1"}, Role.CHAIR, COMMUNITY)
    assert read["agenda"] == [{"number": 1, "matter": "停车棚", "amount_fen": 2_000_000, "money": "public"}]
