"""Settings come from the environment, checked, each named in one table."""

import dataclasses
from pathlib import Path

import pytest

from shared.settings import PROJECT_FOLDER, REMEMBERED_DATABASE, SETTINGS, BadSetting, Settings


def test_without_any_variable_everything_has_its_default():
    found = Settings.from_env({})

    assert found.var_folder == PROJECT_FOLDER / "var"
    assert found.keys_folder == PROJECT_FOLDER / "var" / "keys"
    assert (found.database, found.clock.kind, found.inbox_batch_size) == ("sqlite", "real", 500)
    assert (found.rpc_timeout_seconds, found.outbox_enabled, found.metrics_port) == (10.0, True, 0)
    assert found.policy_file is None


def test_the_table_fills_every_field():
    assert {setting.field for setting in SETTINGS} == {field.name for field in dataclasses.fields(Settings)}


def test_the_keys_follow_the_var_folder(tmp_path):
    assert Settings.from_env({"GONGSHANG_VAR": str(tmp_path)}).keys_folder == tmp_path.resolve() / "keys"


def test_the_broker_is_the_given_one_or_the_suites_own_once_it_runs(tmp_path):
    environment = {"GONGSHANG_VAR": str(tmp_path)}
    found = Settings.from_env(environment)
    assert found.amqp_uri is None

    Path(tmp_path / "broker").mkdir()
    Path(tmp_path / "broker" / "uri").write_text("amqp://own@localhost:1/\n", encoding="utf-8")

    assert found.amqp_uri == "amqp://own@localhost:1/"
    given = Settings.from_env(environment | {"AMQP_URI": "amqps://us@broker/v"})
    assert given.amqp_uri == "amqps://us@broker/v"


@pytest.mark.parametrize(
    ("variable", "value", "fault"),
    [
        ("AMQP_URI", "localhost:5672", "must look like amqp://"),
        ("GONGSHANG_DATABASE", "mysql://x", "must be sqlite or"),
        ("GONGSHANG_CLOCK", "fast", "must be real, scaled"),
        ("GONGSHANG_CLOCK", "scaled:0", "factor must be above 0"),
        ("GONGSHANG_CLOCK", "scaled:x", "could not convert"),
        ("GONGSHANG_CLOCK", "scaled:60@2026-03-02T09:00:00", "needs an offset"),
        ("GONGSHANG_LOG_LEVEL", "loud", "must be one of debug"),
        ("GONGSHANG_METRICS_PORT", "70000", "must be between 0 and 65535"),
        ("GONGSHANG_INBOX_BATCH_SIZE", "many", "must be a number"),
        ("GONGSHANG_RPC_TIMEOUT_SECONDS", "nan", "must be between"),
        ("GONGSHANG_OUTBOX", "yes", "must be on or off"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_variable(variable, value, fault):
    with pytest.raises(BadSetting, match=fault) as refused:
        Settings.from_env({variable: value})

    assert variable in str(refused.value)


@pytest.mark.parametrize("variable", ["AMQP_URI", "GONGSHANG_DATABASE", "GONGSHANG_BROKER_MANAGEMENT"])
@pytest.mark.parametrize(
    "mistyped",
    [
        "{scheme}://user:s3cret",
        "{scheme}://user:s3cret#host/",
        "{scheme}://user:s3/cret@host/",
        "{scheme}://user:12/s3cret@host/",
        "{scheme}://user:12?s3cret@host/",
        "{scheme}://user:s3cret@x@host/",
        "{scheme}:/user:s3cret@host/",
        "{scheme}//user:s3cret@host/",
        "ampq://user:s3cret@host/",
        "user:s3cret@host",
        "{scheme}://user:s3cret@host:port/",
        "{scheme}://user:s3cret@[host/",
    ],
)
def test_no_password_is_told_when_an_address_is_mistyped(variable, mistyped):
    scheme = {"AMQP_URI": "amqp", "GONGSHANG_DATABASE": "postgresql+psycopg"}.get(variable, "http")

    with pytest.raises(BadSetting, match=f"^{variable}: must ") as refused:
        Settings.from_env({variable: mistyped.format(scheme=scheme)})

    assert "s3" not in str(refused.value)


@pytest.mark.parametrize(
    "address", ["postgresql+psycopg:///gongshang?host=/run/postgresql", "postgresql+psycopg://us:p%40ss@db:5432/g"]
)
def test_an_address_that_is_right_is_taken_as_it_is(address):
    assert Settings.from_env({"GONGSHANG_DATABASE": address}).database == address


def test_without_a_database_named_it_is_the_one_that_up_ran_on(tmp_path):
    kept = tmp_path / "supervisor" / REMEMBERED_DATABASE
    given = {"GONGSHANG_VAR": str(tmp_path)}
    assert Settings.from_env(given).database == "sqlite"
    kept.parent.mkdir()
    kept.write_text("postgresql+psycopg://u:p@h/d")

    assert Settings.from_env(given).database == "postgresql+psycopg://u:p@h/d"
    assert Settings.from_env(given | {"GONGSHANG_DATABASE": "sqlite"}).database == "sqlite"
