"""What intake does with orders, and with what others report of their issues."""

from datetime import timedelta

import pytest

from services.intake.domain.complaint import ComplaintState
from services.intake.domain.own_words import words_of
from services.intake.use_cases import events
from shared.contracts import dispatch
from shared.contracts.hotline import CallerPart, PlacePart
from shared.contracts.vocabulary import (
    DispatchKind,
    Disposition,
    ListingReason,
    Outcome,
    RequestKind,
    Route,
    SlaClass,
)
from tests.fakes import a_moment
from tests.intake.builders import (
    COMMUNITY,
    DISTRICT,
    NEIGHBOUR,
    NOW,
    STREET,
    an_order,
    take_in,
    told,
)
from tests.intake.fakes import a_work
from tests.intake.reports import called_back, closed, escalated, failed, redo, reopened, resolved, undone

AT = a_moment(NOW)
ELSEWHERE = {"title": "楼下饭店油烟熏人", "content": "厨房油烟直排到居民家里。"}


# An order comes in


def test_an_accepted_order_begins_an_issue_and_is_linked_to_it():
    work = take_in(a_work(), an_order())

    assert told(work) == ["complaint_accepted", "issue_raised", "complaint_linked"]
    accepted, raised, linked = work.outbox.events
    assert (accepted.unit_code, accepted.category, accepted.dispatch_kind) == (
        COMMUNITY,
        "parking",
        DispatchKind.DIRECT,
    )
    assert accepted.due_at == NOW + timedelta(days=7)
    assert (raised.issue_id, raised.route) == ("I-A1", Route.HANDLE)
    assert (linked.issue_id, linked.linked_by) == ("I-A1", "intake")


@pytest.mark.parametrize(
    ("channel", "is_told"), [("phone", "phone"), ("visit", "visit"), ("", ""), ("慕容雪晴 13912345678", "other")]
)
def test_the_channel_is_told_as_a_code_and_free_words_are_not(channel, is_told):
    work = take_in(a_work(), an_order(channel=channel))

    order = work.complaints.find("A1")
    assert (work.outbox.events[-1].channel, order.channel) == (is_told, is_told)
    assert work.words.of(order).channel == ("" if channel == is_told else channel)


def test_the_limit_counts_from_dispatch_and_follows_the_hotlines_class():
    dispatched_at = NOW - timedelta(hours=5)
    work = take_in(a_work(), an_order(dispatched_at=dispatched_at, sla_class=SlaClass.EMERGENCY))

    assert work.outbox.events[0].due_at == dispatched_at + timedelta(hours=2)


def test_the_same_order_again_changes_nothing():
    work = take_in(a_work(), an_order(), an_order())

    assert told(work).count("complaint_accepted") == 1
    assert len(take_in(work, an_order()).outbox.events) == 3


def test_other_content_under_a_known_number_is_refused_once_and_the_first_stays():
    other = an_order(title="完全不同的事情")
    work = take_in(a_work(), an_order(), other, other)

    assert told(work)[3:] == ["complaint_rejected"]
    refusal = work.outbox.events[-1]
    assert (refusal.reason, list(refusal.fields)) == ("order_no_reused", ["order_no"])
    assert work.words.of(work.complaints.find("A1")) == words_of(an_order())


def test_an_order_from_the_future_is_refused():
    work = take_in(a_work(), an_order(filed_at=NOW + timedelta(days=2)))

    assert (told(work), work.outbox.events[0].reason) == (["complaint_rejected"], "contract_broken")
    assert list(work.outbox.events[0].fields) == ["filed_at"]


def test_a_place_nobody_names_is_relayed_by_the_district():
    work = take_in(a_work(), an_order(place=PlacePart()))

    accepted = work.outbox.events[0]
    assert (accepted.unit_code, accepted.dispatch_kind) == (DISTRICT, DispatchKind.RELAYED)


def test_a_class_of_article_11_is_answered_by_the_hotlines_word_and_not_dispatched():
    work = take_in(a_work(), an_order(disposition=Disposition.OUTSIDE_DUTY))

    (answered,) = work.outbox.events
    assert (answered.disposition, answered.answered_by) == (Disposition.OUTSIDE_DUTY, "hotline")
    assert answered.answer
    assert work.issues.of(origin_unit=COMMUNITY) == []


@pytest.mark.parametrize(
    ("title", "suggested"),
    [
        ("电动车棚去年起火了三次,物业仍不整改", Disposition.EMERGENCY_LINE),
        ("邻居办假证开小饭桌扰民", Disposition.UNLAWFUL),
        ("请法院尽快判决我的案子", Disposition.STATUTORY_CHANNEL),
    ],
)
def test_no_word_in_a_title_answers_an_order_it_only_suggests(title, suggested):
    work = take_in(a_work(), an_order(title=title))

    assert told(work) == ["complaint_accepted", "issue_raised", "complaint_linked"]
    assert work.complaints.find("A1").suggested_disposition is suggested


def test_the_same_caller_on_the_same_matter_urges_the_first_order():
    work = take_in(
        a_work(), an_order("A1", caller="wang"), an_order("A2", caller="wang"), an_order("A3", caller="wang")
    )

    assert told(work)[3:] == ["complaint_urged", "complaint_urged"]
    assert [(one.order_no, one.first_order_no, one.issue_id) for one in work.outbox.events[3:]] == [
        ("A2", "A1", "I-A1"),
        ("A3", "A1", "I-A1"),
    ]


def test_a_repeat_after_the_policys_time_is_a_new_order():
    long_ago = an_order("A1", caller="wang", filed_at=NOW - timedelta(days=32))

    assert "complaint_urged" not in told(take_in(a_work(), long_ago, an_order("A2", caller="wang")))


@pytest.mark.parametrize(
    "changes",
    [
        {"units": [NEIGHBOUR]},
        {"category": "noise"},
        {"caller": "li"},
        {"title": "消防车道上违停严重", "content": "北门外每天晚上都有人违停"},
    ],
    ids=["another place", "another category", "another caller", "plainly another matter"],
)
def test_another_place_matter_or_caller_is_no_repeat(changes):
    orders = [an_order("A1", caller="wang"), an_order(**({"order_no": "A2", "caller": "wang"} | changes))]

    assert "complaint_urged" not in told(take_in(a_work(), *orders))


def test_where_the_hotline_names_the_category_other_words_are_still_a_repeat():
    other_words = {"title": "北门外违停", "content": "每天晚上都有", "category": "parking"}
    work = take_in(a_work(), an_order("A1", caller="wang"), an_order("A2", caller="wang", **other_words))

    assert told(work)[-1] == "complaint_urged"


def test_callers_nobody_knows_never_urge():
    unknown = [an_order(number, caller=CallerPart(name="王")) for number in ("A1", "A2")]

    assert told(take_in(a_work(), *unknown)).count("complaint_accepted") == 2


def test_a_repeat_on_a_closed_issue_still_urges():
    work = take_in(a_work(), an_order("A1", caller="wang"))
    events.close_issue(work, closed(), AT)

    take_in(work, an_order("A2", caller="wang"))

    assert told(work)[-1] == "complaint_urged"


# Links, groups, lists


def test_close_texts_of_one_unit_and_category_share_an_issue_and_others_do_not():
    work = take_in(
        a_work(), an_order("A1"), an_order("A2"), an_order("A3", units=[NEIGHBOUR]), an_order("A4", **ELSEWHERE)
    )

    assert [work.complaints.find(number).issue_id for number in ("A1", "A2", "A3", "A4")] == [
        "I-A1",
        "I-A1",
        "I-A3",
        "I-A4",
    ]


def test_nothing_is_linked_to_a_closed_issue():
    work = take_in(a_work(), an_order("A1"))
    events.close_issue(work, closed(), AT)

    take_in(work, an_order("A2"))

    assert work.complaints.find("A2").issue_id == "I-A2"


def test_orders_go_on_being_linked_at_the_origin_of_an_issue_that_climbed():
    work = take_in(a_work(), an_order("A1"))
    events.move_issue(work, escalated(), AT)

    take_in(work, an_order("A2"))

    linked = work.outbox.events[-1]
    assert (linked.issue_id, linked.unit_code) == ("I-A1", STREET)


def test_five_callers_on_one_matter_are_a_group_and_it_is_listed_once():
    work = take_in(a_work(), *(an_order(f"A{number}") for number in range(7)))

    listed = [event for event in work.outbox.events if event.wire_type == "issue_listed.v1"]
    assert [(event.issue_id, event.reason) for event in listed] == [("I-A0", ListingReason.GROUP)]
    assert told(work).index("issue_listed") == 3 + 2 * 4


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"request_kind": RequestKind.PROPOSAL}, ListingReason.PROPOSAL),
        ({"request_kind": RequestKind.IDEA}, ListingReason.PROPOSAL),
        ({"title": "希望加装电梯"}, ListingReason.CATEGORY),
    ],
)
def test_proposals_and_deliberative_categories_are_listed_from_the_beginning(changes, reason):
    work = take_in(a_work(), an_order(**changes))

    assert told(work) == ["complaint_accepted", "issue_raised", "issue_listed", "complaint_linked"]
    assert work.outbox.events[1].route is Route.DELIBERATE
    assert work.outbox.events[2].reason is reason


# What others report


def test_a_handled_issue_replies_to_each_order_once():
    work = take_in(a_work(), an_order("A1"), an_order("A2"))
    handled = dispatch.IssueHandledV1(issue_id="I-A1", unit_code=COMMUNITY, result="已施划车位", handled_at=NOW)

    for _ in range(2):
        events.reply_to_callers(work, handled, AT)

    assert [(one.order_no, one.reply) for one in work.outbox.events[5:]] == [("A1", "已施划车位"), ("A2", "已施划车位")]
    assert work.complaints.find("A2").state is ComplaintState.REPLIED


def test_failed_handling_lists_the_issue_once_and_again_after_a_resolution():
    work = take_in(a_work(), an_order())

    for _ in range(2):
        events.list_failed_issue(work, failed(), AT)
    assert told(work)[3:] == ["issue_listed"]

    events.settle_listing(work, resolved(), AT)
    assert work.issues.listed_at(COMMUNITY) == []
    events.list_failed_issue(work, failed(), AT)
    assert told(work)[3:] == ["issue_listed", "issue_listed"]


def test_a_failure_from_before_the_issue_climbed_is_too_late_to_list_it():
    work = take_in(a_work(), an_order())
    events.move_issue(work, escalated(), AT)

    events.list_failed_issue(work, failed(at=NOW - timedelta(minutes=1)), AT)

    assert "issue_listed" not in told(work)


def test_a_closed_issue_closes_each_order_once_with_its_outcome():
    work = take_in(a_work(), an_order("A1"), an_order("A2"))

    for _ in range(2):
        events.close_issue(work, closed(), AT)

    assert told(work)[5:] == ["complaint_closed", "complaint_closed"]
    assert work.complaints.find("A1").outcome is Outcome.SOLVED


def test_a_relapse_opens_the_issue_and_its_orders_one_tier_up_and_they_are_closed_again():
    work = take_in(a_work(), an_order())
    events.close_issue(work, closed(), AT)

    events.reopen_issue(work, reopened(), AT)
    assert work.issues.find("I-A1").unit_code == STREET
    assert work.complaints.find("A1").state is ComplaintState.LINKED
    events.close_issue(work, closed(Outcome.UNSOLVED), AT)

    assert [event.outcome for event in work.outbox.events[3:]] == [Outcome.SOLVED, Outcome.UNSOLVED]


def test_a_deliberated_issue_climbs_onto_the_list_of_its_new_holder():
    work = take_in(a_work(), an_order(title="希望加装电梯"))

    events.move_issue(work, escalated(Route.DELIBERATE), AT)

    assert (len(work.issues.listed_at(COMMUNITY)), len(work.issues.listed_at(STREET))) == (0, 1)


def test_when_a_climb_is_undone_the_issue_is_back_and_on_no_list():
    work = take_in(a_work(), an_order(title="希望加装电梯"))
    events.move_issue(work, escalated(Route.DELIBERATE), AT)

    events.undo_escalation(work, undone(), AT)

    assert (len(work.issues.listed_at(COMMUNITY)), len(work.issues.listed_at(STREET))) == (0, 0)
    assert work.issues.find("I-A1").unit_code == COMMUNITY


def test_callback_and_redo_show_on_the_order_concerned_only():
    work = take_in(a_work(), an_order("A1"), an_order("A2"))

    events.note_callback(work, called_back("A1"), AT)
    events.order_redo(work, redo("A2"), AT)

    assert work.complaints.find("A1").state is ComplaintState.CALLED_BACK
    assert work.complaints.find("A2").state is ComplaintState.REDO


def test_what_is_said_of_an_issue_that_is_not_ours_changes_nothing():
    work = a_work()

    events.close_issue(work, closed(), AT)
    events.move_issue(work, escalated(), AT)
    events.reopen_issue(work, reopened(), AT)
    events.list_failed_issue(work, failed(), AT)
    events.settle_listing(work, resolved(), AT)
    events.note_callback(work, called_back("A1"), AT)

    assert work.outbox.events == []
