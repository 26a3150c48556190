"""The complaints that benchmarks write: valid, distinct, as long as real ones, and the same each time."""

from datetime import UTC, datetime
from statistics import mean

import pytest

from services.cli.bench.complaints import texts, write_complaints
from shared.contracts.hotline import ComplaintFiledV1

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def complaints():
    return list(write_complaints(2000, at=AT))


def test_every_complaint_keeps_the_contract(complaints):
    taken = [ComplaintFiledV1.from_wire(one) for one in complaints]
    assert [(one.order_no, one.content) for one in taken] == [(one["order_no"], one["content"]) for one in complaints]


def test_no_two_complaints_say_the_same(complaints):
    assert len({one["order_no"] for one in complaints}) == len(complaints)
    assert len({one["content"] for one in complaints}) == len(complaints)


def test_they_are_about_as_long_as_real_ones(complaints):
    assert 180 <= mean(len(one["content"]) for one in complaints) <= 320


def test_some_speak_of_a_matter_that_was_told_before(complaints):
    told = {(one["title"], one["place"]["address"]) for one in complaints}
    assert 0.8 <= len(told) / len(complaints) < 0.95


def test_the_same_series_is_the_same_complaints():
    assert list(write_complaints(50, at=AT, series="X")) == list(write_complaints(50, at=AT, series="X"))
    assert list(write_complaints(50, at=AT, series="X")) != list(write_complaints(50, at=AT, series="Y"))


def test_matters_for_a_council_can_be_left_out():
    deliberated = {one["title"] for one in texts()["matters"] if one.get("deliberated")}
    written = write_complaints(500, at=AT, deliberated=False)
    assert not any(one["title"].endswith(tuple(deliberated)) for one in written)
