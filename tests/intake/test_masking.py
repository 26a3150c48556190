"""What says who somebody is, or which household, is found by rules and masked; everything else stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.masking import IN_WORDS, Private, masked, private_in
from tests.intake.masking_table import KEPT, MASKED


@pytest.mark.parametrize(("text", "proposed"), MASKED.values(), ids=MASKED)
def test_what_is_private_is_masked(text, proposed):
    assert masked(text) == proposed


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_what_says_nothing_of_a_person_stays(text):
    assert masked(text) == text
    assert private_in(text) == []


def test_the_table_is_long_enough_to_rely_on():
    assert len(MASKED) >= 60


@given(st.lists(st.sampled_from([text for text, _ in MASKED.values()] + list(KEPT.values())), max_size=4))
def test_a_masked_text_has_nothing_private_left(texts):
    proposed = masked(",".join(texts))

    assert private_in(proposed) == []
    assert masked(proposed) == proposed


@given(st.text(max_size=200))
def test_any_text_can_be_masked_and_what_is_found_lies_in_it_in_order(text):
    places = [(found.start, found.end) for found in private_in(text)]

    assert places == sorted(places)
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert masked(text) == text or places


def test_what_is_found_is_told_by_kind_and_place():
    (name, phone) = private_in("王女士,13900001111")

    assert (name.kind, name.start, name.end) == (Private.NAME, 0, 3)
    assert (phone.kind, phone.start, phone.end) == (Private.PHONE, 4, 15)
    assert set(IN_WORDS) == set(Private)
