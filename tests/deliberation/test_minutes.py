"""The minutes: their order, objections to them, two signatures by two people, and that signed ones only grow."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.deliberation.domain.errors import (
    AttendanceRefused,
    MinutesNotReady,
    SignatureRefused,
    UnknownObjection,
)
from services.deliberation.domain.minutes import Capacity, Minutes, MinutesState
from services.deliberation.service import DeliberationService
from services.deliberation.use_cases import minutes, sessions
from shared.auth import Caller, Role
from shared.contracts import deliberation as said
from shared.errors import Refused
from tests.deliberation.builders import CHAIR, CLERK, COMMUNITY, EVERYBODY, ISSUE, POLICY, TUESDAY, a_scheduled
from tests.harness import Bus

DAY = timedelta(days=1)
RULE = POLICY.minutes
SESSION = f"{ISSUE}/S1"
STEPS = {
    "circulate": lambda minutes, at: minutes.circulate(RULE, at=at),
    "object": lambda minutes, at: minutes.object("P-1", "漏记", at=at),
    "answer": lambda minutes, at: minutes.answer(min(minutes.unanswered, default=1), "已补记"),
    "correct": lambda minutes, at: minutes.correct(RULE, at=at),
    "chair signs": lambda minutes, at: minutes.sign(Capacity.CHAIR, by="chair-1", at=at),
    "clerk signs": lambda minutes, at: minutes.sign(Capacity.CLERK, by="clerk-1", at=at),
}


def some_minutes(*steps, step=DAY):
    """Minutes with these steps taken, a day apart."""
    made, at = Minutes("S1", TUESDAY), TUESDAY
    for name in steps:
        STEPS[name](made, at)
        at += step
    return made


def taken(minutes, name, at):
    try:
        STEPS[name](minutes, at)
    except (Refused, UnknownObjection):
        return False
    return True


@given(st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 30)), max_size=25))
def test_signed_minutes_were_open_to_objections_and_have_two_signatures_and_nothing_but_corrections_follows(attempts):
    made, at, done = Minutes("S1", TUESDAY), TUESDAY, []
    for name, hours in attempts:
        at += timedelta(hours=hours)
        if taken(made, name, at):
            done.append((name, at))
    names = [name for name, _ in done]

    assert made.corrections == names.count("correct")
    assert (made.due_at is None) == (made.state is MinutesState.SIGNED)
    if made.state is MinutesState.SIGNED:
        signed = max(
            names.index("chair signs"), names.index("clerk signs"), *_last(names, "chair signs", "clerk signs")
        )
        opened = max(when for name, when in done[:signed] if name in ("circulate", "correct"))
        assert made.signed_at >= opened + RULE.objections
        assert not made.unanswered
        assert set(names[signed + 1 :]) <= {"correct"}


def _last(names, *wanted):
    return [len(names) - 1 - names[::-1].index(name) for name in wanted]


def test_nobody_signs_while_somebody_may_object_or_has_no_answer():
    waiting = some_minutes("circulate", "object", step=timedelta(hours=1))

    with pytest.raises(MinutesNotReady, match="may object until 2026-03-11"):
        waiting.sign(Capacity.CLERK, by="clerk-1", at=TUESDAY + DAY - timedelta(seconds=1))
    with pytest.raises(MinutesNotReady, match="objection 1; the next step is answer_objection"):
        waiting.sign(Capacity.CLERK, by="clerk-1", at=TUESDAY + DAY)
    with pytest.raises(MinutesNotReady, match="objections were heard until"):
        waiting.object("P-2", "也漏了我", at=TUESDAY + DAY)


def test_a_correction_opens_the_minutes_to_objections_again_and_takes_the_signatures_off():
    made = some_minutes("circulate", "chair signs", "correct")

    assert (made.chair, made.objections_until) == ("", TUESDAY + 3 * DAY)
    assert not taken(made, "chair signs", TUESDAY + 2 * DAY)
    assert taken(made, "object", TUESDAY + 2 * DAY)


def test_an_objection_is_answered_once():
    made = some_minutes("circulate", "object", step=timedelta(hours=1))
    with pytest.raises(UnknownObjection):
        made.answer(2, "已补记")
    made.answer(1, "已补记")

    with pytest.raises(MinutesNotReady, match="has its answer"):
        made.answer(1, "不予采纳")
    assert made.objections[0].answer == "已补记"


@pytest.fixture
def ended(hall):
    hall.open()
    hall.ask(sessions.close_session)
    return hall


def test_chair_and_clerk_sign_each_for_themselves_and_nobody_signs_twice(work, ended):
    ended.now = ended.ask(minutes.circulate_minutes).objections_until
    half = ended.ask(minutes.sign_minutes, by=CHAIR)
    with pytest.raises(SignatureRefused, match="the chair has signed"):
        ended.ask(minutes.sign_minutes, by=CHAIR)
    with pytest.raises(SignatureRefused, match="clerk-7 did neither"):
        ended.ask(minutes.sign_minutes, by=Caller("clerk-7", frozenset({Role.CLERK}), COMMUNITY))
    assert (half.state, half.clerk, work.outbox.of(said.MinutesSignedV1)) == (MinutesState.CIRCULATED, "", [])

    signed = ended.ask(minutes.sign_minutes, by=CLERK)

    (event,) = work.outbox.of(said.MinutesSignedV1)
    assert (event.chair, event.clerk, event.head_hash) == ("chair-1", "clerk-1", signed.head_hash)


def test_one_person_with_two_logins_is_not_two(ended):
    ended.now = ended.ask(minutes.circulate_minutes).objections_until
    ended.ask(minutes.sign_minutes, by=CHAIR)
    other_login = Caller("clerk-9", frozenset({Role.CLERK}), COMMUNITY, person="chair-1")

    with pytest.raises(SignatureRefused, match="the chair has signed"):
        ended.ask(minutes.sign_minutes, by=other_login)


def test_whoever_took_part_objects_and_what_was_said_and_answered_stays_in_the_minutes(work, ended):
    ended.ask(minutes.circulate_minutes)
    with pytest.raises(AttendanceRefused, match="X-1 took no part"):
        ended.ask(minutes.object_to_minutes, person_id="X-1", objection="漏记了我的意见")
    ended.ask(minutes.object_to_minutes, person_id="P-3", objection="漏记了反对意见")
    answered = ended.ask(minutes.answer_objection, number=1, answer="已补记,见更正")

    assert [(one.person_id, one.answer) for one in answered.objections] == [("P-3", "已补记,见更正")]
    kinds = [entry.kind for entry in ended.record().entries]
    assert kinds[-3:] == ["minutes_circulated", "minutes_objected", "objection_answered"]
    (event,) = work.outbox.of(said.MinutesObjectedV1)
    assert (event.number, event.person_id) == (1, "P-3")


def test_a_session_to_which_nobody_came_has_minutes_that_say_so(work, hall):
    assert hall.open(present=[]).state == "inquorate"

    assert hall.sign_minutes().state is MinutesState.SIGNED
    assert [entry.kind for entry in hall.record().entries][1:3] == ["arrived", "session_inquorate"]


@pytest.fixture
def bus(engine):
    """A session that has ended, its minutes still a draft. While it lasts its motions wait for their next step."""
    bus = Bus(engine, DeliberationService, TUESDAY)
    bus.hear(a_scheduled())
    said = {"session_id": SESSION, "idempotency_key": "k"}
    bus.ask("record_arrivals", said | {"person_ids": EVERYBODY}, Role.CLERK, COMMUNITY)
    bus.ask("open_session", said, Role.CHAIR, COMMUNITY)
    stated = said | {"mover": "P-1", "motion": "划定十个车位"}
    motion = {"motion_id": bus.ask("state_motion", stated, Role.CLERK, COMMUNITY)["motion_id"]}
    assert waiting_for(bus, Role.CHAIR) == [(motion["motion_id"], "deliberation.withdraw_motion", "2026-03-11")]
    bus.ask("withdraw_motion", motion | {"idempotency_key": "k"}, Role.CLERK, COMMUNITY)
    assert waiting_for(bus, Role.CHAIR) == []
    bus.ask("close_session", said, Role.CHAIR, COMMUNITY)
    return bus


def waiting_for(bus, role, subject=""):
    waits = bus.ask("list_my_work", {}, role, COMMUNITY, subject=subject)["waits"]
    return [(one["about"], one["calls"][-1], one["due_at"][:10]) for one in waits]


def test_my_work_shows_minutes_to_circulate_then_to_answer_for_then_to_sign_to_those_who_were_there(bus):
    said = {"session_id": SESSION, "idempotency_key": "m"}
    assert waiting_for(bus, Role.CLERK) == [(SESSION, "deliberation.circulate_minutes", "2026-03-13")]

    bus.ask("circulate_minutes", said, Role.CLERK, COMMUNITY)
    to_sign = [(SESSION, "deliberation.sign_minutes", "2026-03-14")]
    assert waiting_for(bus, Role.CHAIR) == waiting_for(bus, Role.CLERK) == to_sign
    assert waiting_for(bus, Role.CLERK, "clerk-7") == []

    bus.ask("object_to_minutes", said | {"person_id": "P-1", "objection": "漏记"}, Role.CLERK, COMMUNITY)
    assert waiting_for(bus, Role.CLERK, "clerk-7") == [(SESSION, "deliberation.correct_minutes", "2026-03-14")]

    bus.ask("answer_objection", said | {"number": 1, "answer": "已补记"}, Role.CLERK, COMMUNITY)
    bus.move(TUESDAY + DAY)
    bus.ask("sign_minutes", said, Role.CHAIR, COMMUNITY)
    assert (waiting_for(bus, Role.CHAIR), waiting_for(bus, Role.CLERK)) == ([], to_sign)


def test_minutes_that_nobody_moves_are_told_at_their_time_and_once(bus):
    bus.move(TUESDAY + RULE.circulated_within - timedelta(seconds=1))
    assert bus.told(said.MinutesOverdueV1) == []
    bus.move(TUESDAY + 10 * RULE.circulated_within)

    (told,) = bus.told(said.MinutesOverdueV1)
    assert (told.state, told.due_at, told.unit_code) == ("draft", TUESDAY + RULE.circulated_within, COMMUNITY)


def test_signed_minutes_are_never_told_as_overdue_and_are_read_with_their_objections(bus):
    of = {"session_id": SESSION, "idempotency_key": "m"}
    bus.ask("circulate_minutes", of, Role.CLERK, COMMUNITY)
    bus.ask("object_to_minutes", of | {"person_id": "P-1", "objection": "漏记"}, Role.CLERK, COMMUNITY)
    bus.ask("answer_objection", of | {"number": 1, "answer": "已补记"}, Role.CHAIR, COMMUNITY)
    bus.move(TUESDAY + DAY)
    for role in (Role.CHAIR, Role.CLERK):
        bus.ask("sign_minutes", of, role, COMMUNITY)
    bus.move(TUESDAY + 30 * DAY)

    read = bus.ask("get_minutes", {"session_id": SESSION}, Role.LEADER, COMMUNITY)
    assert (read["state"], read["chair"], read["clerk"], read["due_at"]) == ("signed", "chair-1", "clerk-1", None)
    assert read["objections"] == [{"number": 1, "person_id": "P-1", "objection": "漏记", "answer": "已补记"}]
    assert bus.told(said.MinutesOverdueV1) == []
