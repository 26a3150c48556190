"""What the bus keeps of people's words is sealed, and no error of a database repeats them."""

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, text
from sqlalchemy.exc import DBAPIError

from shared import sealing
from shared.sealing import KEY_FILE, BadKeyFile, WrongKey, is_sealed, opened, opened_text, sealed, sealed_text
from shared.settings import settings
from shared.storage.engine import engine_for
from shared.storage.types import Json

WORDS = "楼上王大明每晚唱歌"
metadata = MetaData()
said = Table(
    "said",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("words", String(9), nullable=False),
    Column("about", Json),
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A keys folder of this test's own."""
    monkeypatch.setenv("GONGSHANG_KEYS_FOLDER", str(tmp_path / "keys"))
    settings.cache_clear()
    yield tmp_path / "keys"
    monkeypatch.undo()
    settings.cache_clear()
    sealing._key.cache_clear()


@pytest.fixture
def engine(database):
    engine = engine_for("public")
    metadata.create_all(engine)
    return engine


def test_what_is_sealed_shows_nothing_and_opens_again(folder):
    kept = sealed(WORDS.encode())
    assert is_sealed(kept)
    assert WORDS.encode() not in kept
    assert kept != sealed(WORDS.encode())
    assert opened(kept) == WORDS.encode()


def test_what_was_never_sealed_opens_as_it_is(folder):
    assert opened(b'{"id": 1}') == b'{"id": 1}'


def test_words_are_sealed_into_a_text_and_open_again_and_what_never_was_opens_as_it_is(folder):
    assert WORDS not in sealed_text(WORDS)
    assert (opened_text(sealed_text(WORDS)), opened_text(WORDS)) == (WORDS, WORDS)


@pytest.mark.parametrize("spoilt", [lambda kept: kept[:-1], lambda kept: kept[:12], lambda kept: kept[:-1] + b"\0\0"])
def test_what_was_cut_or_changed_does_not_open(folder, spoilt):
    with pytest.raises(WrongKey):
        opened(spoilt(sealed(WORDS.encode())))


def test_the_key_is_made_once_for_its_owner_only_and_another_one_opens_nothing(folder):
    kept = sealed(WORDS.encode())
    file = folder / KEY_FILE
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_bytes(b"k" * 32)
    sealing._key.cache_clear()
    with pytest.raises(WrongKey, match=KEY_FILE):
        opened(kept)
    file.write_bytes(b"damaged")
    sealing._key.cache_clear()
    with pytest.raises(BadKeyFile):
        sealed(b"")


def failing(engine, *statements):
    """The error's whole text, with the one it was made from."""
    *before, (last, its_values) = statements
    with engine.connect() as connection:
        for statement, values in before:
            connection.execute(text(statement), values)
        with pytest.raises(DBAPIError) as caught:
            connection.execute(text(last), its_values)
    return f"{caught.value!r} {caught.value} {caught.value.orig!r} {caught.value.orig}"


ADD = "INSERT INTO said (number, words) VALUES (:number, :words)"


def test_a_database_error_repeats_no_value_of_a_row(engine):
    twice = failing(engine, (ADD, {"number": 1, "words": WORDS}), (ADD, {"number": 1, "words": WORDS}))
    lacking = failing(engine, ("INSERT INTO said (number, about) VALUES (2, :about)", {"about": f'"{WORDS}"'}))
    for error in (twice, lacking):
        assert WORDS not in error
        assert "said" in error


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_an_error_in_a_value_does_not_quote_it(engine):
    for statement in ("SELECT CAST(:words AS integer)", "SELECT CAST(:words AS json)", ADD.replace(":number", "3")):
        error = failing(engine, (statement, {"words": f"{WORDS}，不让人睡觉"}))
        assert WORDS not in error


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_key_that_is_taken_is_named_without_its_value(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE said ADD CONSTRAINT once UNIQUE (words)")
    error = failing(engine, (ADD, {"number": 1, "words": WORDS}), (ADD, {"number": 2, "words": WORDS}))
    assert WORDS not in error
    assert '"once"' in error
