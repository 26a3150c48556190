"""The envelope: what goes out comes back, and what a sender got wrong is said in words."""

import base64
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.inbox.reading import Delivery, read, reread
from shared.contracts import EVENTS, ContractBroken
from shared.contracts.envelope import CONTENT_TYPE, Envelope, Undecodable, decode, encode, structured
from shared.contracts.json_schema import message_schema
from shared.contracts.samples import sample, sample_text
from tests.contracts.validators import faults_by_schema

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
    places = {
        "data.title": {"title": told},
        "data.\ufffd" + told[1:]: {told: 1},
        "data.fields.0.deep.0": {"fields": [{"deep": [told]}]},
    }
    for place, content in places.items():
        with pytest.raises(
            Undecodable, match="must not contain NUL characters or halves of surrogate pairs"
        ) as refused:
            decode(message(data=content), CONTENT_TYPE)
        assert refused.value.reason.endswith(f"see `{place}`")


def test_a_backslash_before_u0000_is_a_text_like_any_other():
    assert decode(message(data={"title": "\\u0000"}), CONTENT_TYPE).content == {"title": "\\u0000"}


@pytest.mark.parametrize("name", ["id", "type", "source"])
@pytest.mark.parametrize("wrong", [None, "", 1, "x" * 201, {}])
def test_who_and_what_must_be_texts(name, wrong):
    with pytest.raises(Undecodable, match=f"`{name}` must be a text of 1 to 200 characters"):
        decode(message(**{name: wrong}), CONTENT_TYPE)


@pytest.mark.parametrize(
    "wrong", ["", "yesterday", "2026-03-02", "2026-03-02T09:00:00", 1772413200, "0001-01-01T00:00:00+08:00"]
)
def test_a_time_without_offset_or_that_is_none_is_refused(wrong):
    with pytest.raises(Undecodable, match="`time` must be an instant as in RFC 3339 with its offset"):
        decode(message(time=wrong), CONTENT_TYPE)


@pytest.mark.parametrize("changed", [{"time": None}, {"subject": None, "datacontenttype": None}, {"data_base64": None}])
def test_an_attribute_that_is_null_counts_as_absent(changed):
    told = sample("issue_raised.v1") | changed
    left_out = {name: value for name, value in told.items() if value is not None}

    assert decode(json.dumps(told).encode(), CONTENT_TYPE) == decode(json.dumps(left_out).encode(), CONTENT_TYPE)
    assert faults_by_schema(message_schema(EVENTS["issue_raised.v1"]), left_out) == []


def test_a_message_without_time_is_read_and_counts_from_its_arrival():
    told = {name: value for name, value in sample("issue_raised.v1").items() if name != "time"}
    delivery = Delivery(1, 1, json.dumps(told).encode(), CONTENT_TYPE, "", "issue_raised.v1", {})

    assert decode(delivery.body, CONTENT_TYPE).time is None
    assert read(delivery, set(EVENTS)).happened_at == delivery.arrived_at
    assert faults_by_schema(message_schema(EVENTS["issue_raised.v1"]), told) == []


def test_content_may_come_in_base64():
    told = {name: value for name, value in sample("issue_raised.v1").items() if name != "data"}
    content = sample("issue_raised.v1")["data"]
    told["data_base64"] = base64.b64encode(json.dumps(content).encode()).decode()

    assert decode(json.dumps(told).encode(), CONTENT_TYPE).content == content
    assert faults_by_schema(message_schema(EVENTS["issue_raised.v1"]), told) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"data_base64": "e30="}, "`data` or `data_base64`, not both"),
        ({"data": None, "data_base64": "e30"}, "`data_base64` must be a text in Base64"),
        ({"data": None, "data_base64": 5}, "`data_base64` must be a text in Base64"),
        ({"data": None, "data_base64": "/w=="}, "`data_base64` must be UTF-8 JSON"),
        ({"data": None, "data_base64": "W10="}, "`data` must be a JSON object"),
        ({"datacontenttype": "application/xml"}, "`datacontenttype` must be application/json"),
        ({"subject": 5}, "`subject` must be a text"),
        ({"subject": "x" * 201}, "`subject` must be a text of at most 200 characters"),
    ],
)
def test_what_is_wrong_with_an_attribute_is_said_by_its_name(changed, words):
    with pytest.raises(Undecodable, match=words):
        decode(message(**changed), CONTENT_TYPE)


@pytest.mark.parametrize("prefix", ["cloudEvents_", "cloudEvents:", "ce-"])
@pytest.mark.parametrize(
    "kind", [None, "", "application/json", "application/json; charset=utf-8", "application/x+json"]
)
def test_binary_mode_says_the_same_as_structured_mode(prefix, kind):
    told, headers = in_binary_mode("issue_raised.v1", prefix)

    read_back = read(Delivery(1, 1, told, kind, "", "issue_raised.v1", headers), set(EVENTS))

    wire = sample("issue_raised.v1")
    assert (read_back.event_id, read_back.subject, read_back.fault) == (wire["id"], wire["subject"], None)
    assert read_back.event == EVENTS["issue_raised.v1"].from_wire(wire["data"])
    assert reread(read_back.body, {}).event == read_back.event


@pytest.mark.parametrize("body", [b"\xff", b"{", b"[]", b"[" * 100_000, b'{"a": NaN}', b"null"])
def test_rubbish_in_binary_mode_is_refused_as_in_structured_mode(body):
    _, headers = in_binary_mode("issue_raised.v1", "ce-")

    with pytest.raises(Undecodable):
        decode(*structured(body, None, headers | {"ce-id": "1"}))


@pytest.mark.parametrize("name", ["id", "source", "type"])
def test_an_attribute_that_is_missing_in_the_headers_is_named(name):
    told, headers = in_binary_mode("issue_raised.v1", "ce-")
    del headers[f"ce-{name}"]

    with pytest.raises(Undecodable, match=f"`{name}` must be a text"):
        decode(*structured(told, None, headers))


def test_headers_of_binary_mode_beside_a_structured_message_change_nothing():
    _, headers = in_binary_mode("issue_raised.v1", "ce-")

    assert structured(message(), CONTENT_TYPE, headers) == (message(), CONTENT_TYPE)


@pytest.mark.parametrize("name", ["id", "type", "source"])
def test_ids_are_bounded_in_bytes_too_because_amqp_counts_those(name):
    assert decode(message(**{name: "工" * 85}), CONTENT_TYPE)

    with pytest.raises(
        Undecodable, match=f"`{name}` must be a text of 1 to 200 characters, in UTF-8 at most 255 bytes"
    ):
        decode(message(**{name: "工" * 86}), CONTENT_TYPE)


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_no_json(word):
    with pytest.raises(Undecodable, match=f"the body must be UTF-8 JSON: {word} is no number"):
        decode(message(data={"x": float(word)}), CONTENT_TYPE)


@pytest.mark.parametrize("wrong", [None, "0.3", 1.0, "2.0"])
def test_another_version_of_cloudevents_is_refused(wrong):
    with pytest.raises(Undecodable, match=r"`specversion` must be 1\.0"):
        decode(message(specversion=wrong), CONTENT_TYPE)


@pytest.mark.parametrize("wrong", [None, [], "text", 1])
def test_content_that_is_no_object_is_refused(wrong):
    with pytest.raises(Undecodable, match="`data` must be a JSON object"):
        decode(message(data=wrong), CONTENT_TYPE)


ODD = st.sampled_from([None, "", 5, 1.5, True, [], {}, "x", "x" * 200, "x" * 201, "2026-03-02T09:00:00z", "1.0"])


@given(name=st.sampled_from(["specversion", "id", "source", "time", "subject", "data"]), value=ODD)
def test_an_attribute_is_read_exactly_when_the_published_schema_takes_it(name, value):
    told = sample("issue_raised.v1") | {name: value}

    faults = faults_by_schema(message_schema(EVENTS["issue_raised.v1"]), told)

    assert is_read(told) == (faults == [])


def is_read(wire):
    try:
        EVENTS["issue_raised.v1"].from_wire(decode(json.dumps(wire).encode(), CONTENT_TYPE).content)
    except (Undecodable, ContractBroken):
        return False
    return True


def in_binary_mode(wire_type, prefix):
    wire = sample(wire_type)
    attributes = ("specversion", "id", "source", "type", "time", "subject")
    return json.dumps(wire["data"]).encode(), {f"{prefix}{name}": wire[name] for name in attributes}


def message(**changed) -> bytes:
    return json.dumps({**sample("issue_raised.v1"), **changed}).encode()
