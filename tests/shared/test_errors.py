"""Errors survive every way in which they cross a process border."""

import json
import pickle

import pytest

from shared.errors import BadRequest, GongshangError, TokenExpired, error_classes, from_wire
from shared.units import BadUnitCode


@pytest.mark.parametrize("kind", error_classes())
def test_every_error_is_rebuilt_from_the_wire(kind):
    sent = kind("no such thing", {"unit": ["Unknown."]})

    got = from_wire(json.loads(json.dumps(sent.as_wire())))

    assert type(got) is kind
    assert (got.code, got.message, got.fields) == (kind.code, "no such thing", {"unit": ["Unknown."]})


@pytest.mark.parametrize("kind", error_classes())
def test_every_error_is_rebuilt_from_its_arguments(kind):
    sent = kind("no such thing", {"unit": ["Unknown."]})

    for got in (kind(*json.loads(json.dumps(sent.args))), pickle.loads(pickle.dumps(sent))):
        assert (type(got), got.as_wire()) == (kind, sent.as_wire())


def test_each_code_belongs_to_one_error():
    codes = [kind.code for kind in error_classes()]

    assert len(set(codes)) == len(codes)
    assert {"bad_request", "token_expired", "refused", "unavailable"} <= set(codes)


def test_a_code_from_a_newer_peer_is_kept():
    got = from_wire({"code": "from_the_future", "message": "well"})

    assert (type(got), got.code, str(got)) == (GongshangError, "from_the_future", "well")


def test_an_error_names_its_fields_in_words():
    assert str(BadRequest("can't be used", {"phone": ["Too short."]})) == "can't be used (phone: Too short.)"
    assert TokenExpired().message == "The token was good once and is no longer."
    assert issubclass(BadUnitCode, BadRequest)
