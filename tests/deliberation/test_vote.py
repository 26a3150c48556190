"""Ballots and majorities: who may vote, what carries, and that a vote without quorum is void."""

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.deliberation.domain.errors import BallotsRefused
from services.deliberation.domain.quorum import QuorumCount, count_quorum
from services.deliberation.domain.vote import Ballot, Choice, check_ballots, hold_vote
from shared.contracts.vocabulary import VoteOutcome
from shared.policy import Threshold
from tests.deliberation.builders import MONEY, ORDINARY, POLICY, TUESDAY, some_invitees
from tests.deliberation.test_quorum import people, real_votes

CARRIED, LOST, VOID = VoteOutcome.CARRIED, VoteOutcome.LOST, VoteOutcome.VOID


def cast(votes_for=0, against=0, abstain=0):
    choices = [Choice.FOR] * votes_for + [Choice.AGAINST] * against + [Choice.ABSTAIN] * abstain
    return [Ballot("M1", 1, f"P-{place}", choice, TUESDAY) for place, choice in enumerate(choices, 1)]


def a_quorum(present, invited=9, needed=5):
    return QuorumCount(invited, present, needed, residents=present, residents_needed=1)


def result_of(vote):
    return vote.outcome, vote.votes_for, vote.votes_against, vote.abstained, vote.present, vote.votes_needed


def a_vote(ballots, present=9, money=ORDINARY, rule=POLICY.majority, **quorum):
    quorum = a_quorum(present, **quorum)
    return hold_vote("M1", money, ballots, quorum, number=1, recused=0, rule=rule, at=TUESDAY)


@pytest.mark.parametrize(
    ("votes", "present", "money", "outcome"),
    [
        ((5, 4, 0), 9, ORDINARY, CARRIED),
        ((4, 5, 0), 9, ORDINARY, LOST),
        ((4, 4, 0), 8, ORDINARY, LOST),
        ((4, 0, 5), 9, ORDINARY, LOST),
        ((4, 0, 0), 9, ORDINARY, LOST),
        ((5, 0, 0), 9, ORDINARY, CARRIED),
        ((6, 3, 0), 9, MONEY, CARRIED),
        ((5, 4, 0), 9, MONEY, LOST),
        ((5, 0, 3), 8, MONEY, LOST),
        ((6, 0, 2), 8, MONEY, CARRIED),
        ((0, 0, 0), 9, ORDINARY, LOST),
    ],
    ids=[
        "five to four",
        "four to five",
        "a tie fails",
        "more for than against, but the abstaining are present too",
        "silence counts as present",
        "five of nine and the rest silent",
        "money: two thirds exactly",
        "money: a plain majority is not enough",
        "money: five of eight",
        "money: six of eight",
        "nobody votes",
    ],
)
def test_what_carries(votes, present, money, outcome):
    assert a_vote(cast(*votes), present, money).outcome is outcome


@pytest.mark.parametrize(
    ("votes", "present", "outcome"),
    [((3, 3, 0), 6, LOST), ((3, 2, 3), 8, CARRIED)],
    ids=["for and against are a tie", "for and abstained are none"],
)
def test_where_half_is_enough_only_a_tie_of_for_and_against_fails(votes, present, outcome):
    half = replace(POLICY.majority, ordinary=Threshold(Fraction(1, 2), strict=False), is_abstention_present=False)

    assert a_vote(cast(*votes), present, rule=half).outcome is outcome


def test_a_unanimous_vote_without_quorum_is_void_and_keeps_its_counts():
    vote = a_vote(cast(4), present=4)

    assert (vote.outcome, vote.votes_for, vote.present, vote.quorum_needed) == (VOID, 4, 4, 5)


def test_ballots_are_refused_with_the_name_and_reason_of_each():
    ballots = [
        *cast(2),
        Ballot("M1", 1, "P-2", Choice.AGAINST, TUESDAY),
        *cast(9)[7:8],
        Ballot("M1", 1, "Z", Choice.FOR, TUESDAY),
    ]

    with pytest.raises(BallotsRefused) as refused:
        check_ballots(ballots, some_invitees(9), people(1, 2), people(1))

    assert refused.value.fields["ballots"] == [
        "Z (Z): not an invited deputy.",
        "代表1 (P-1): recused from this motion.",
        "代表2 (P-2): more than one ballot.",
        "代表8 (P-8): not present.",
    ]


@given(
    st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 5), st.sampled_from([ORDINARY, MONEY])
)
def test_a_majority_is_what_counting_by_hand_gives(votes_for, against, abstain, silent, money):
    present = votes_for + against + abstain + silent
    vote = a_vote(cast(votes_for, against, abstain), present, money, invited=100, needed=5)

    enough = 2 * votes_for > present if money is ORDINARY else 3 * votes_for >= 2 * present
    by_hand = VOID if present < 5 else CARRIED if enough and votes_for != against else LOST
    assert vote.outcome is by_hand


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20), st.randoms(use_true_random=False))
def test_the_order_of_ballots_changes_nothing(votes_for, against, abstain, shuffle: random.Random):
    ballots = cast(votes_for, against, abstain)
    shuffled = list(ballots)
    shuffle.shuffle(shuffled)

    assert result_of(a_vote(ballots, 60)) == result_of(a_vote(shuffled, 60))


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20), st.sampled_from([ORDINARY, MONEY]))
def test_turning_a_vote_for_into_an_abstention_never_carries_a_motion(votes_for, against, abstain, money):
    present = votes_for + against + abstain + 1
    before = a_vote(cast(votes_for + 1, against, abstain), present, money)
    after = a_vote(cast(votes_for, against, abstain + 1), present, money)

    assert not (after.outcome is CARRIED and before.outcome is not CARRIED)


@given(st.sets(st.integers(1, 9)), st.sets(st.integers(1, 9)), st.sets(st.integers(1, 12), min_size=1))
def test_only_the_ballots_of_invited_present_and_not_recused_deputies_are_ever_accepted(present, recused, voters):
    ballots = [Ballot("M1", 1, f"P-{voter}", Choice.FOR, TUESDAY) for voter in voters]
    may_vote = {voter for voter in present - recused if voter <= 9}

    if voters <= may_vote:
        check_ballots(ballots, some_invitees(9), people(*present), people(*recused))
    else:
        with pytest.raises(BallotsRefused):
            check_ballots(ballots, some_invitees(9), people(*present), people(*recused))


@given(st.sets(st.integers(1, 9)), st.sets(st.integers(1, 9)), st.data())
def test_no_more_votes_are_counted_than_there_are_people(present, recused, data):
    quorum = count_quorum(some_invitees(9), people(*present), people(*recused), POLICY.quorum)
    voters = sorted(data.draw(st.sets(st.sampled_from(sorted(present - recused)))) if present - recused else [])
    ballots = [Ballot("M1", 1, f"P-{voter}", data.draw(st.sampled_from(Choice)), TUESDAY) for voter in voters]
    vote = hold_vote("M1", ORDINARY, ballots, quorum, number=1, recused=len(recused), rule=POLICY.majority, at=TUESDAY)

    assert vote.votes_for + vote.votes_against + vote.abstained <= vote.present
    assert vote.outcome is not CARRIED or quorum.is_met


def test_real_votes_of_a_committee_come_out_as_its_minutes_say():
    """Where the minutes name who was listed; the two that they let pass on half or none of the votes stay apart."""
    differing = []
    for row in real_votes():
        listed = int(row["listed"])
        counted = [int(number) for number in row["votes_counted"].split("|")]
        if not listed or sum(counted) > listed:
            continue
        vote = a_vote(cast(counted[0], sum(counted[1:])), listed, invited=listed, needed=1)
        if (vote.outcome is CARRIED) is not (row["failed_majority"] == "false"):
            differing.append((row["meeting"], row["votes_counted"]))

    assert differing == [("114/3/31", "0"), ("114/4/29", "5")]
