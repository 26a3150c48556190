"""The databases that tests are lent: what one test leaves in it, the next one does not find."""

import pytest
from sqlalchemy.exc import DBAPIError

from shared.storage.engine import make_engine
from tests.databases import Kept
from tests.deliberation.test_storage import a_whole_session
from tests.told import tell_few

COPY = "SELECT md5(string_agg(one::text, '' ORDER BY id)) FROM directory_periods AS one"
TRACES = "SELECT (SELECT count(*) FROM journal) + (SELECT count(*) FROM votes) + (SELECT count(*) FROM outbox)"


@pytest.fixture
def kept(postgres):
    one = Kept(postgres, ["deliberation"], None)
    yield one
    postgres.drop_database(one.name)


@pytest.fixture
def ask(kept):
    return asking(kept)


def asking(kept):
    """Runs a statement in the database as it is now; gives what it answers, if it does."""

    def asked(statement):
        engine = make_engine("deliberation", kept.url)
        with engine.begin() as connection:
            found = connection.exec_driver_sql(statement)
            answer = found.scalar() if found.returns_rows else None
        engine.dispose()
        return answer

    return asked


def test_rows_are_gone_also_those_that_nobody_may_take_out_and_numbers_begin_anew(kept, ask):
    name, engine = kept.name, make_engine("deliberation", kept.url)
    a_whole_session(engine)
    engine.dispose()
    assert ask(TRACES) > 3
    kept.clear()
    assert ask(TRACES) == 0
    assert ask("SELECT last_value FROM outbox_position_seq") == 1
    assert kept.name == name


@pytest.mark.parametrize(
    "altered",
    [
        "ALTER TABLE sessions ADD COLUMN one_more integer",
        "ALTER TABLE sessions ADD CONSTRAINT numbered CHECK (number > 0)",
        "DROP TRIGGER votes_append_only ON votes",
        "DROP INDEX sessions_by_issue",
        "CREATE TABLE public.left_behind ()",
    ],
)
def test_a_database_is_made_anew_after_its_tables_were_altered(kept, ask, altered):
    name, tables = kept.name, ask("SELECT count(*) FROM pg_tables")
    ask(altered)
    kept.clear()
    assert kept.name != name
    assert ask("SELECT count(*) FROM pg_tables") == tables
    assert ask("SELECT count(*) FROM alembic_version") == 1


def test_another_schema_is_taken_out_and_an_open_transaction_is_no_hindrance(kept, ask):
    left = make_engine("deliberation", kept.url)
    with left.connect() as connection:
        connection.exec_driver_sql("SELECT * FROM sessions")
        ask("CREATE SCHEMA left_behind CREATE TABLE left_behind.one (number integer)")
        kept.clear()
        with pytest.raises(DBAPIError):
            connection.exec_driver_sql("SELECT 1")
    left.dispose()
    assert ask("SELECT count(*) FROM pg_namespace WHERE nspname = 'left_behind'") == 0


@pytest.mark.parametrize(
    "told",
    [
        "INSERT INTO directory_state (kind, changes) VALUES ('one_more', 1)",
        "UPDATE directory_periods SET about = 'somebody'",
        "DELETE FROM directory_periods WHERE id = (SELECT min(id) FROM directory_periods)",
    ],
)
def test_what_a_database_was_filled_with_is_there_again_after_it_was_changed(postgres, told):
    kept = Kept(postgres, ["deliberation"], tell_few)
    ask = asking(kept)
    name, units, kinds = kept.name, ask(COPY), ask("SELECT count(*) FROM directory_state")
    for _ in range(2):
        ask(told)
        kept.clear()
        assert (ask(COPY), ask("SELECT count(*) FROM directory_state"), kept.name) == (units, kinds, name)
    postgres.drop_database(kept.name)
