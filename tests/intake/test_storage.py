"""Intake's tables on both databases: batches, sealed callers, migrations."""

from datetime import timedelta

import pytest
from sqlalchemy import event, inspect, text
from sqlalchemy.orm import Session

from services.intake import use_cases
from services.intake.domain.complaint import ComplaintState
from services.intake.schemas import LinkComplaint, UnlinkComplaint
from services.intake.storage.repository import IntakeStore
from services.intake.storage.seal import KEY_FILE, BadKeyFile, Seal, WrongKey, seal_in
from services.intake.storage.tables import metadata
from shared.auth import Caller, Role
from shared.contracts.hotline import CallerPart
from shared.contracts.supervision import IssueClosedV1
from shared.contracts.vocabulary import Outcome
from shared.storage.engine import make_engine
from shared.storage.migrate import migrate
from tests.intake.builders import COMMUNITY, NOW, POLICIES, READER, an_order, take_in

CLERK = Caller("clerk-1", Role.CLERK, COMMUNITY)
CALLER = CallerPart(ref="w-1", name="王大明", phone="13900001111")


@pytest.fixture
def engine(database):
    made = make_engine("intake", database)
    migrate("intake", made)
    yield made
    made.dispose()


def in_one_transaction(engine, do):
    with Session(engine, expire_on_commit=False) as session:
        store = IntakeStore(session, Seal(b"k" * 64))
        done = do(store)
        store.flush()
        session.commit()
        return done


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

    counts = [_statements(engine, [an_order(f"{size}-{n}") for n in range(size)]) for size in (1, 50)]

    assert counts[0] == counts[1]


def test_an_issue_ends_for_all_its_orders_also_for_one_of_the_same_batch(engine):
    in_one_transaction(engine, lambda work: take_in(work, an_order("A1")))
    closed = IssueClosedV1(issue_id="I-A1", unit_code=COMMUNITY, outcome=Outcome.SOLVED, closed_at=NOW)

    def batch(work):
        use_cases.prepare(work, [an_order("A2"), closed, an_order("A3")], reader=READER, policies=POLICIES, now=NOW)
        for order in (an_order("A2"), closed, an_order("A3")):
            if order is closed:
                use_cases.close_issue(work, closed, now=NOW)
            else:
                use_cases.take_in(work, order, reader=READER, policies=POLICIES, now=NOW)

    in_one_transaction(engine, batch)

    found = in_one_transaction(engine, lambda work: [work.complaints.find(number) for number in ("A1", "A2", "A3")])
    assert [one.state for one in found] == [ComplaintState.CLOSED, ComplaintState.CLOSED, ComplaintState.LINKED]
    assert found[2].issue_id == "I-A3"


def test_links_are_undone_and_made_again(engine):
    in_one_transaction(engine, lambda work: take_in(work, an_order("A1"), an_order("A2")))
    undo = UnlinkComplaint(order_no="A2", reason="另一件事", idempotency_key="k")
    link = LinkComplaint(order_no="A2", issue_id="I-A1", reason="还是同一件", idempotency_key="k")

    new = in_one_transaction(
        engine, lambda work: use_cases.unlink_complaint(work, undo, by=CLERK, reader=READER, policies=POLICIES, now=NOW)
    )
    assert new.issue_id == "I-A2"
    in_one_transaction(engine, lambda work: take_in(work, an_order("A3")))
    assert in_one_transaction(engine, lambda work: len(work.undone_links.of_order("A2"))) == 1

    with pytest.raises(Exception, match="only order"):
        in_one_transaction(
            engine, lambda work: use_cases.link_complaint(work, link, by=CLERK, policies=POLICIES, now=NOW)
        )


def test_who_called_can_be_read_in_no_table(engine):
    in_one_transaction(engine, lambda work: take_in(work, an_order(caller=CALLER)))

    with engine.connect() as connection:
        for name in ("complaints", "callers", "issues", "outbox"):
            stored = str([tuple(map(_plain, row)) for row in connection.execute(text(f"SELECT * FROM {name}"))])
            assert "王大明" not in stored
            assert "13900001111" not in stored
            assert "w-1" not in stored
        sealed = connection.execute(text("SELECT sealed FROM callers")).scalar_one()
    assert Seal(b"k" * 64).open(bytes(sealed), "A1") == CALLER


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


def _statements(engine, orders):
    seen = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    in_one_transaction(engine, lambda work: take_in(work, *orders))
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)
