"""A database of evaluation from before the directory: what has counted counts for the same street."""

import pytest
from alembic import command
from sqlalchemy import bindparam, text

from services.evaluation.storage.repository import EvaluationStore
from shared.bus.work import reading
from shared.storage import Instant
from shared.storage import migrate as storage_migrate
from shared.storage.engine import engine_for, engine_for_migrations
from shared.storage.migrate import migrate
from tests.evaluation.builders import COMMUNITY, MONDAY, STREET

COMPLETED = (
    "INSERT INTO callbacks (id, order_no, issue_id, unit_code, dispatch_kind, period_id, asked_by, is_self_check,"
    " dispatch_no, round, attempts, began_at, asked_at, completed_at, recorded_by, reached, solved_words,"
    " satisfaction_words) VALUES (:id, :id, 'I-1', :unit, 'direct', '2026-03', 'own', false, 1, 1, 1, :now, :now, :now,"
    " 'agent-1', false, '', '')"
)


@pytest.fixture
def engine(database):
    made = engine_for("evaluation")
    step(made, command.upgrade, "0003")
    completed = text(COMPLETED).bindparams(bindparam("now", type_=Instant()))
    with made.begin() as connection:
        for number, unit in enumerate([COMMUNITY, STREET, "110105"]):
            connection.execute(completed, {"id": f"O-{number}", "unit": unit, "now": MONDAY})
    return made


def step(engine, way, revision):
    config = storage_migrate._config("evaluation")
    with engine_for_migrations("evaluation", engine) as patient, patient.connect() as connection:
        config.attributes.update(connection=connection, schema="evaluation")
        way(config, revision)
        connection.commit()


def test_what_was_there_counts_for_the_street_its_code_begins_with_also_after_the_way_down_and_up(engine):
    migrate("evaluation", engine)
    step(engine, command.downgrade, "0003")
    migrate("evaluation", engine)

    with reading(engine, EvaluationStore) as work:
        assert [one.rank_unit for one in work.callbacks.samples_of("2026-03")] == [STREET, STREET, "110105"]
