"""Resolutions on display: objected to, answered by somebody else, in force or no more."""

from datetime import UTC, datetime, timedelta

import pytest

from services.deliberation.domain.display import Display, DisplayState, Objection
from services.deliberation.domain.errors import DisplayOver, ObjectionRepeated, ReviewRefused, UnknownResolution
from services.deliberation.use_cases import displays, queries
from shared.auth import Caller, Role
from shared.bus.timers.timers import Due
from shared.contracts.deliberation import ResolutionObjectedV1, ResolutionReviewedV1
from shared.contracts.dispatch import TaskDeclinedV1
from shared.contracts.samples import sample
from shared.contracts.supervision import IssueClosedV1
from shared.contracts.vocabulary import Publicity, Review
from shared.errors import BadRequest, OwnMatter
from tests.deliberation.builders import CHAIR, COMMUNITY, ISSUE, STREET_CHAIR, TUESDAY, Hall
from tests.fakes import a_moment

DAY = timedelta(days=1)
UNTIL = TUESDAY + 14 * DAY
ANSWERED_BY = datetime(2026, 3, 17, 16, tzinfo=UTC)
"""24:00 in Shanghai of the fifth working day after that Tuesday."""
RESIDENT = Caller("wang", frozenset({Role.RESIDENT}), None)
PASSER_BY = Caller("anybody", frozenset({Role.PUBLIC}), None)
RESOLUTION = {"resolution_id": f"{ISSUE}/S1/R1"}
BUREAU = "110105017/城市管理办公室"


def a_display() -> Display:
    return Display("R-1", "S-1", ISSUE, COMMUNITY, displayed_until=UNTIL)


def object_to(display: Display, objector: str = "王阿姨", task_id: str = "", at=TUESDAY) -> Objection:
    return display.object(lambda n: Objection(n, objector, "占道", "clerk-1", at, at + 7 * DAY, task_id=task_id))


def test_what_nobody_objects_to_is_in_force_when_its_last_day_is_over():
    display = a_display()

    assert display.state_at(UNTIL - DAY) is DisplayState.DISPLAYED
    assert display.state_at(UNTIL) is DisplayState.IN_FORCE


def test_an_objection_waits_for_an_answer_and_what_stands_is_in_force_only_then():
    display = a_display()
    object_to(display, at=UNTIL - DAY)

    assert (display.state_at(UNTIL + DAY), display.due_at) == (DisplayState.CONTESTED, UNTIL + 6 * DAY)
    display.review(1, Review.STANDS, "已避让", by="chair-1")
    assert (display.state_at(UNTIL - DAY), display.due_at) == (DisplayState.DISPLAYED, None)
    assert display.state_at(UNTIL) is DisplayState.IN_FORCE


def test_what_goes_back_or_up_answers_all_that_was_objected():
    display = a_display()
    object_to(display)
    object_to(display, "李叔叔")

    display.review(2, Review.RETURNED, "重新选址", by="chair-1")

    assert [one.review for one in display.objections] == [Review.RETURNED, Review.RETURNED]
    with pytest.raises(DisplayOver, match="returned now"):
        object_to(display, "赵大爷")


def test_nobody_objects_twice_or_after_the_last_day_but_an_organisation_while_it_has_not_signed():
    display = a_display()
    object_to(display)
    with pytest.raises(ObjectionRepeated):
        object_to(display)
    with pytest.raises(DisplayOver):
        object_to(display, "李叔叔", at=UNTIL)
    assert object_to(display, "城管办", task_id="T-1", at=UNTIL).number == 2


def test_who_put_an_objection_in_does_not_answer_it_and_what_was_declined_does_not_stand():
    display = a_display()
    object_to(display)
    object_to(display, "城管办", task_id="T-1")

    with pytest.raises(ReviewRefused, match="somebody else"):
        display.review(1, Review.STANDS, "已避让", by="clerk-1")
    with pytest.raises(ReviewRefused, match="returned, or referred"):
        display.review(2, Review.STANDS, "必须办", by="chair-1")
    display.review(1, Review.STANDS, "已避让", by="chair-1")
    with pytest.raises(ReviewRefused, match="has its answer: stands, 已避让"):
        display.review(1, Review.RETURNED, "重议", by="chair-1")


@pytest.fixture
def displayed(work) -> Hall:
    hall = Hall(work)
    hall.open()
    hall.carry()
    return hall


def declined(**changes: str) -> TaskDeclinedV1:
    plain = {"task_id": f"{ISSUE}/T1", "issue_id": ISSUE, "unit_code": COMMUNITY, "organisation_id": BUREAU}
    plain |= {"department": "城市管理办公室", "reasons": "消防通道依法不得占用", "declined_by": "qian"}
    return TaskDeclinedV1(**RESOLUTION, **(plain | changes), declined_at=TUESDAY)


def test_a_residents_words_and_name_travel_nowhere_and_are_read_by_those_who_work_there(displayed):
    reply = displayed.ask(displays.object_to_resolution, by=RESIDENT, reasons="挡了我家的窗", **RESOLUTION)

    (told,) = displayed.work.outbox.of(ResolutionObjectedV1)
    assert (told.reasons, told.organisation, told.due_at) == ("", "", ANSWERED_BY)
    assert [one.reasons for one in reply.objections] == ["挡了我家的窗"]
    assert "挡了我家的窗" not in str(displayed.record())
    seen = {by.subject: displayed.ask(queries.get_resolution, by=by, **RESOLUTION) for by in (CHAIR, PASSER_BY)}
    assert [one.reasons for one in seen[CHAIR.subject].objections] == ["挡了我家的窗"]
    assert [(one.reasons, one.objector) for one in seen[PASSER_BY.subject].objections] == [("", "")]


def test_what_an_organisation_declines_is_public_with_its_reasons_and_goes_back_by_somebody_elses_word(displayed):
    for _ in range(2):
        displays.take_declined(displayed.work, declined(), a_moment(displayed.now))
    (told,) = displayed.work.outbox.of(ResolutionObjectedV1)
    assert (told.organisation, told.reasons) == (BUREAU, "消防通道依法不得占用")

    its_own = Caller("sun", frozenset({Role.CHAIR}), "110105017", BUREAU)
    asked = {"number": 1, "review": Review.RETURNED, "answer": "另选位置"}
    with pytest.raises(ReviewRefused, match="somebody else decides"):
        displayed.ask(displays.review_objection, by=its_own, **asked, **RESOLUTION)
    reply = displayed.ask(displays.review_objection, by=CHAIR, **asked, **RESOLUTION)

    assert reply.state is DisplayState.RETURNED
    (reviewed,) = displayed.work.outbox.of(ResolutionReviewedV1)
    assert (reviewed.review, reviewed.is_default) == (Review.RETURNED, False)
    assert "task_declined" in [one.kind for one in displayed.record().entries]


def test_what_nobody_answers_in_time_goes_back_by_itself(displayed):
    displays.take_declined(displayed.work, declined(), a_moment(displayed.now))
    displays.pass_due(displayed.work, due(ANSWERED_BY), a_moment(ANSWERED_BY))

    (reviewed,) = displayed.work.outbox.of(ResolutionReviewedV1)
    assert (reviewed.review, reviewed.is_default, reviewed.reviewed_by) == (Review.RETURNED, True, "deliberation")


def due(at) -> Due:
    return Due(displays.DUE, RESOLUTION["resolution_id"], at)


def test_when_the_issue_has_ended_nobody_objects_any_more_and_nothing_waits(displayed):
    displays.take_declined(displayed.work, declined(), a_moment(displayed.now))
    displays.end_displays(displayed.work, closed(), a_moment(displayed.now))

    display = displayed.work.displays.get(RESOLUTION["resolution_id"])
    assert (display.state, display.unanswered) == (DisplayState.IN_FORCE, [])
    assert not [kind for kind, _ in displayed.work.timers.due if kind == displays.DUE]
    with pytest.raises(DisplayOver):
        displayed.ask(displays.object_to_resolution, by=RESIDENT, reasons="挡窗", **RESOLUTION)


def closed() -> IssueClosedV1:
    return IssueClosedV1.from_wire(sample("issue_closed.v1")["data"] | {"issue_id": ISSUE})


def test_an_objection_says_why_and_an_answer_too(displayed):
    with pytest.raises(BadRequest, match="says why"):
        displayed.ask(displays.object_to_resolution, by=RESIDENT, reasons=" ", **RESOLUTION)
    displayed.ask(displays.object_to_resolution, by=RESIDENT, reasons="挡窗", **RESOLUTION)
    with pytest.raises(BadRequest, match="says why"):
        displayed.ask(
            displays.review_objection, by=STREET_CHAIR, number=1, review=Review.STANDS, answer=" ", **RESOLUTION
        )


def test_nobody_answers_on_their_own_matter_and_what_is_not_public_is_unknown_to_residents(work):
    hall = Hall(work, respondents=[BUREAU], publicity=Publicity.PARTIES)
    hall.open()
    hall.carry()
    with pytest.raises(OwnMatter):
        hall.ask(
            displays.review_objection,
            by=Caller("sun", frozenset({Role.CHAIR}), "110105017", BUREAU),
            number=1,
            review=Review.STANDS,
            answer="维持",
            **RESOLUTION,
        )
    with pytest.raises(UnknownResolution):
        hall.ask(displays.object_to_resolution, by=RESIDENT, reasons="挡窗", **RESOLUTION)
    with pytest.raises(UnknownResolution):
        hall.ask(queries.get_resolution, by=PASSER_BY, **RESOLUTION)
