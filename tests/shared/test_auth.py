"""Tokens prove who calls; keys are made once, and private ones are private."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from shared.auth import PRIVATE_KEY, PUBLIC_KEY, Caller, Role, issue_token, make_keys, read_token
from shared.errors import BadRequest, NotAllowed, NotAuthenticated, TokenExpired

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
STREET = "110105017"


@pytest.fixture
def keys(tmp_path):
    return tmp_path / "keys"


def a_token(keys, role=Role.STREET_SYSTEM, unit=STREET, lifetime=HOUR):
    return issue_token("street-17", role, unit, lifetime=lifetime, now=NOW, keys_folder=keys)


def test_a_token_proves_subject_role_and_unit(keys):
    assert read_token(a_token(keys), NOW, keys_folder=keys) == Caller("street-17", Role.STREET_SYSTEM, STREET)


def test_a_token_is_good_until_its_last_second(keys):
    token = a_token(keys)

    read_token(token, NOW + HOUR - timedelta(seconds=1), keys_folder=keys)
    with pytest.raises(TokenExpired, match="expired at 2026-03-02T02:00:00Z"):
        read_token(token, NOW + HOUR, keys_folder=keys)


def test_without_saying_when_real_time_counts(keys):
    with pytest.raises(TokenExpired):
        read_token(
            issue_token("x", Role.OPERATOR, None, lifetime=HOUR, now=NOW - 9999 * HOUR, keys_folder=keys),
            keys_folder=keys,
        )
    fresh = issue_token("x", Role.OPERATOR, None, lifetime=HOUR, keys_folder=keys)
    assert read_token(fresh, keys_folder=keys).role is Role.OPERATOR


@pytest.mark.parametrize(("token", "words"), [(None, "no token"), ("", "no token"), ("a.b.c", "can't be read")])
def test_what_is_no_token_is_refused_in_words(keys, token, words):
    with pytest.raises(NotAuthenticated, match=words):
        read_token(token, NOW, keys_folder=keys)


def test_a_token_of_another_key_or_without_signature_is_refused(keys, tmp_path):
    a_token(keys)
    foreign = a_token(tmp_path / "other")
    unsigned = jwt.encode({"sub": "x", "role": "operator", "exp": 9e9, "iat": 0}, None, algorithm="none")
    by_public_key = jwt.encode({"sub": "x", "role": "operator", "exp": 9e9, "iat": 0}, "x" * 64, algorithm="HS256")

    for token in (foreign, unsigned, by_public_key):
        with pytest.raises(NotAuthenticated):
            read_token(token, NOW, keys_folder=keys)


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "x", "role": "emperor", "exp": 9e9, "iat": 0},
        {"sub": "x", "role": "street_system", "exp": 9e9, "iat": 0},
        {"sub": "x", "role": "clerk", "unit": "11", "exp": 9e9, "iat": 0},
        {"sub": "x", "role": "clerk", "unit": STREET, "exp": 9e99, "iat": 0},
        {"sub": "x", "role": "clerk", "unit": STREET, "iat": 0},
    ],
)
def test_a_signed_token_that_says_nonsense_is_refused(keys, claims):
    make_keys(keys)
    token = jwt.encode(claims, (keys / PRIVATE_KEY).read_bytes(), algorithm="EdDSA")

    with pytest.raises(NotAuthenticated):
        read_token(token, NOW, keys_folder=keys)


@pytest.mark.parametrize(
    ("role", "unit", "lifetime", "field"),
    [
        ("emperor", STREET, HOUR, "role"),
        ("clerk", None, HOUR, "unit"),
        ("street_system", "11", HOUR, "unit"),
        ("operator", None, timedelta(0), "lifetime"),
    ],
)
def test_a_token_that_could_prove_nothing_is_not_issued(keys, role, unit, lifetime, field):
    with pytest.raises(BadRequest) as refused:
        a_token(keys, role, unit, lifetime)

    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    ("role", "own", "other", "allowed"),
    [
        (Role.STREET_SYSTEM, STREET, STREET, True),
        (Role.STREET_SYSTEM, STREET, "110105017003", True),
        (Role.STREET_SYSTEM, STREET, "110105018", False),
        (Role.STREET_SYSTEM, STREET, "110105", False),
        (Role.OPERATOR, None, "110105018", True),
        (Role.PUBLIC, None, "110105018", False),
    ],
)
def test_a_caller_acts_in_its_own_unit_and_below(role, own, other, allowed):
    caller = Caller("x", role, own)

    assert caller.may_act_in(other) is allowed
    if not allowed:
        with pytest.raises(NotAllowed, match=f"not in {other}"):
            caller.must_act_in(other)


def test_a_caller_of_the_wrong_role_is_told_which_it_takes():
    Caller("x", Role.CLERK, STREET).must_be(Role.CLERK, Role.CHAIR)
    with pytest.raises(NotAllowed, match="it takes: chair, clerk"):
        Caller("x", Role.PUBLIC, None).must_be(Role.CLERK, Role.CHAIR)


def test_keys_are_made_once_and_the_private_one_is_private(keys):
    token = a_token(keys)
    before = (keys / PRIVATE_KEY).read_bytes()
    make_keys(keys)

    assert (keys / PRIVATE_KEY).read_bytes() == before
    assert stat.S_IMODE((keys / PRIVATE_KEY).stat().st_mode) == 0o600
    assert sorted(path.name for path in keys.iterdir()) == [PRIVATE_KEY, PUBLIC_KEY]
    (keys / PRIVATE_KEY).unlink()
    assert read_token(token, NOW, keys_folder=keys).subject == "street-17"


def test_threads_that_make_the_keys_at_once_all_use_one_pair(keys):
    with ThreadPoolExecutor(8) as threads:
        tokens = list(threads.map(lambda _: a_token(keys), range(8)))

    assert {read_token(token, NOW, keys_folder=keys).subject for token in tokens} == {"street-17"}
    assert sorted(file.name for file in keys.iterdir()) == [PRIVATE_KEY, PUBLIC_KEY]
