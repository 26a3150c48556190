"""Instants: what RFC 3339 allows, no more and no less, the same for our reader and for strangers' validators."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.rpc.messages import read_request, request
from shared.contracts.base import ContractBroken
from shared.contracts.envelope import CONTENT_TYPE, Undecodable, decode
from shared.contracts.hotline import ComplaintFiledV1
from shared.contracts.instants import NoInstant, read_instant
from shared.contracts.json_schema import content_schema, message_schema
from shared.contracts.samples import sample
from shared.errors import BadRequest
from tests.contracts.validators import faults_by_schema

SCHEMA = {"type": "string", "format": "date-time"}
NINE = datetime(2026, 3, 2, 1, tzinfo=UTC)
RIGHT = {
    "2026-03-02T09:00:00+08:00": NINE,
    "2026-03-02t01:00:00z": NINE,
    "2026-03-02T01:00:00-00:00": NINE,
    "2026-03-02T01:00:00.5Z": NINE + timedelta(seconds=0.5),
    "2026-03-02T01:00:00.123456789Z": NINE + timedelta(microseconds=123456),
    "2026-03-03T00:59:00+23:59": NINE,
    "1998-12-31T23:59:60Z": datetime(1999, 1, 1, tzinfo=UTC),
    "1999-01-01T07:59:60.25+08:00": datetime(1999, 1, 1, 0, 0, 0, 250_000, tzinfo=UTC),
}
WRONG = (
    "20261127203015+0800",
    "20261127T203015Z",
    "2026-W48-5T20:30:15Z",
    "2026-331T20:30:15Z",
    "2026-11-27 20:30:15+08:00",
    "2026/11/27 20:30:15",
    "2026-11-27T20:30:15",
    "2026-11-27T20:30:15+0800",
    "2026-11-27T20:30:15+08",
    "2026-11-27T20:30+08:00",
    "2026-11-27T20:30:15,5+08:00",
    "2026-11-27T20:30:15.+08:00",
    "2026-11-27T24:00:00Z",
    "2026-11-27T20:60:00Z",
    "2026-11-27T20:30:60+08:00",
    "2026-11-27T20:30:15+24:00",
    "2026-11-27T20:30:15+08:60",
    "2026-02-29T20:30:15Z",
    "2026-13-01T20:30:15Z",
    "２０２６-11-27T20:30:15Z",
    "2026-11-27T20:30:15Z\n",
    " 2026-11-27T20:30:15Z",
    "",
)


NEARLY = r"[0-9]{3}[1-9]-[01]\d-[0-3]\d[Tt ][0-2]\d:[0-6]\d:[0-6]\d(\.\d{1,9})?([Zz]|[+-][0-2]\d:?[0-6]\d)?"


@given(st.from_regex(re.compile(NEARLY, re.ASCII), fullmatch=True))
def test_our_reader_takes_what_the_published_format_says(text):
    is_taken = faults_by_schema(SCHEMA, text) == []

    assert is_taken == is_an_instant(text) or text.startswith(("0001-01-01", "9999-12-31"))


@pytest.mark.parametrize("text", RIGHT)
def test_what_rfc_3339_allows_is_the_instant_it_says(text):
    assert read_instant(text) == RIGHT[text]
    assert faults_by_schema(SCHEMA, text) == []


@pytest.mark.parametrize("text", WRONG)
def test_what_it_does_not_allow_is_refused_alike_in_events_requests_and_by_schema(text):
    filed, words = sample("complaint_filed.v1"), r"an instant as in RFC 3339 with its offset, like 20\d\d-\d\d-\d\dT"

    with pytest.raises(Undecodable, match=f"`time` must be {words}"):
        decode(message_of(filed | {"time": text}), CONTENT_TYPE)
    assert re.match(f"Must be {words}", faults_of_event(filed["data"] | {"filed_at": text})["filed_at"][0])
    assert re.match(f"Must be {words}", faults_of_request({"due_at": text})["due_at"][0])
    assert faults_by_schema(message_schema(ComplaintFiledV1), filed | {"time": text})
    assert faults_by_schema(content_schema(ComplaintFiledV1), filed["data"] | {"filed_at": text})


@pytest.mark.parametrize("wrong", [None, 1_772_413_200, 1.5, True, [], {}, "0001-01-01T00:00:00+08:00"])
def test_what_is_no_text_or_no_instant_of_utc_is_refused(wrong):
    with pytest.raises(NoInstant):
        read_instant(wrong)


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("20261127203015+0800", "2026-11-27T20:30:15+08:00"),
        ("20261127203015", "2026-11-27T20:30:15+08:00"),
        ("20261127T203015Z", "2026-11-27T20:30:15Z"),
        ("2026/3/2 9:12", "2026-03-02T09:12:00+08:00"),
        ("2026-11-27 20:30:15.5 -05:00", "2026-11-27T20:30:15.5-05:00"),
        ("2026-11-27T20:30:15,25+0800", "2026-11-27T20:30:15.25+08:00"),
        ("2026-02-30 09:00:00", "2026-03-02T09:00:00+08:00"),
        ("gestern", "2026-03-02T09:00:00+08:00"),
    ],
)
def test_the_refusal_shows_the_form_that_would_be_right(written, right):
    with pytest.raises(NoInstant) as refused:
        read_instant(written)

    assert refused.value.wanted.endswith(f"like {right}")


def is_an_instant(text):
    try:
        read_instant(text)
    except NoInstant:
        return False
    return True


@request
class Remind:
    due_at: datetime


def faults_of_request(wire):
    with pytest.raises(BadRequest) as refused:
        read_request(Remind, wire)
    return refused.value.fields


def faults_of_event(content):
    with pytest.raises(ContractBroken) as broken:
        ComplaintFiledV1.from_wire(content)
    return broken.value.fields


def message_of(wire):
    return json.dumps(wire).encode()
