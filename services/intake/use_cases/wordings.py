"""The public wording 公开表述 of an issue: a clerk finds words that say who nobody is, and confirms them.

Until then it is category and place. What is proposed is masked by rules, and rules find no bare name: so nothing of it
gets out by itself, and who is shown it leaves a look.
"""

from collections.abc import Sequence

from services.intake.domain.complaint import Complaint
from services.intake.domain.errors import NotForThePublic
from services.intake.domain.issue import Issue
from services.intake.domain.look import PROPOSAL, LookReason
from services.intake.domain.masking import faults_in, masked
from services.intake.domain.public_wording import LONGEST_WORDING
from services.intake.schemas.replies import IssueReply, issue_reply
from services.intake.schemas.requests import ConfirmWording, ListWordings
from services.intake.schemas.wording_replies import WordingsReply, wording_line
from services.intake.storage.repository import IntakeStore
from services.intake.use_cases.looks import look_at
from services.intake.use_cases.respondents import is_against, must_not_be_against
from shared.bus.moment import Moment
from shared.contracts.intake import WordingConfirmedV1
from shared.sealing import WrongKey


def list_wordings(work: IntakeStore, request: ListWordings, at: Moment) -> WordingsReply:
    """What waits for words, with the title of the order it began with as masked by rules."""
    units = work.units(at.now)
    unit = units.get(request.unit_code)
    at.caller.must_act_in(unit.code)
    waiting = work.issues.waiting_for_words(units.ever_inside(unit.code), request.most)
    issues = [one for one in waiting if not is_against(one.respondents, at)]
    work.complaints.load_of("issue_id", (one.id for one in issues))
    orders = [_telling_order(work, one) for one in issues]
    _note_looks(work, [one.order_no for one in orders if one is not None], at)
    lines = [
        wording_line(issue, order, _proposed(work, order), at.policy_in(issue.unit_code).wording.within)
        for issue, order in zip(issues, orders, strict=True)
    ]
    return WordingsReply(wordings=lines)


def confirm_wording(work: IntakeStore, request: ConfirmWording, at: Moment) -> IssueReply:
    """From now on it is spoken of so, everywhere. The same words again change nothing. Raises NotForThePublic."""
    issue = work.issues.lock(request.issue_id)
    at.caller.must_act_in(issue.unit_code)
    must_not_be_against(issue.respondents, at)
    issue.must_be_open()
    must_be_public(request.wording)
    if issue.word(request.wording.strip(), request.publicity or issue.publicity, at=at.now):
        told = WordingConfirmedV1(
            issue_id=issue.id,
            unit_code=issue.unit_code,
            category=issue.category,
            title=issue.title,
            publicity=issue.publicity,
            confirmed_by=at.caller.subject,
            confirmed_at=at.now,
        )
        work.outbox.add(told, at=at.now)
    return issue_reply(issue, work.complaints.linked_to(issue.id))


def must_be_public(wording: str) -> None:
    """Raises NotForThePublic with each fault by kind and place."""
    if faults := faults_in(wording) or ([] if wording.strip() else ["Must not be blank."]):
        raise NotForThePublic("these words say who somebody is, or which household is meant", {"wording": faults})


def _telling_order(work: IntakeStore, issue: Issue) -> Complaint | None:
    """The order it began with, or where that has left, the first of those that are in it."""
    orders = work.complaints.linked_to(issue.id)
    return next((one for one in orders if one.order_no == issue.first_order_no), orders[0] if orders else None)


def _proposed(work: IntakeStore, order: Complaint | None) -> str:
    """Empty where what was said is sealed with another key."""
    try:
        return masked(work.words.of(order).title)[:LONGEST_WORDING] if order is not None else ""
    except WrongKey:
        return ""


def _note_looks(work: IntakeStore, order_nos: Sequence[str], at: Moment) -> None:
    """Once for each reader and order: whoever works through a list looks at it again and again."""
    looks = [look_at(one, LookReason.SORT, [PROPOSAL], at, told=PROPOSAL) for one in order_nos]
    work.who_saw.load(one.id for one in looks)
    for look in looks:
        if work.who_saw.find(look.id) is None:
            work.who_saw.add(look)
