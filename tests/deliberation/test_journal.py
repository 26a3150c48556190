"""Rule 1: the record is a chain, and whatever is changed, taken out or moved in it shows."""

import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from services.deliberation.domain.journal import FIRST_HASH, Entry, chain, faults_in
from tests.deliberation.builders import TUESDAY

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
CONTENTS = st.lists(st.dictionaries(st.text(), JSON_VALUES, max_size=3), min_size=1, max_size=6)


def a_record(contents):
    entries, head = [], FIRST_HASH
    for number, content in enumerate(contents, 1):
        entries.append(chain("S1", number, head, "said", "clerk-1", TUESDAY, content))
        head = entries[-1].hash
    return entries, head


@given(CONTENTS)
def test_a_record_that_nobody_touched_is_whole(contents):
    entries, head = a_record(contents)

    assert faults_in(entries, head_hash=head) == []


@given(CONTENTS, st.data())
def test_any_change_of_any_entry_shows(contents, data):
    entries, head = a_record(contents)
    entry = data.draw(st.sampled_from(entries))
    name, value = data.draw(
        st.sampled_from(
            [("kind", "other"), ("recorded_by", "mayor"), ("content", '{"x":"forged"}'), ("hash", "f" * 64)]
        )
    )
    setattr(entry, name, value)

    assert faults_in(entries, head_hash=head)


@given(CONTENTS, st.data())
def test_an_entry_taken_out_shows_also_the_last(contents, data):
    entries, head = a_record(contents)
    entries.remove(data.draw(st.sampled_from(entries)))

    assert faults_in(entries, head_hash=head)


@given(CONTENTS.filter(lambda contents: len(contents) > 1))
def test_entries_in_another_order_show(contents):
    entries, head = a_record(contents)

    assert faults_in(entries[::-1], head_hash=head)


def test_a_forged_entry_with_a_hash_of_its_own_breaks_the_next():
    entries, head = a_record([{"vote": "lost"}, {"closed": True}])
    entries[0] = chain("S1", 1, FIRST_HASH, "said", "clerk-1", TUESDAY, {"vote": "carried"})

    assert faults_in(entries, head_hash=head) == ["entry 2 does not follow the one before it"]


def test_a_gap_in_the_numbers_alone_shows():
    first = chain("S1", 1, FIRST_HASH, "said", "clerk-1", TUESDAY, {})
    third = chain("S1", 3, first.hash, "said", "clerk-1", TUESDAY, {})

    assert faults_in([first, third], head_hash=third.hash) == ["entry 2 is missing: found 3 in its place"]


def test_the_hash_can_be_computed_by_anybody_from_what_is_shown():
    entry = chain("S1", 1, FIRST_HASH, "said", "clerk-1", TUESDAY, {"text": "同意"})
    signed = (
        '{"content":{"text":"同意"},"kind":"said","number":1,"recorded_at":"2026-03-10T11:00:00.000000+00:00",'
        '"recorded_by":"clerk-1","session_id":"S1"}'
    )

    assert isinstance(entry, Entry)
    assert json.loads(entry.content) == {"text": "同意"}
    assert entry.hash == hashlib.sha256((FIRST_HASH + signed).encode()).hexdigest()


def test_a_record_cut_off_behind_the_head_shows():
    entries, head = a_record([{"n": 1}, {"n": 2}])

    assert faults_in(entries[:1], head_hash=head) == ["the record does not end where the session says it ends"]


def test_an_empty_record_is_whole():
    assert faults_in([], head_hash=FIRST_HASH) == []
