"""A migrated database of councils with a few units, halls and people, at the beginning of each test."""

from sqlalchemy import Engine

from tests.councils.builders import the_directory
from tests.databases import engine_of
from tests.told import tell


def tell_the_directory(engine: Engine) -> None:
    tell(engine, *the_directory())


engine = engine_of("councils", tell_the_directory)
