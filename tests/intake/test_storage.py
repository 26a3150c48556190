"""Intake's tables on both databases: batches, sealed callers, migrations."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, inspect, select, text

from services.intake.domain.complaint import ComplaintState
from services.intake.domain.errors import LastOrder
from services.intake.domain.own_words import words_of
from services.intake.schemas.requests import LinkComplaint, UnlinkComplaint
from services.intake.service import IntakeService
from services.intake.storage.repository import IntakeStore
from services.intake.storage.seal import KEY_FILE, Seal, seal_in
from services.intake.storage.tables import metadata, undone_links
from services.intake.use_cases import events, links, orders
from shared.auth import Role
from shared.bus.work import transaction
from shared.contracts.hotline import CallerPart
from shared.contracts.intake import ComplaintUnlinkedV1
from shared.contracts.supervision import IssueClosedV1
from shared.contracts.vocabulary import Outcome, Publicity, RequestKind
from shared.directory.copy import DirectoryCopy
from shared.sealing import BadKeyFile, WrongKey
from shared.units import Tier
from tests.fakes import a_moment
from tests.harness import Bus
from tests.intake.builders import CLERK, COMMUNITY, NOW, an_order, take_in
from tests.told import changed, office, shipped

AT = a_moment(NOW, asked_by=CLERK)
MATTERS = ((1, "parking"), (2, "noise"), (3, "sanitation"))
CALLER = CallerPart(ref="w-1", name="王大明", phone="13900001111")


def in_one_transaction(engine, do):
    with transaction(engine, IntakeStore) as store:
        return do(store)


def test_the_migrations_make_just_the_tables_the_code_speaks_of(engine):
    made = inspect(engine)

    assert set(metadata.tables) | {"alembic_version"} == set(made.get_table_names())
    for name, table in metadata.tables.items():
        assert {column["name"] for column in made.get_columns(name)} == set(table.columns.keys())
        assert {index["name"] for index in made.get_indexes(name) if index["name"]} >= {i.name for i in table.indexes}


def test_an_order_comes_out_as_it_went_in(engine):
    in_one_transaction(engine, lambda work: take_in(work, an_order()))

    found = in_one_transaction(engine, lambda work: work.complaints.find("A1"))

    assert (found.state, found.issue_id, found.category) == (ComplaintState.LINKED, "I-A1", "parking")
    assert (found.filed_at, found.due_at) == (NOW - timedelta(hours=1), NOW + timedelta(days=7))


def test_what_was_settled_in_one_batch_holds_in_the_next(engine):
    in_one_transaction(engine, lambda work: take_in(work, an_order("A1", caller="wang")))

    batch = [an_order("A1", caller="wang"), an_order("A2", caller="wang"), an_order("A3"), an_order("A3", title="x")]
    told = in_one_transaction(engine, lambda work: _told(take_in(work, *batch)))

    assert told == ["complaint_urged.v1", "complaint_accepted.v1", "complaint_linked.v1", "complaint_rejected.v1"]


def test_a_group_gathers_over_several_batches(engine):
    for number in range(5):
        told = in_one_transaction(engine, lambda work, n=number: _told(take_in(work, an_order(f"A{n}"))))

    assert told[-1] == "issue_listed.v1"
    listed = in_one_transaction(engine, lambda work: work.issues.listed_at(COMMUNITY))
    assert [issue.id for issue in listed] == ["I-A0"]


def test_a_batch_of_new_orders_asks_the_database_as_often_as_a_single_one(engine):
    in_one_transaction(engine, lambda work: take_in(work, an_order("A0")))

    batches = [[an_order(f"{size}-{n}") for n in range(size)] for size in (1, 50)]
    counts = [_statements(engine, lambda work, some=some: take_in(work, *some)) for some in batches]

    assert counts[0] == counts[1]


def test_an_issue_ends_for_all_its_orders_also_for_one_of_the_same_batch(engine):
    in_one_transaction(engine, lambda work: take_in(work, an_order("A1")))
    closed = IssueClosedV1(issue_id="I-A1", unit_code=COMMUNITY, outcome=Outcome.SOLVED, closed_at=NOW)

    def batch(work):
        events.prepare(work, [an_order("A2"), closed, an_order("A3")], AT)
        for order in (an_order("A2"), closed, an_order("A3")):
            if order is closed:
                events.close_issue(work, closed, AT)
            else:
                orders.take_in(work, order, AT)

    in_one_transaction(engine, batch)

    found = in_one_transaction(engine, lambda work: [work.complaints.find(number) for number in ("A1", "A2", "A3")])
    assert [one.state for one in found] == [ComplaintState.CLOSED, ComplaintState.CLOSED, ComplaintState.LINKED]
    assert found[2].issue_id == "I-A3"


def test_a_batch_of_reports_asks_the_database_as_often_as_a_single_one(engine):
    units = [unit.code for unit in shipped().of_tier(Tier.STREET)[:9]]
    in_one_transaction(engine, lambda work: take_in(work, *(an_order(unit, units=[unit]) for unit in units)))
    ends = [
        IssueClosedV1(issue_id=f"I-{unit}", unit_code=unit, outcome=Outcome.SOLVED, closed_at=NOW) for unit in units
    ]

    def close(work, some):
        events.prepare(work, some, AT)
        for end in some:
            events.close_issue(work, end, AT)

    counts = [_statements(engine, lambda work, some=some: close(work, some)) for some in (ends[:1], ends[1:])]

    assert counts[0] == counts[1]
    assert in_one_transaction(engine, lambda work: work.complaints.get(units[8]).state) is ComplaintState.CLOSED


def test_commands_that_wait_together_see_each_other_and_a_refused_one_leaves_no_trace(engine):
    in_one_transaction(engine, lambda work: take_in(work, an_order("A1"), an_order("A2"), an_order("A3")))
    bus = Bus(engine, IntakeService, NOW)

    out, joined, refused, back = bus.ask_all(
        [
            ("unlink_complaint", {"order_no": "A3", "reason": "另一件事", "idempotency_key": "1"}),
            ("link_complaint", {"order_no": "A2", "issue_id": "I-A3", "reason": "同一件", "idempotency_key": "2"}),
            ("unlink_complaint", {"order_no": "A1", "reason": "另一件事", "idempotency_key": "3"}),
            ("link_complaint", {"order_no": "A3", "issue_id": "I-A1", "reason": "还是同一件", "idempotency_key": "4"}),
        ],
        Role.CLERK,
        COMMUNITY,
    )

    assert [one["issue_id"] for one in (out, joined, back)] == ["I-A3", "I-A3", "I-A1"]
    assert isinstance(refused, LastOrder)
    with transaction(engine, IntakeStore) as work:
        assert [one.order_no for one in work.complaints.linked_to("I-A1")] == ["A1", "A3"]
        assert [one.order_no for one in work.complaints.linked_to("I-A3")] == ["A2"]
        assert work.issues.find("I-A1-2") is None
    assert [one.order_no for one in bus.told(ComplaintUnlinkedV1)] == ["A3", "A2", "A3"]


def test_a_link_costs_few_statements(engine):
    in_one_transaction(engine, lambda work: take_in(work, an_order("A1"), an_order("A2")))
    undo = UnlinkComplaint(order_no="A2", reason="另一件事", idempotency_key="k")

    def unlink(work):
        """One of the statements asks whether the units have changed: in which street the new issue lies."""
        events.prepare(work, [undo], AT)
        links.unlink_complaint(work, undo, AT)

    assert _statements(engine, unlink) <= (7 if engine.dialect.name == "postgresql" else 10)


def test_links_are_undone_and_made_again(engine):
    in_one_transaction(engine, lambda work: take_in(work, an_order("A1"), an_order("A2")))
    undo = UnlinkComplaint(order_no="A2", reason="另一件事", idempotency_key="k")
    link = LinkComplaint(order_no="A2", issue_id="I-A1", reason="还是同一件", idempotency_key="k")

    new = in_one_transaction(engine, lambda work: links.unlink_complaint(work, undo, AT))
    assert new.issue_id == "I-A2"
    in_one_transaction(engine, lambda work: take_in(work, an_order("A3")))
    with engine.connect() as connection:
        assert connection.execute(select(undone_links.c.order_no, undone_links.c.reason)).all() == [("A2", "另一件事")]

    back = in_one_transaction(engine, lambda work: links.link_complaint(work, link, AT))
    assert back.issue_id == "I-A1"
    assert in_one_transaction(engine, lambda work: work.issues.get("I-A2").outcome) is Outcome.WITHDRAWN


def test_who_called_can_be_read_in_no_table(engine):
    in_one_transaction(engine, lambda work: take_in(work, an_order(caller=CALLER)))

    with engine.connect() as connection:
        for name in ("complaints", "callers", "issues", "outbox"):
            stored = str([tuple(map(_plain, row)) for row in connection.execute(text(f"SELECT * FROM {name}"))])
            assert "王大明" not in stored
            assert "13900001111" not in stored
            assert "w-1" not in stored
        sealed = connection.execute(text("SELECT sealed FROM callers")).scalar_one()
    assert seal_in().open(bytes(sealed), "A1") == CALLER


def test_what_was_said_can_be_read_in_no_column_of_an_order(engine):
    said = an_order(title="业主王大明家漏水", content="我住3号楼2304室", respondent="某物业")
    in_one_transaction(engine, lambda work: take_in(work, said))

    with engine.connect() as connection:
        for name in ("complaints", "outbox"):
            stored = str([tuple(map(_plain, row)) for row in connection.execute(text(f"SELECT * FROM {name}"))])
            assert not [one for one in ("王大明", "2304室", "某物业") if one in stored]
    assert in_one_transaction(engine, lambda work: work.words.of(work.complaints.find("A1"))) == words_of(said)


def test_words_and_caller_of_an_order_can_not_take_each_others_place():
    seal = Seal(b"k" * 64)

    with pytest.raises(WrongKey):
        seal.open(seal.close_words(words_of(an_order()), "A1"), "A1")
    with pytest.raises(WrongKey):
        seal.open_words(seal.close(CALLER, "A1"), "A1")


def test_what_is_sealed_opens_with_its_key_and_for_its_order_only():
    sealed = Seal(b"k" * 64).close(CALLER, "A1")

    for seal, order_no in ((Seal(b"x" * 64), "A1"), (Seal(b"k" * 64), "A2")):
        with pytest.raises(WrongKey):
            seal.open(sealed, order_no)


def test_a_caller_is_known_again_by_reference_or_else_by_phone():
    seal = Seal(b"k" * 64)

    assert seal.pseudonym(CallerPart(phone="139-0000-1111")) == seal.pseudonym(CallerPart(phone="+86 13900001111"))
    assert seal.pseudonym(CallerPart(ref="a")) != seal.pseudonym(CallerPart(ref="b"))
    assert seal.pseudonym(CallerPart(name="王")) == ""
    assert seal.pseudonym(CALLER) != Seal(b"x" * 64).pseudonym(CALLER)


def test_the_keys_are_made_once_readable_by_their_owner_and_never_overwritten(tmp_path):
    made = seal_in(tmp_path)
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    seal_in.cache_clear()
    assert seal_in(tmp_path).key_id == made.key_id

    (tmp_path / KEY_FILE).write_bytes(b"damaged")
    seal_in.cache_clear()
    with pytest.raises(BadKeyFile):
        seal_in(tmp_path)


def _told(work):
    return [row["routing_key"] for row in work.outbox.rows]


def _plain(value):
    return bytes(value).decode("utf-8", "replace") if isinstance(value, (bytes, memoryview)) else value


def _statements(engine, do):
    seen = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    in_one_transaction(engine, do)
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_what_orders_are_compared_by_is_sealed_where_it_is_kept_and_compared_as_ever(engine):
    in_one_transaction(engine, lambda work: take_in(work, an_order("A1", title="慕容雪晴家楼下车位被占用")))

    with engine.connect() as connection:
        kept = bytes(connection.execute(text("SELECT gist_words FROM issues")).scalar_one())
    again = in_one_transaction(engine, lambda work: take_in(work, an_order("A2", title="慕容雪晴家楼下车位被占")))

    assert "慕容雪晴".encode() not in kept
    assert again.complaints.get("A2").issue_id == "I-A1"


def test_what_was_sealed_with_a_lost_key_is_like_nothing_and_stops_nobody(engine):
    in_one_transaction(engine, lambda work: take_in(work, an_order("A1")))
    with engine.begin() as connection:
        connection.execute(text("UPDATE issues SET gist_words = :other"), {"other": Seal(b"x" * 64).close_text("车\n")})

    work = in_one_transaction(engine, lambda work: take_in(work, an_order("A2")))

    assert work.complaints.get("A2").issue_id == "I-A2"


def test_what_waits_for_words_is_found_by_its_list_the_longest_listed_first(engine):
    proposals = [an_order(f"P{n}", request_kind=RequestKind.PROPOSAL, category=category) for n, category in MATTERS]
    in_one_transaction(engine, lambda work: take_in(work, *proposals, an_order("A1")))

    def words_missing(work):
        return [one.id for one in work.issues.waiting_for_words([COMMUNITY], most=2)]

    assert in_one_transaction(engine, words_missing) == ["I-P1", "I-P2"]
    in_one_transaction(engine, lambda work: work.issues.lock("I-P1").word("座椅", Publicity.PUBLIC, at=NOW))
    assert in_one_transaction(engine, words_missing) == ["I-P2", "I-P3"]


def test_whom_an_order_is_against_comes_out_as_it_went_in_and_is_compared_by(engine):
    with engine.begin() as connection:
        DirectoryCopy(connection).learn(changed(office(COMMUNITY, "社区服务站")))
    against = an_order("A1", respondent="社区服务站")
    in_one_transaction(engine, lambda work: take_in(work, against))

    work = in_one_transaction(engine, lambda work: take_in(work, an_order("A2"), replace(against, order_no="A3")))

    assert work.issues.get("I-A1").against == [f"{COMMUNITY}/社区服务站"]
    assert [work.complaints.get(one).issue_id for one in ("A2", "A3")] == ["I-A2", "I-A1"]
