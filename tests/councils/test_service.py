"""The service as it stands on the bus: in process with encoded events, and in a process of its own on a real broker."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.councils.service import CouncilsService
from services.councils.storage.tables import hall_bookings
from shared.auth import Role
from shared.contracts.councils import SessionScheduledV1
from shared.contracts.flow import LISTENERS
from shared.contracts.vocabulary import DeputyCategory
from shared.errors import BadRequest, NotAllowed
from tests.councils.builders import (
    COMMUNITY,
    DAY,
    ISSUE,
    MONDAY_9AM,
    STREET,
    a_hall,
    escalated,
    failed,
    listed,
    opened,
    shanghai,
    some_deputies,
)
from tests.harness import Bus, heard_by
from tests.live_service import live_service, patiently
from tests.staff import first_office
from tests.told import changed


@pytest.fixture
def bus(engine):
    return Bus(engine, CouncilsService, MONDAY_9AM)


def test_it_listens_to_what_the_flow_says():
    assert set(heard_by(CouncilsService)) == set(LISTENERS["councils"])


def test_a_batch_of_listings_becomes_a_batch_of_sessions_without_a_double_booking(bus):
    bus.hear(*(listed(issue=f"I-{number}") for number in range(20)))
    fired = bus.move(MONDAY_9AM)

    assert fired == 20
    assert sorted(bus.told()) == ["notice_published.v1"] * 20 + ["session_scheduled.v1"] * 20
    with bus.engine.connect() as connection:
        assert len(connection.execute(hall_bookings.select()).all()) == 20


def test_the_same_deliveries_again_change_nothing(bus):
    again = bus.sent(listed()), bus.sent(escalated(MONDAY_9AM + DAY))
    for _ in range(2):
        bus.deliver(*again)
        bus.move(MONDAY_9AM)

    assert bus.told() == ["session_scheduled.v1", "notice_published.v1"]
    assert bus.inbox_statuses() == ["handled", "handled"]


def test_a_failed_session_is_followed_by_another(bus):
    bus.hear(listed())
    bus.move(MONDAY_9AM)
    with bus.begin(reads=True) as work:
        session = work.sessions.get(f"{ISSUE}/S1")

    bus.hear(opened(session), failed(session))
    bus.move(MONDAY_9AM)

    with bus.begin(reads=True) as work:
        assert work.sessions.get(f"{ISSUE}/S2").number == 2


def test_my_work_shows_a_session_to_open_then_to_close_and_not_to_those_it_is_against(bus):
    def waiting(role, unit):
        waits = bus.ask("list_my_work", {}, role, unit)["waits"]
        return [(one["about"], one["calls"], one["due_at"]) for one in waits]

    bus.hear(listed(), replace(listed(issue="I-against"), respondents=[first_office(COMMUNITY)]))
    bus.move(MONDAY_9AM)
    with bus.begin(reads=True) as work:
        session = work.sessions.get(f"{ISSUE}/S1")
    opening = ["deliberation.record_arrivals", "deliberation.open_session"]
    to_open = (
        session.id,
        ["councils.get_session", *opening, "councils.postpone_session"],
        session.lapses_at.isoformat(),
    )
    assert waiting(Role.CLERK, COMMUNITY) == [to_open]
    assert [one[0] for one in waiting(Role.CHAIR, STREET)] == [session.id, "I-against/S1"]
    assert waiting(Role.CHAIR, "110105002") == []

    bus.hear(opened(session))
    bus.move(session.starts_at)
    ((about, calls, _),) = waiting(Role.CLERK, COMMUNITY)
    assert (about, calls) == (session.id, ["deliberation.close_session"])


@pytest.mark.parametrize(
    ("announced_at", "open_on", "starts_at"),
    [
        pytest.param(
            shanghai(2026, 9, 30, 10),
            "周一至周日 9:00-21:00",
            shanghai(2026, 10, 9, 19),
            id="from 09-30 the last day is 10-08",
        ),
        pytest.param(
            shanghai(2026, 9, 30, 10),
            "周六至周日 9:00-18:00",
            shanghai(2026, 10, 11, 10),
            id="a hall for weekends after 10-08",
        ),
        pytest.param(
            shanghai(2026, 2, 12, 10),
            "周六至周日 9:00-18:00",
            shanghai(2026, 3, 1, 10),
            id="the same after the Spring Festival",
        ),
    ],
)
def test_three_days_of_notice_end_after_the_holiday_and_eight_meet_when_their_hall_is_open(
    bus, announced_at, open_on, starts_at
):
    """On the Saturday on which people work for the holiday they would meet in the evening: the hall is closed then."""
    community = "110105002003"
    hall = a_hall(unit_code=community, opening_hours=open_on)
    seats = [DeputyCategory.RESIDENTS_DELEGATE, DeputyCategory.PARTY_DELEGATE]
    bus.hear(changed(hall), changed(*some_deputies(8, categories=seats, unit_code=community)))

    bus.move(announced_at)
    bus.hear(listed(announced_at, unit=community))
    bus.move(announced_at)

    (session,) = bus.ask("list_sessions", {"unit_code": community}, Role.PUBLIC)["sessions"]
    assert (session["hall_id"], datetime.fromisoformat(session["starts_at"])) == (hall.id, starts_at)
    assert (session["state"], len(bus.told(SessionScheduledV1)[0].deputies)) == ("notice_published", 8)


def test_what_could_not_be_planned_is_as_soon_as_the_directory_tells_of_more_deputies(bus):
    community = "110105002003"
    seats = [DeputyCategory.RESIDENTS_DELEGATE, DeputyCategory.PARTY_DELEGATE]
    eight = some_deputies(8, categories=seats, unit_code=community)
    bus.hear(changed(a_hall(unit_code=community)), changed(*eight[:4]))
    bus.hear(listed(MONDAY_9AM, unit=community))
    bus.move(MONDAY_9AM)
    assert bus.ask("list_sessions", {"unit_code": community}, Role.PUBLIC)["sessions"] == []

    bus.hear(changed(*eight[4:]))
    bus.move(MONDAY_9AM)

    (session,) = bus.ask("list_sessions", {"unit_code": community}, Role.PUBLIC)["sessions"]
    assert (session["state"], len(session["deputies"])) == ("notice_published", 8)


def test_the_next_session_meets_in_the_hall_and_with_the_names_told_meanwhile_and_the_last_one_keeps_its_own(bus):
    bus.hear(listed())
    bus.move(MONDAY_9AM)
    tuesday = MONDAY_9AM + DAY
    ended = a_hall(revision=2, valid_to=tuesday)
    entered = a_hall(9, name="百姓议事厅", valid_from=tuesday)
    married = [replace(one, person_name=f"新{one.person_name}", revision=2) for one in some_deputies(109)]

    bus.move(tuesday)
    bus.hear(changed(ended, entered), changed(*married), listed(issue="I-next"))
    bus.move(tuesday)

    with bus.begin(reads=True) as work:
        before, after = work.sessions.get(f"{ISSUE}/S1"), work.sessions.get("I-next/S1")
    assert (before.hall_id, after.hall_name) == (ended.id, "百姓议事厅")
    assert {one.name[0] for one in before.deputies} == {"王"}
    assert {one.name[0] for one in after.deputies} == {"新"}


@pytest.fixture
def live(broker, engine, tmp_path):
    with live_service("councils", broker.uri, tmp_path, listed(datetime.now(UTC))) as running:
        yield running


@pytest.mark.timeout(90)
def test_on_a_real_broker_a_listed_issue_gets_a_session_that_its_clerk_can_put_off(live):
    command = {"session_id": f"{ISSUE}/S1", "reason": "hall_lost", "words": "书记说停电", "idempotency_key": "k1"}
    with live.caller(Role.CLERK, COMMUNITY) as ask:
        planned, *_ = patiently(lambda: ask("councils", "list_sessions", {"unit_code": STREET})["sessions"])
        with pytest.raises(BadRequest) as refusal:
            ask("councils", "postpone_session", command | {"reason": "书记临时有会", "idempotency_key": "k0"})
        asked = ask("councils", "postpone_session", command)
        again = ask("councils", "postpone_session", command)
        agreed = {"request_id": asked["request_id"], "grant": True, "reason": "属实", "idempotency_key": "k3"}
        with pytest.raises(NotAllowed, match="somebody else decides"):
            ask("councils", "decide_request", agreed)
        halls = ask("councils", "list_halls", {"unit_code": COMMUNITY})["halls"]
    with live.caller(Role.CLERK, "110105018") as ask, pytest.raises(NotAllowed):
        ask("councils", "postpone_session", command | {"idempotency_key": "k2"})

    assert "hall_lost" in str(refusal.value.fields["reason"])
    with live.caller(Role.CHAIR, COMMUNITY) as ask:
        ask("councils", "decide_request", agreed)
        postponed = ask("councils", "get_session", {"session_id": f"{ISSUE}/S1"})
    assert asked == again
    assert planned["starts_at"] < postponed["starts_at"]
    assert planned["hall_id"] in {hall["id"] for hall in halls}
