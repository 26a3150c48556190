"""Log lines are JSON, carry what is being handled, and hide secrets; in a process of their own, under eventlet too."""

import json
import subprocess
import sys

import pytest

from shared.settings import PROJECT_FOLDER

PLAIN = """
import logging
from shared.logs import bound, configure, get_logger
configure("intake")
log = get_logger(__name__)
with bound(event_id="e1", correlation_id="c1", traceparent=None):
    log.info("complaint_accepted", order_no="A1", auth_token="abc", caller={"phone": "13812345678", "kind": "person"})
    with bound(handler="open_case"):
        logging.getLogger("kombu.x").warning("lost amqp://guest:geheim@host, caller %s", "13812345678")
log.info("after", text="eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.sig and 13812345678")
log.debug("too quiet")
word = "翠花"
logging.getLogger("amqp").info("too quiet")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("went_wrong", phone="13812345678")
try:
    raise ValueError("unlike %s" % word)
except ValueError as error:
    logging.getLogger("nameko").error("failed in a library", exc_info=error)
"""

GREEN = """
import warnings
warnings.simplefilter("ignore")
import eventlet
eventlet.monkey_patch()
from shared.logs import bound, configure, get_logger
configure("intake")
log = get_logger("x")

def handle(name):
    with bound(event_id=name):
        eventlet.sleep(0)
        log.info(name)

pool = eventlet.GreenPool()
for number in range(4):
    pool.spawn(handle, f"e{number}")
pool.waitall()
log.info("nobody")
"""


def lines_of(program):
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT_FOLDER, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines()]


@pytest.fixture(scope="module")
def lines():
    return lines_of(PLAIN)


def test_every_line_says_when_who_and_what(lines):
    assert [line["event"] for line in lines if "amqp" not in line["event"]] == [
        "complaint_accepted",
        "after",
        "went_wrong",
        "failed in a library",
    ]
    assert all({"at", "level", "logger", "service"} <= set(line) for line in lines)
    assert {line["service"] for line in lines} == {"intake"}


def test_what_is_handled_is_bound_to_every_line_inside_and_none_after(lines):
    inside, library, after, *_ = lines

    assert (inside["event_id"], inside["correlation_id"]) == ("e1", "c1")
    assert "traceparent" not in inside
    assert (library["event_id"], library["handler"], library["logger"]) == ("e1", "open_case", "kombu.x")
    assert "event_id" not in after


def test_secrets_and_phones_are_hidden_by_key_and_in_texts(lines):
    inside, library, after, error, _ = lines

    assert inside["auth_token"] == "***"
    assert inside["caller"] == {"phone": "***", "kind": "person"}
    assert library["event"] == "lost amqp://guest:***@host, caller 138****5678"
    assert after["text"] == "*** and 138****5678"
    assert error["phone"] == "***"
    assert "ZeroDivisionError" in error["exception"]


def test_a_trace_says_where_and_quotes_nothing_a_librarys_neither(lines):
    error, library = lines[-2:]

    assert "line" in error["exception"]
    assert "ValueError: ***" in library["exception"]
    assert "翠花" not in library["exception"]


def test_green_threads_do_not_see_what_others_bound():
    lines = lines_of(GREEN)

    assert [line.get("event_id") for line in lines] == [line["event"] for line in lines[:4]] + [None]
