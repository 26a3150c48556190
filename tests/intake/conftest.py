"""A migrated database of intake with units that ship, and nothing else, at the beginning of each test."""

from tests.databases import engine_of
from tests.told import tell_streets

engine = engine_of("intake", tell_streets)
