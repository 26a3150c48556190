"""The envelope: what goes out comes back, and what a sender got wrong is said in words."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.envelope import CONTENT_TYPE, Envelope, Undecodable, decode, encode
from shared.contracts.samples import sample, sample_text

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0/"), min_size=1, max_size=200)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(
    name=NAMES,
    source=NAMES,
    subject=TEXTS,
    time=st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29), timezones=OFFSETS),  # noqa: DTZ001
    content=st.dictionaries(TEXTS, VALUES, max_size=5),
)
def test_what_was_encoded_is_decoded_the_same(name, source, subject, time, content):
    sent = Envelope(id=name, type=name, source=source, subject=subject, time=time, content=content)

    assert decode(encode(sent), CONTENT_TYPE) == sent


def test_headers_tell_correlation_and_trace():
    headers = {"correlation_id": "c-1", "traceparent": "00-1-2-01", "other": 1}

    envelope = decode(sample_text("issue_raised.v1").encode(), CONTENT_TYPE, headers)

    assert (envelope.correlation_id, envelope.traceparent, envelope.headers) == ("c-1", "00-1-2-01", headers)


@pytest.mark.parametrize("kind", [CONTENT_TYPE, "application/json", "Application/JSON; charset=utf-8"])
def test_both_json_content_types_are_read(kind):
    assert decode(sample_text("issue_raised.v1").encode(), kind).type == "issue_raised.v1"


def test_a_time_keeps_its_instant():
    told = message(time="2026-03-02T09:00:00+08:00")

    assert decode(told, CONTENT_TYPE).time == datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize("kind", [None, "", "text/plain", "application/xml", "application/x-python-serialize"])
def test_another_content_type_is_refused(kind):
    with pytest.raises(Undecodable, match="content_type must be application/cloudevents"):
        decode(sample_text("issue_raised.v1").encode(), kind)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe\x00", id="no UTF-8"),
        pytest.param("{}".encode("utf-16"), id="UTF-16"),
        pytest.param(b"{", id="cut off"),
        pytest.param(b"[" * 100_000, id="endless nesting"),
        pytest.param(b"1" * 5_000, id="a number of thousands of digits"),
    ],
)
def test_a_body_that_is_no_json_is_refused(body):
    with pytest.raises(Undecodable, match="the body must be UTF-8 JSON"):
        decode(body, CONTENT_TYPE)


@pytest.mark.parametrize("body", [b"[]", b"null", b'"issue_raised.v1"', b"1"])
def test_a_body_that_is_no_object_is_refused(body):
    with pytest.raises(Undecodable, match="must be a JSON object"):
        decode(body, CONTENT_TYPE)


@pytest.mark.parametrize("told", ["\0", "\ud800", "\udfff and more"])
def test_characters_that_no_database_takes_are_refused_wherever_they_stand(told):
    for content in ({"title": told}, {told: 1}, {"fields": [{"deep": [told]}]}):
        with pytest.raises(Undecodable, match="must not contain NUL characters or halves of surrogate pairs"):
            decode(message(data=content), CONTENT_TYPE)


def test_a_backslash_before_u0000_is_a_text_like_any_other():
    assert decode(message(data={"title": "\\u0000"}), CONTENT_TYPE).content == {"title": "\\u0000"}


@pytest.mark.parametrize("name", ["id", "type", "source"])
@pytest.mark.parametrize("wrong", [None, "", 1, "x" * 201, {}])
def test_who_and_what_must_be_texts(name, wrong):
    with pytest.raises(Undecodable, match=f"`{name}` must be a text of 1 to 200 characters"):
        decode(message(**{name: wrong}), CONTENT_TYPE)


@pytest.mark.parametrize(
    "wrong", [None, "", "yesterday", "2026-03-02", "2026-03-02T09:00:00", 1772413200, "0001-01-01T00:00:00+08:00"]
)
def test_a_time_without_offset_or_that_is_none_is_refused(wrong):
    with pytest.raises(Undecodable, match="`time` must be an ISO 8601 instant with its offset"):
        decode(message(time=wrong), CONTENT_TYPE)


@pytest.mark.parametrize("wrong", [None, "0.3", 1.0, "2.0"])
def test_another_version_of_cloudevents_is_refused(wrong):
    with pytest.raises(Undecodable, match=r"`specversion` must be 1\.0"):
        decode(message(specversion=wrong), CONTENT_TYPE)


@pytest.mark.parametrize("wrong", [None, [], "text", 1])
def test_content_that_is_no_object_is_refused(wrong):
    with pytest.raises(Undecodable, match="`data` must be a JSON object"):
        decode(message(data=wrong), CONTENT_TYPE)


def message(**changed) -> bytes:
    return json.dumps({**sample("issue_raised.v1"), **changed}).encode()
