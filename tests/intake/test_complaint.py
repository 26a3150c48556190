"""One order: its fingerprint, its instants, its states."""

import dataclasses
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.complaint import ComplaintState, faulty_instants, fingerprint_of
from services.intake.domain.errors import NotLinked
from services.intake.domain.rejection import undo_link
from shared.contracts.hotline import CallerPart, PlacePart
from shared.contracts.vocabulary import DispatchKind, Outcome, RequestKind, SlaClass
from tests.intake.builders import NOW, an_order, take_in
from tests.intake.fakes import a_work

OTHERS = {
    "title": "另一个标题",
    "content": "另一段内容",
    "request_kind": RequestKind.HELP,
    "caller": CallerPart(ref="someone", phone="1"),
    "place": PlacePart(address="别处"),
    "category": "gas",
    "sla_class": SlaClass.COMPLEX,
    "dispatch_kind": DispatchKind.RELAYED,
    "dispatched_at": NOW,
    "filed_at": NOW,
    "respondent": "某公司",
    "channel": "app",
}


@pytest.mark.parametrize("name", OTHERS)
def test_any_other_content_gives_another_fingerprint(name):
    order = an_order()

    assert fingerprint_of(order) != fingerprint_of(dataclasses.replace(order, **{name: OTHERS[name]}))


@given(st.integers(-23, 23))
def test_the_same_instant_in_another_offset_is_the_same_content(hours):
    order = an_order()
    elsewhere = order.filed_at.astimezone(timezone(timedelta(hours=hours)))

    assert fingerprint_of(order) == fingerprint_of(dataclasses.replace(order, filed_at=elsewhere))


def test_content_can_not_be_shifted_from_one_field_into_the_next():
    one, other = an_order(title="甲乙", content="丙"), an_order(title="甲", content="乙丙")

    assert fingerprint_of(one) != fingerprint_of(other)


@pytest.mark.parametrize("instant", [NOW + timedelta(days=1, seconds=1), datetime(1, 1, 1, tzinfo=UTC)])
@pytest.mark.parametrize("name", ["filed_at", "dispatched_at"])
def test_instants_nobody_can_mean_are_named(name, instant):
    assert list(faulty_instants(an_order(**{name: instant}), NOW)) == [name]


def test_clocks_may_differ_by_a_day():
    assert not faulty_instants(an_order(filed_at=NOW + timedelta(days=1)), NOW)


def test_a_closed_order_stays_closed_whatever_comes_late():
    complaint = _a_complaint()
    complaint.close(Outcome.SOLVED, at=NOW)

    complaint.note_callback()
    complaint.redo()
    complaint.reply_with("done", at=NOW)

    assert complaint.state is ComplaintState.CLOSED
    assert not complaint.close(Outcome.UNSOLVED, at=NOW)


def test_the_same_reply_is_given_once():
    complaint = _a_complaint()

    assert complaint.reply_with("done", at=NOW)
    assert not complaint.reply_with("done", at=NOW)


def test_an_order_that_only_urges_has_no_link_of_its_own():
    work = take_in(a_work(), an_order("A1", caller="wang"), an_order("A2", caller="wang"))

    with pytest.raises(NotLinked):
        work.complaints.find("A2").must_be_linked()
    with pytest.raises(NotLinked):
        undo_link(work.complaints.find("A2"), reason="另一件事", at=NOW, by="clerk-1")


def _a_complaint():
    return take_in(a_work(), an_order()).complaints.find("A1")
