"""Who goes from door to door has papers that the rules take, of a register that is nobody's invention of the moment."""

from datetime import datetime, timedelta

import pytest

from services.deliberation.domain.electorate import base_of, voters_of
from services.deliberation.domain.poll import Box, Paper, Poll, check_papers
from services.deliberation.schemas.polls import OpenPoll
from services.rehearsal.dice import Dice
from services.rehearsal.people.collectors import DESIGNS, Collectors, opening_of
from shared.clock import SHANGHAI
from shared.contracts.base import schema_of
from shared.contracts.vocabulary import ElectorateKind

NOW = datetime(2026, 3, 9, 9, tzinfo=SHANGHAI)
SESSIONS = [f"I-{number}/S1" for number in range(20)]
VOTERS_PER_PROXY = 3


def opened(session_id, money, dice):
    """The poll that an opening is for, as deliberation makes it of what it is sent."""
    asked = {"motion_id": f"{session_id}/M1", "idempotency_key": "opens"} | opening_of(dice, session_id, money=money)
    request = schema_of(OpenPoll).load(asked)
    voters = voters_of(request.electorate, [one.as_dwelling() for one in request.register])
    window = {"opened_at": NOW, "opens_at": NOW, "closes_at": NOW + timedelta(days=request.days), "due_at": NOW}
    of = {"motion_id": request.motion_id, "session_id": session_id, "issue_id": "I-1", "unit_code": "110105017036"}
    options = tuple(request.options) or ("同意", "不同意")
    kind = {"electorate": request.electorate, "options": options, "owners_item": request.owners_item}
    return Poll(id=f"{request.motion_id}/P1", voters=voters, **of, **kind, **window)


def collected(poll, dice):
    """All papers of a visit at which everybody is at home."""
    event = {"poll_id": poll.id, "issue_id": "I-1", "session_id": poll.session_id, "options": list(poll.options)}
    papers = [Collectors(dice)._paper(event, voter.dwellings[0]) for voter in poll.voters]
    return [
        Paper(poll.id, n, one["dwelling"], one["choice"], tuple(one["signed_by"]), one["authorised"], "clerk", NOW)
        for n, one in enumerate(papers, 1)
    ]


@pytest.mark.parametrize("money", ["none", "owners"])
def test_every_paper_of_a_poll_can_be_entered_also_of_joint_holders_and_by_proxy(money):
    dice = Dice(7)
    polls = [opened(one, money, dice) for one in SESSIONS]
    papers = [collected(poll, dice) for poll in polls]

    for poll, fresh in zip(polls, papers, strict=True):
        check_papers(poll, Box((), ()), fresh, voters_per_proxy=VOTERS_PER_PROXY)

    signed = [paper.signed_by for fresh in papers for paper in fresh]
    assert any(len(one) > 1 for one in signed)
    assert any(one[0].startswith("acts-for-") for one in signed)
    assert {poll.options == tuple(DESIGNS) for poll in polls} == ({True, False} if money == "none" else {False})


def test_an_owner_of_two_flats_is_one_head_and_two_households():
    owners, households = (opened(SESSIONS[0], money, Dice(7)) for money in ("owners", "none"))

    assert (owners.electorate, households.electorate) == (ElectorateKind.OWNERS, ElectorateKind.HOUSEHOLDS)
    assert base_of(owners.voters).heads < base_of(households.voters).heads
    assert base_of(owners.voters).area == base_of(households.voters).area
