"""Chance that is the same each time."""

from services.rehearsal.dice import Dice


def test_the_same_question_has_the_same_answer_in_whatever_order_it_is_asked():
    first, second = Dice(7), Dice(7)
    forward = {ref: first.share("returns", ref) for ref in ("T1", "T2", "T3")}
    backward = {ref: second.share("returns", ref) for ref in ("T3", "T2", "T1")}
    assert forward == backward


def test_another_seed_another_purpose_or_another_thing_is_another_throw():
    thrown = {Dice(7).share("returns", "T1"), Dice(8).share("returns", "T1"), Dice(7).share("fails", "T1")}
    assert len(thrown | {Dice(7).share("returns", "T2")}) == 4


def test_things_happen_about_as_often_as_their_share_says():
    happened = sum(Dice(7).happens(0.2, "late", number) for number in range(2000))
    assert 330 < happened < 470
