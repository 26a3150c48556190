"""Timeline entries come from events, and the same event gives the same entry."""

import pytest

from services.supervision.domain.timeline import entry, entry_of
from shared.contracts.flow import LISTENERS
from shared.contracts.orders import ComplaintAmendedV1, ComplaintHandedOverV1, HandoverFollowedV1, HandoverMissedV1
from shared.contracts.supervision import ClockStartedV1
from shared.contracts.vocabulary import ClockKind
from tests.supervision.builders import (
    COMMUNITY,
    ISSUE,
    MONDAY,
    hours,
    issue_handled,
    session_scheduled,
    task_signed_for,
)


def test_an_entry_names_the_instant_the_actor_and_the_plain_facts():
    entry = entry_of(task_signed_for())

    assert (entry.issue_id, entry.at, entry.kind) == (ISSUE, MONDAY, "task_signed_for.v1")
    assert (entry.actor, entry.unit_code, entry.facts) == ("赵", COMMUNITY, {"task_id": f"{ISSUE}/T1"})


def test_of_a_list_only_its_length_is_kept_and_without_a_person_the_service_is_the_actor():
    entry = entry_of(session_scheduled(MONDAY + hours(80)))

    assert entry.facts["deputies"] == 0
    assert entry.facts["starts_at"] == (MONDAY + hours(80)).isoformat()
    assert entry.actor == "councils"


def test_a_clock_that_starts_is_entered_when_it_does_and_not_when_it_is_due():
    started = ClockStartedV1(
        clock_id=f"{ISSUE}/tier-1",
        issue_id=ISSUE,
        unit_code=COMMUNITY,
        kind=ClockKind.TIER,
        started_at=MONDAY,
        due_at=MONDAY + hours(80),
    )

    assert (entry_of(started).at, entry_of(started).facts["due_at"]) == (MONDAY, (MONDAY + hours(80)).isoformat())


def test_the_same_news_give_the_same_key_and_others_another():
    assert entry_of(issue_handled(MONDAY)).key == entry_of(issue_handled(MONDAY)).key
    assert entry_of(issue_handled(MONDAY)).key != entry_of(issue_handled(MONDAY + hours(1))).key


def test_the_key_does_not_depend_on_the_order_of_the_facts():
    facts = {"number": 1, "remark": "没有反弹"}
    one, other = (
        entry(ISSUE, at=MONDAY, kind="look_back_recorded", actor="li", facts=told)
        for told in (facts, dict(reversed(facts.items())))
    )

    assert one.key == other.key


OF_ORDERS = (ComplaintAmendedV1, ComplaintHandedOverV1, HandoverFollowedV1, HandoverMissedV1)
"""Of an order that may be in an issue or in none: each is entered by a function of its own."""
OF_ISSUES = [one for one in LISTENERS["supervision"] if one.publisher != "directory" and one not in OF_ORDERS]


@pytest.mark.parametrize("contract", OF_ISSUES, ids=lambda contract: contract.wire_type)
def test_every_event_of_an_issue_it_listens_to_has_an_instant_of_its_own_and_the_issue_as_subject(contract):
    fields = contract.__dataclass_fields__

    assert contract.subject_field == "issue_id"
    assert [name for name in fields if name.endswith("_at")]


@pytest.mark.parametrize("contract", OF_ORDERS, ids=lambda contract: contract.wire_type)
def test_what_is_said_of_an_order_names_its_issue_if_it_is_in_one(contract):
    assert (contract.subject_field, "issue_id" in contract.__dataclass_fields__) == ("order_no", True)
