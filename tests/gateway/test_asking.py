"""What is asked again, what is asked once, and what is put on record: over a line that a test holds in its hand."""

from collections.abc import Mapping
from typing import Any

import orjson
import pytest
from structlog.testing import capture_logs

from services.gateway.accounts.tokens import Tokens
from services.gateway.calls.asking import Asking
from services.gateway.calls.line import LineLost
from services.gateway.person import Person, Post, resident
from shared.auth import Role, read_token
from shared.errors import BadRequest, TokenExpired, Unavailable
from tests.gateway.test_circuit import HandClock

LI_NA = Person("li.na", Post("ORG-1", "110105015", frozenset({Role.CLERK})))
AWAY = {"exc_type": "Unavailable", "exc_args": ["the database is away", {}, "unavailable"], "value": ""}


def answered(result: Any = None, error: Any = None) -> bytes:
    return orjson.dumps({"result": result, "error": error})


class HeldLine:
    """Gives what it was given, one after the other."""

    trouble = None

    def __init__(self, *answers: bytes | Exception) -> None:
        self.answers = list(answers)
        self.tokens: list[str] = []
        self.lost_for = 0.0

    def lost_seconds(self) -> float:
        return self.lost_for

    def call(self, service: str, method: str, request: Mapping[str, Any], *, token: str, seconds: float) -> bytes:
        self.tokens.append(token)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def asking(*answers: bytes | Exception) -> tuple[Asking, HeldLine]:
    line = HeldLine(*answers)
    return Asking(line, seconds=5), line  # type: ignore[arg-type]


@pytest.mark.parametrize("trouble", [LineLost(), answered(error=AWAY)], ids=["line", "database"])
def test_a_look_is_made_again_where_that_may_help(trouble):
    ask, line = asking(trouble, answered({"n": 1}))

    assert ask("intake", "get_issue", {"issue_id": "I-1"}) == {"n": 1}
    assert line.answers == []


def test_a_line_that_was_only_just_lost_is_waited_for_and_one_that_stays_away_is_not():
    ask, line = asking(*[LineLost()] * 5, answered({"n": 1}))
    assert ask("intake", "get_issue", {"issue_id": "I-1"}) == {"n": 1}

    ask, line = asking(LineLost(), answered({}))
    line.lost_for = 2.1
    with pytest.raises(LineLost):
        ask("intake", "get_issue", {"issue_id": "I-1"})
    assert len(line.answers) == 1


@pytest.mark.parametrize("trouble", [LineLost(), answered(error=AWAY)], ids=["line", "database"])
def test_a_command_is_sent_once_whatever_became_of_it(trouble):
    ask, line = asking(trouble, answered({}))

    with pytest.raises(Unavailable):
        ask("intake", "file_order", {"idempotency_key": "k"})
    assert len(line.answers) == 1


def test_a_refusal_is_no_trouble_and_is_told_at_once():
    error = {"exc_type": "BadRequest", "exc_args": ["wrong", {"unit": ["Unknown."]}, "unknown_unit"], "value": ""}
    ask, line = asking(answered(error=error), answered({}))

    with pytest.raises(BadRequest) as refusal:
        ask("intake", "get_issue", {})
    assert (refusal.value.code, refusal.value.fields) == ("unknown_unit", {"unit": ["Unknown."]})
    assert len(line.answers) == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"result": 1}', b"\xff"])
def test_an_answer_that_can_not_be_read_is_trouble_of_the_service(body):
    ask, _ = asking(body)

    with pytest.raises(Unavailable):
        ask("intake", "file_order", {"idempotency_key": "k"})


def test_classes_below_others_come_back_as_themselves():
    ask, _ = asking(answered(error={"exc_type": "TokenExpired", "exc_args": ["old", {}, "token_expired"], "value": ""}))

    with pytest.raises(TokenExpired):
        ask("intake", "file_order", {"idempotency_key": "k"})


def test_each_asks_with_a_token_of_their_own_and_nobody_with_the_publics():
    ask, line = asking(*[answered({})] * 3)
    for person in (LI_NA, None, resident("form-1")):
        ask("intake", "get_issue", {}, by=person)

    clerk, public, from_web = map(read_token, line.tokens)
    assert (clerk.subject, clerk.unit, clerk.organisation, clerk.roles) == ("li.na", "110105015", "ORG-1", {Role.CLERK})
    assert (public.subject, public.roles) == ("public", {Role.PUBLIC})
    assert from_web.roles == {Role.RESIDENT}
    assert from_web.subject.startswith("web-")


def test_a_token_is_used_again_for_some_minutes_and_never_past_its_end():
    clock = HandClock()
    tokens = Tokens(clock)
    first = tokens.of(LI_NA)
    clock.seconds = 239.0
    assert tokens.of(LI_NA) == first
    clock.seconds = 241.0
    assert tokens.of(LI_NA) != first


def test_a_look_at_what_somebody_said_is_put_on_record_without_what_was_seen():
    ask, _ = asking(answered({"content": "水管漏水"}))

    with capture_logs() as lines:
        ask("intake", "read_order", {"order_no": "V-1", "idempotency_key": "k"}, by=LI_NA)

    assert [(line["event"], line["caller"]) for line in lines] == [("personal_data_asked", "li.na")]
    assert "水管漏水" not in str(lines)
