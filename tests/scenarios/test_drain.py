"""Whether everything that was said has been heard, by the services' own tables."""

import pytest
from sqlalchemy import event

from services import SERVICES
from services.cli.proof.drain import MOST_MISSING, Drain, NotDrained
from shared.storage.engine import engine_for
from tests.harness import statements_of
from tests.scenarios.conftest import forget

on_postgresql = pytest.mark.parametrize("suite", ["postgresql"], indirect=True)


def test_a_suite_in_which_nothing_happened_is_drained(suite):
    assert Drain().is_drained(sent=0)


def test_it_is_drained_when_everybody_who_listens_has_heard(suite):
    suite.hear("intake", "complaint_filed.v1")
    suite.tell_all("intake", "issue_raised.v1")
    suite.say("intake", "complaint_rejected.v1")  # nobody listens
    assert Drain().troubles(sent=1) == []


def test_a_message_that_intake_has_not_taken_in_is_under_way_readable_or_not(suite):
    suite.hear("intake", "complaint_filed.v1")
    suite.hear("intake", "nonsense", "broken:1")
    drain = Drain()
    assert drain.trouble(sent=3) == "intake: 2 of 3 messages of the hotline were taken in"
    assert drain.is_drained(sent=2)


def test_an_event_that_one_listener_lacks_is_under_way(suite):
    event_id = suite.tell_all("intake", "issue_raised.v1", but=["supervision"])
    drain = Drain()
    assert drain.troubles(0) == ["supervision: heard 0 issue_raised.v1 of the 1 that intake sent"]
    suite.hear("supervision", "issue_raised.v1", event_id)
    assert drain.is_drained(0)


def test_an_event_that_is_not_sent_is_under_way(suite):
    suite.say("deliberation", "motion_stated.v1", sent=False)
    assert "deliberation: 1 events in the outbox are not sent" in Drain().troubles(0)


@pytest.mark.parametrize("status", ["early", "waiting"])
def test_a_kept_event_that_may_still_be_handled_is_under_way(suite, status):
    suite.hear("deliberation", "session_scheduled.v1", suite.say("councils", "session_scheduled.v1"), status=status)
    assert any(line.startswith("deliberation: 1 events wait") for line in Drain().troubles(0))


def test_what_waits_behind_a_parked_event_is_stuck_not_under_way(suite):
    for status in ("parked", "waiting"):
        suite.hear("deliberation", "session_moved_up.v1", status=status)
    drain = Drain()
    drain.books["deliberation"].read_inbox()
    assert drain.books["deliberation"].under_way == 0


def test_waiting_in_vain_says_where_events_are_stuck(suite):
    suite.say("intake", "issue_raised.v1")
    with pytest.raises(NotDrained, match=r"dispatch: heard 0 issue_raised\.v1 of the 1"):
        Drain().wait_until_drained(0, timeout=0.1)


def test_a_drain_that_is_kept_counts_only_what_is_new_and_still_sees_everything(suite):
    drain = Drain()
    for _ in range(3):
        suite.tell_all("intake", "issue_raised.v1")
        assert drain.is_drained(0)
    assert drain.said({"issue_raised.v1"}) == 3


def test_what_was_taken_out_by_age_still_counts_on_both_sides(suite):
    drain = Drain()
    for _ in range(3):
        suite.tell_all("intake", "issue_raised.v1")
    suite.hear("intake", "invented.by.somebody")
    assert drain.is_drained(1)
    forget(suite, "intake", "dispatch")  # supervision has not come to it yet
    assert drain.is_drained(1)
    assert Drain().troubles(1) == []
    suite.tell_all("intake", "issue_raised.v1")
    assert drain.is_drained(1)
    assert (drain.said({"issue_raised.v1"}), Drain().is_drained(1)) == (4, True)


def test_an_event_that_is_under_way_is_seen_also_after_others_were_taken_out(suite):
    suite.tell_all("intake", "issue_raised.v1")
    forget(suite, "intake", "dispatch", "supervision")
    suite.tell_all("intake", "issue_raised.v1", but=["supervision"])
    assert Drain().troubles(0) == ["supervision: heard 1 issue_raised.v1 of the 2 that intake sent"]


@on_postgresql
def test_no_book_is_read_again_on_a_server_that_has_committed_nothing_since(suite):
    suite.hear("intake", "complaint_filed.v1")
    drain = Drain()

    def statements_of_a_look():
        with statements_of(engine_for(SERVICES[0])) as asked:
            assert drain.is_drained(1)
        return len(asked)

    assert statements_of_a_look() == 2
    assert 1 in [statements_of_a_look() for _ in range(5)]  # what the server does for itself is committed too
    suite.tell_all("intake", "issue_raised.v1", but=["dispatch"])
    assert drain.trouble(1) == "dispatch: heard 0 issue_raised.v1 of the 1 that intake sent"


@on_postgresql
def test_a_book_that_could_not_be_read_is_read_with_the_next_look_though_nothing_was_committed_since(suite):
    drain, reader = Drain(), engine_for(SERVICES[0])
    assert drain.is_drained(0)
    suite.hear("intake", "complaint_filed.v1")
    names = f"datname = current_database() AND application_name = 'gongshang-{SERVICES[0]}'"

    def cut_off(*asked):
        if "inbox" in asked[2]:
            suite.run("intake", f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {names}")

    event.listen(reader, "before_cursor_execute", cut_off)
    trouble = drain.trouble(1)
    event.remove(reader, "before_cursor_execute", cut_off)
    assert trouble.startswith("a database can't be read")
    assert drain.is_drained(1)


@on_postgresql
def test_what_shows_a_lower_number_after_a_higher_one_counts_as_soon_as_it_shows(suite):
    drain, event_id = Drain(), suite.tell_all("intake", "issue_raised.v1", but=["dispatch"])
    with engine_for("dispatch").begin() as slow:
        suite.hear("dispatch", "issue_raised.v1", event_id, through=slow)
        suite.tell_all("intake", "issue_raised.v1")
        assert drain.troubles(0) == ["dispatch: heard 1 issue_raised.v1 of the 2 that intake sent"]
    assert drain.is_drained(0)
    suite.tell_all("intake", "issue_raised.v1")
    assert drain.is_drained(0)


@on_postgresql
def test_where_very_many_numbers_are_missing_everything_is_seen_too(suite):
    drain = Drain()
    for _ in range(3):
        suite.tell_all("intake", "issue_raised.v1")
        assert drain.is_drained(0)
        for service, table in (("intake", "outbox"), ("dispatch", "inbox")):
            skips = f"setval(pg_get_serial_sequence('{table}', 'position'), max(position) + {MOST_MISSING})"
            suite.run(service, f"SELECT {skips} FROM {table}")
    suite.tell_all("intake", "issue_raised.v1", but=["supervision"])
    assert drain.troubles(0) == ["supervision: heard 3 issue_raised.v1 of the 4 that intake sent"]
