"""The matters of one order: a clerk tells them apart, and the hotline hears when the last of them has ended."""

from dataclasses import replace

from services.intake.domain.complaint import Complaint, ComplaintState
from services.intake.domain.history import Decided, entry_on
from services.intake.domain.matter import matter_no
from services.intake.domain.own_words import OwnWords
from services.intake.domain.respondent import as_lines
from services.intake.domain.waits import ENDS, IN_HAND
from services.intake.schemas.replies import ComplaintReply, order_reply
from services.intake.schemas.requests import MatterToSplit, SplitOrder
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases.groups import take_up
from services.intake.use_cases.respondents import against, must_not_be_against
from shared.bus.moment import Moment
from shared.contracts.orders import MatterEndPart, OrderEndedV1
from shared.errors import BadRequest


def split_order(work: IntakeStore, request: SplitOrder, at: Moment) -> ComplaintReply:
    """What else the call was about goes its own way from now on, by the limit of the dispatch. Raises BadRequest."""
    complaint = work.complaints.lock(request.order_no)
    at.caller.must_act_in(complaint.unit_code)
    must_not_be_against(complaint.respondents, at)
    complaint.must_be("told apart", *IN_HAND)
    if complaint.of_order:
        fault = f"Is a matter of {complaint.of_order}: name that."
        raise BadRequest(f"{complaint.order_no} is no order of its own", {"order_no": [fault]})
    for one in request.matters:
        _begin(work, complaint, one, request.reason, at)
    return order_reply(work.complaints.matters_of(complaint), work.history.of_order(complaint))


def tell_if_ended(work: IntakeStore, complaint: Complaint, at: Moment) -> None:
    """Nothing for an order of one matter, which says so by itself, nor while any of several is in hand."""
    if not complaint.is_one_of_several:
        return
    matters = work.complaints.matters_of(work.complaints.get(complaint.order))
    if any(one.state not in ENDS for one in matters):
        return
    ends = [MatterEndPart(order_no=one.order_no, state=one.state.value, outcome=one.outcome) for one in matters]
    work.outbox.add(OrderEndedV1(order_no=complaint.order, matters=ends, ended_at=at.now), at=at.now)


def _begin(work: IntakeStore, head: Complaint, asked: MatterToSplit, reason: str, at: Moment) -> None:
    if work.catalogue.find(asked.category) is None:
        raise BadRequest(f"unknown category {asked.category!r}", {"matters": ["The category is not in the catalogue."]})
    head.matters += 1
    number, by = matter_no(head.order_no, head.matters), at.caller.subject
    first = work.words.of(head)
    words = OwnWords(title=asked.title, content=asked.content, address=first.address, respondent=first.respondent)
    matter = replace(
        head,
        order_no=number,
        of_order=head.order_no,
        matters=1,
        decisions=0,
        said=work.words.close(words, number),
        category=asked.category,
        state=ComplaintState.LINKED,
        issue_id="",
        linked_at=None,
        linked_by="",
        reply="",
        replied_at=None,
    )
    matter.title = work.wording(matter.category, matter.unit_code, at.now)
    matter.respondents = as_lines(against(work, matter, matter.unit_code, at).respondents)
    work.callers.keep(number, work.callers.of(head.order_no), at=at.now)
    work.complaints.add(matter)
    after = {"order_no": number, "category": asked.category}
    work.history.add(entry_on(head, Decided.SPLIT, reason=reason, by=by, at=at.now, after=after))
    take_up(work, matter, work.gist_of(matter), at, by=by)
