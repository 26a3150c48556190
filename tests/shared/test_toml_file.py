"""A TOML file is read once and checked once: every fault at once, by line and field."""

import pytest
from marshmallow import Schema, fields

from shared.toml_file import BadTomlFile, TomlFile

WRITTEN = """\
name = 3
[desk]
title = "chief"
[desk.hours]
opens = "late"
[[streets]]
code = "a"
[[streets]]
code = "b"
[streets.head]
age = "old"
"""
HOURS = Schema.from_dict({"opens": fields.Integer(required=True), "closes": fields.Integer(required=True)})
HEAD = Schema.from_dict({"age": fields.Integer()})
DESK = Schema.from_dict({"hours": fields.Nested(HOURS)})
STREET = Schema.from_dict({"code": fields.String(), "head": fields.Nested(HEAD)})
SCHEMA = Schema.from_dict(
    {"name": fields.String(), "desk": fields.Nested(DESK), "streets": fields.List(fields.Nested(STREET))}
)


@pytest.fixture
def a_file(tmp_path):
    def write(content: bytes) -> TomlFile:
        path = tmp_path / "mine.toml"
        path.write_bytes(content)
        return TomlFile.read(path)

    return write


def test_every_fault_is_told_at_once_with_its_line_and_field(a_file):
    with pytest.raises(BadTomlFile, match=r"mine\.toml") as refused:
        a_file(WRITTEN.encode()).checked_by(SCHEMA())

    assert list(map(str, refused.value.faults)) == [
        "line 1: name: must be text in quotes",
        "line 3: desk.title: is unknown",
        "line 4: desk.hours.closes: is missing",
        "line 5: desk.hours.opens: Not a valid integer.",
        "line 11: streets.1.head.age: Not a valid integer.",
    ]


def test_a_good_file_is_what_the_schema_makes_of_it(a_file):
    assert a_file(b'name = "desk"').checked_by(SCHEMA()) == {"name": "desk"}


@pytest.mark.parametrize(
    ("content", "told"), [(b"a = 1\nb = = 2", r"mine\.toml: line 2: is not TOML"), (b"\xff", "is not UTF-8 text")]
)
def test_what_is_no_toml_is_told_plainly(a_file, content, told):
    with pytest.raises(BadTomlFile, match=told):
        a_file(content)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadTomlFile, match=r"none\.toml: can't be read: No such file"):
        TomlFile.read(tmp_path / "none.toml")
