"""Whether PostgreSQL lets in as many as the processes may open."""

import pytest

from services.cli.suite import checks


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_doctor_says_for_how_many_copies_postgresql_has_connections(database):
    (finding,) = checks.connections()
    assert finding.is_ok
    assert "all processes open up to 51, PostgreSQL allows 197: room for 4 copies of each" in finding.found


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_doctor_says_nothing_of_connections_where_there_is_no_server(database):
    assert list(checks.connections()) == []
