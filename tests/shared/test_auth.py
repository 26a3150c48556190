"""Tokens prove who calls; keys are made once, and private ones are private."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from shared import token_keys
from shared.auth import Caller, Role, issue_token, read_token, token_id_of
from shared.errors import BadRequest, NotAllowed, NotAuthenticated, TokenExpired
from shared.settings import settings
from shared.token_keys import PRIVATE_KEY, PUBLIC_KEYS, REVOKED, Revocation, Signer, UnknownKey

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
STREET = "110105017"


@pytest.fixture
def keys(tmp_path):
    return tmp_path / "keys"


def a_token(keys, role=Role.STREET_SYSTEM, unit=STREET, lifetime=HOUR):
    return issue_token("street-17", role, unit, lifetime=lifetime, now=NOW, keys_folder=keys)


def test_a_units_code_is_short_in_a_token_however_it_was_written(keys):
    token = a_token(keys, unit=f"156{STREET}000")

    assert read_token(token, NOW, keys_folder=keys).unit == STREET


def test_a_token_proves_subject_role_and_unit(keys):
    assert read_token(a_token(keys), NOW, keys_folder=keys) == Caller(
        "street-17", frozenset({Role.STREET_SYSTEM}), STREET
    )


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
    assert read_token(fresh, keys_folder=keys).roles == {Role.OPERATOR}


@pytest.mark.parametrize(("token", "words"), [(None, "no token"), ("", "no token"), ("a.b.c", "can't be read")])
def test_what_is_no_token_is_refused_in_words(keys, token, words):
    with pytest.raises(NotAuthenticated, match=words):
        read_token(token, NOW, keys_folder=keys)


def test_a_token_of_another_key_or_without_signature_is_refused(keys, tmp_path):
    a_token(keys)
    foreign = a_token(tmp_path / "other")
    unsigned = jwt.encode({"sub": "x", "roles": ["operator"], "exp": 9e9, "iat": 0}, None, algorithm="none")
    by_public_key = jwt.encode({"sub": "x", "roles": ["operator"], "exp": 9e9, "iat": 0}, "x" * 64, algorithm="HS256")

    for token in (foreign, unsigned, by_public_key):
        with pytest.raises(NotAuthenticated):
            read_token(token, NOW, keys_folder=keys)


@pytest.mark.parametrize(
    "claims",
    [
        {"roles": ["emperor"]},
        {"unit": None},
        {"unit": "11"},
        {"exp": 9e99},
        {"exp": None},
        {"jti": None},
        {"iat": None},
    ],
)
def test_a_signed_token_that_says_nonsense_is_refused(keys, claims):
    token = signed(keys, claims)

    with pytest.raises(NotAuthenticated):
        read_token(token, NOW, keys_folder=keys)


@pytest.mark.parametrize(
    ("role", "unit", "lifetime", "field"),
    [
        (["emperor"], STREET, HOUR, "roles"),
        (Role.CLERK, None, HOUR, "unit"),
        (Role.CLERK, STREET, HOUR, "organisation"),
        ([Role.OPERATOR, Role.HOTLINE], STREET, HOUR, "roles"),
        ([], STREET, HOUR, "roles"),
        (Role.STREET_SYSTEM, "11", HOUR, "unit"),
        (Role.OPERATOR, None, timedelta(0), "lifetime"),
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
        (Role.HOTLINE, None, "110105018", True),
        (Role.OPERATOR, None, "110105018", False),
        (Role.PUBLIC, None, "110105018", False),
    ],
)
def test_a_caller_acts_in_its_own_unit_and_below(role, own, other, allowed):
    caller = Caller("x", frozenset({role}), own)

    assert caller.may_act_in(other) is allowed
    if not allowed:
        with pytest.raises(NotAllowed, match=f"not in {other}: who is of {other} or above it may"):
            caller.must_act_in(other)


def test_a_caller_of_the_wrong_role_is_told_which_it_takes():
    Caller("x", frozenset({Role.CLERK}), STREET).must_be(Role.CLERK, Role.CHAIR)
    with pytest.raises(NotAllowed, match="it takes: chair, clerk"):
        Caller("x", frozenset({Role.PUBLIC}), None).must_be(Role.CLERK, Role.CHAIR)


def signed(keys, claims, kid=None):
    """A token that says this, beside what a good one says; None takes a claim out."""
    said = {
        "sub": "x",
        "roles": ["street_system"],
        "unit": STREET,
        "aud": "gongshang",
        "jti": "1",
        "iat": NOW,
        "exp": NOW + HOUR,
    }
    own, key = token_keys.signing_key(keys)
    said = {name: value for name, value in (said | claims).items() if value is not None}
    return jwt.encode(said, key, algorithm="EdDSA", headers={"kid": own if kid is None else kid})


def test_a_token_for_another_suite_or_of_a_key_without_a_name_is_refused(keys):
    assert read_token(signed(keys, {}), NOW, keys_folder=keys).subject == "x"
    with pytest.raises(NotAuthenticated, match="another suite; this one is gongshang"):
        read_token(signed(keys, {"aud": "haidian"}), NOW, keys_folder=keys)
    with pytest.raises(NotAuthenticated, match="not signed with a key"):
        read_token(signed(keys, {}, kid=""), NOW, keys_folder=keys)


def test_no_token_lives_longer_than_is_allowed(keys, monkeypatch):
    monkeypatch.setenv("GONGSHANG_LONGEST_TOKEN", "1")
    settings.cache_clear()
    try:
        with pytest.raises(BadRequest, match="1 days at most"):
            a_token(keys, lifetime=25 * HOUR)
        with pytest.raises(NotAuthenticated, match="lives longer than the 1 days"):
            read_token(signed(keys, {"exp": NOW + 25 * HOUR}), NOW, keys_folder=keys)
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_keys_are_made_once_and_the_private_one_is_private(keys):
    token = a_token(keys)
    before = (keys / PRIVATE_KEY).read_bytes()
    token_keys.make_keys(keys)

    assert (keys / PRIVATE_KEY).read_bytes() == before
    assert stat.S_IMODE((keys / PRIVATE_KEY).stat().st_mode) == 0o600
    assert visible(keys) == [PUBLIC_KEYS, PRIVATE_KEY]
    (keys / PRIVATE_KEY).unlink()
    assert read_token(token, NOW, keys_folder=keys).subject == "street-17"


def test_threads_that_make_the_keys_at_once_all_use_one_pair(keys):
    with ThreadPoolExecutor(8) as threads:
        tokens = list(threads.map(lambda _: a_token(keys), range(8)))

    assert {read_token(token, NOW, keys_folder=keys).subject for token in tokens} == {"street-17"}
    assert visible(keys) == [PUBLIC_KEYS, PRIVATE_KEY]


def visible(keys):
    return sorted(file.name for file in keys.iterdir() if not file.name.startswith("."))


def test_the_gateway_signs_with_a_key_of_its_own_and_neither_key_is_retired_while_it_signs(keys):
    token = issue_token("li.na", Role.PUBLIC, None, lifetime=HOUR, keys_folder=keys, signer=Signer.GATEWAY)
    kids = {signer: kid for kid, signer in token_keys.signing_kids(keys).items()}

    assert read_token(token, keys_folder=keys).subject == "li.na"
    assert jwt.get_unverified_header(token)["kid"] == kids[Signer.GATEWAY] != kids[Signer.OPERATOR]
    for kid in kids.values():
        with pytest.raises(UnknownKey):
            token_keys.retire(keys, kid)


@pytest.mark.timeout(30)
def test_where_there_is_no_key_yet_none_is_retired_and_nobody_waits_for_ever(keys):
    with pytest.raises(UnknownKey):
        token_keys.retire(keys, "none")


def test_an_earlier_key_proves_until_it_is_retired_and_then_at_once_no_more(keys):
    earlier, kid = a_token(keys), token_keys.signing_kid(keys)
    fresh = token_keys.sign_anew(keys)
    later = a_token(keys)
    assert {read_token(token, NOW, keys_folder=keys).subject for token in (earlier, later)} == {"street-17"}

    token_keys.retire(keys, kid)

    assert read_token(later, NOW, keys_folder=keys).subject == "street-17"
    with pytest.raises(NotAuthenticated):
        read_token(earlier, NOW, keys_folder=keys)
    for other in (kid, fresh, "none"):
        with pytest.raises(token_keys.UnknownKey):
            token_keys.retire(keys, other)


def test_keys_that_were_replaced_by_hand_count_at_once(keys, tmp_path):
    token, other = a_token(keys), a_token(tmp_path / "other")
    read_token(token, NOW, keys_folder=keys)
    for name in (PUBLIC_KEYS, PRIVATE_KEY):
        (tmp_path / "other" / name).replace(keys / name)

    assert read_token(other, NOW, keys_folder=keys).subject == "street-17"
    with pytest.raises(NotAuthenticated):
        read_token(token, NOW, keys_folder=keys)


def test_what_is_taken_back_is_refused_at_once_and_a_later_token_is_good(keys):
    by_id, by_subject = a_token(keys), a_token(keys)
    other = issue_token("street-18", Role.OPERATOR, None, lifetime=HOUR, now=NOW, keys_folder=keys)
    read_token(by_id, NOW, keys_folder=keys)
    for _ in range(2):
        token_keys.revoke(keys, Revocation(token_id_of(by_id), "", NOW, "lost"))

    with pytest.raises(NotAuthenticated, match="taken back"):
        read_token(by_id, NOW, keys_folder=keys)
    assert read_token(by_subject, NOW, keys_folder=keys).subject == "street-17"

    token_keys.revoke(keys, Revocation("", "street-17", NOW, "left"))
    with pytest.raises(NotAuthenticated, match="taken back"):
        read_token(by_subject, NOW, keys_folder=keys)
    later = issue_token("street-17", Role.OPERATOR, None, lifetime=HOUR, now=NOW + HOUR / 2, keys_folder=keys)
    assert {read_token(token, NOW + HOUR / 2, keys_folder=keys).subject for token in (later, other)} == {
        "street-17",
        "street-18",
    }
    assert [one.reason for one in token_keys.revocations(keys)] == ["lost", "left"]


@pytest.mark.parametrize("name", [PUBLIC_KEYS, REVOKED])
@pytest.mark.parametrize("content", ["", "[]", "{}", '{"keys": [1], "revoked": [1]}'])
def test_while_a_file_of_keys_is_broken_nobody_is_let_in(keys, name, content):
    token = a_token(keys)
    (keys / name).write_text(content)
    with pytest.raises(NotAuthenticated, match="no token can be proved now"):
        read_token(token, NOW, keys_folder=keys)
