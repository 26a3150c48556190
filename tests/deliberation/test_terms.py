"""Who votes and speaks are deputies as of the moment: whose term has ended since the invitation does neither."""

from datetime import timedelta

import pytest

from services.deliberation.domain.errors import BallotsRefused, SpeakerRefused
from services.deliberation.service import DeliberationService
from services.deliberation.storage import terms
from services.deliberation.use_cases import motions, sessions
from shared.contracts import deliberation as said
from shared.contracts.directory import DeputyPart
from tests.deliberation.builders import EVERYBODY, TUESDAY, ballots
from tests.harness import Bus
from tests.told import DISTRICT, a_copy, an_entry, changed

HOUR = timedelta(hours=1)


def term(person: str, ends_at=None, number: int = 1, **more) -> DeputyPart:
    facts = {"person": person, "person_name": "某人", "unit": DISTRICT, "category": "lane_chief", "valid_to": ends_at}
    made: DeputyPart = an_entry(DeputyPart, f"{person}/{number}", **(facts | more))
    return made


@pytest.fixture
def ended(work, hall):
    """P-3's term ended an hour before the session."""
    work.directory = a_copy(term("P-3", hall.now - HOUR), *(term(one) for one in EVERYBODY if one != "P-3"))
    return hall


def test_a_deputy_whose_term_has_ended_casts_no_ballot_and_is_not_in_the_base(work, ended):
    ended.open()
    motion = ended.five_steps()

    with pytest.raises(BallotsRefused) as refused:
        ended.vote(votes_for=9)
    assert refused.value.fields == {"ballots": ["代表3 (P-3): their term as a deputy is over."]}
    ended.ask(motions.vote, ballots=[one for one in ballots(votes_for=9) if one.person_id != "P-3"])

    (voted,) = work.outbox.of(said.MotionVotedV1)
    assert (voted.motion_id, voted.invited, voted.present, voted.votes_for) == (motion.id, 8, 8, 8)


def test_nor_do_they_state_or_second_a_motion(ended):
    ended.open()

    with pytest.raises(SpeakerRefused) as refused:
        ended.ask(motions.state_motion, mover="P-3", motion="划定车位", new_facts="")
    assert refused.value.fields == {"mover": ["P-3's term as a deputy is over."]}


def test_a_vote_held_before_the_term_ended_stays_as_it_was(work, hall):
    work.directory = a_copy(*(term(one, hall.now + HOUR) for one in EVERYBODY))
    hall.open()
    hall.five_steps()
    hall.vote(votes_for=9)
    hall.now += 2 * HOUR

    assert hall.ask(sessions.record_departures, person_ids=["P-9"]).invited == 0
    (voted,) = work.outbox.of(said.MotionVotedV1)
    assert (voted.invited, voted.votes_for) == (9, 9)


def test_a_new_term_counts_and_of_whom_nothing_is_told_nothing_is_said(engine):
    bus = Bus(engine, DeliberationService, TUESDAY)
    bus.hear(changed(term("P-1", TUESDAY), term("P-2", TUESDAY), term("P-2", None, 2, valid_from=TUESDAY)))
    people = ["P-1", "P-2", "P-9"]

    with bus.begin(reads=True) as work:
        assert terms.over(work.directory, people, TUESDAY - HOUR) == frozenset()
        assert terms.over(work.directory, people, TUESDAY) == {"P-1"}
    bus.hear(changed(term("P-1", None, revision=2)))
    with bus.begin(reads=True) as work:
        assert terms.over(work.directory, people, TUESDAY) == frozenset()
