"""A migrated database of supervision on SQLite and on PostgreSQL, which was told a few units and the duty list."""

from sqlalchemy import Engine

from tests.databases import engine_of
from tests.told import few_duties, tell


def tell_duties(engine: Engine) -> None:
    tell(engine, *few_duties())


untold = engine_of("supervision")
engine = engine_of("supervision", tell_duties)
