"""What is kept and logged of an error: its class, the code's own words, names of fields and positions, and no value."""

import json

import pytest

from shared.contracts.instants import NoInstant
from shared.errors import NotFound
from shared.telling import told, traced

WORDS = "张翠花 13812345678"


def look_up(content):
    return content["order_no"]


def refuse(content):
    raise ValueError(f"the order of {content!r} is not mine, see {content}")


def wrap(content):
    try:
        refuse(content)
    except ValueError as error:
        raise RuntimeError(content) from error


RAISING = {
    "a key that is missing": (lambda: look_up({}), "KeyError: 'order_no'"),
    "a value in a message of ours": (lambda: refuse(WORDS), "ValueError: the order of '***' is not mine, see *** ("),
    "a value alone": (lambda: wrap(WORDS), "RuntimeError: *** (tests/shared/test_telling.py:"),
    "a number that is none": (lambda: int(WORDS), "ValueError: ***' (tests/shared/test_telling.py:"),
    "a key that a sender made up": (lambda: {}[WORDS], "KeyError: '***' (tests/shared/test_telling.py:"),
    "bytes that are no text": (lambda: f"{WORDS}好".encode("gbk").decode(), "UnicodeDecodeError: utf-8 at position "),
    "JSON that is cut": (lambda: json.loads(f'{{"a": "{WORDS}'), "JSONDecodeError: ***: line 1 column "),
}


def raised(act):
    with pytest.raises((ValueError, LookupError, RuntimeError)) as caught:
        act()
    return caught.value


@pytest.mark.parametrize("case", RAISING)
def test_no_value_is_told_and_all_the_rest_is(case):
    act, start = RAISING[case]
    error = raised(act)
    assert told(error).startswith(start)
    assert "翠" not in traced(error) + told(error)
    assert "138123" not in traced(error) + told(error)


def test_the_position_in_a_text_is_told():
    error = raised(lambda: json.loads(f'{{"a": "{WORDS}", }}'))
    assert "line 1 column" in told(error)
    assert WORDS not in told(error)


def test_of_our_own_refusals_all_is_told_for_they_name_ids_and_states_only():
    assert told(NotFound("no order has the number 7")) == "NotFound: no order has the number 7"


def test_what_led_to_an_error_is_told_first_without_values_too():
    trace = traced(raised(lambda: wrap(WORDS)))
    assert trace.index("ValueError: the order of") < trace.index("which led to") < trace.index("RuntimeError: ***")
    assert "in refuse" in trace


def test_an_error_that_nobody_raised_has_a_class_and_no_place():
    assert told(NoInstant("at half past")) == "NoInstant: *** (raised nowhere)"
    assert told(ValueError()) == "ValueError"
