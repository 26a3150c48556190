"""The container files, as far as they can be held against the code without an engine."""

import re

import pytest
import yaml

from services import PROCESSES
from services.cli.folders import ROOT
from shared.settings import SETTINGS

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text()


def test_every_service_has_a_container_of_the_one_image() -> None:
    images = {COMPOSE["services"][name]["image"] for name in (*PROCESSES, "migrate", "definitions")}

    assert len(images) == 1


@pytest.mark.parametrize("name", PROCESSES)
def test_a_service_starts_after_the_broker_is_healthy_and_the_databases_are_migrated(name: str) -> None:
    service = COMPOSE["services"][name]

    assert service["command"] == ["run", name]
    assert service["depends_on"]["rabbitmq"]["condition"] == "service_healthy"
    assert service["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_what_is_waited_for_can_be_known_to_be_there() -> None:
    for service in COMPOSE["services"].values():
        for name, wish in service.get("depends_on", {}).items():
            awaited = COMPOSE["services"][name]
            assert (wish["condition"] == "service_healthy") == ("test" in awaited.get("healthcheck", {}))


def test_only_settings_that_exist_are_set() -> None:
    known = {setting.variable for setting in SETTINGS}
    set_in_compose = set(COMPOSE["x-environment"])
    set_in_image = set(re.findall(r"\b(GONGSHANG_\w+)=", DOCKERFILE))

    assert set_in_compose | set_in_image <= known


def test_changed_code_is_built_at_every_up() -> None:
    ours = [one for one in COMPOSE["services"].values() if one["image"].startswith("gongshang:")]

    assert {one["pull_policy"] for one in ours} == {"build"}


LATER = ("directory", "gateway", "board")
LONGEST_THERE_FIRST = [*(name for name in PROCESSES if name not in LATER), *LATER]
"""A process that is added later takes the next port, for operators have written down those of the others."""


@pytest.mark.parametrize("name", PROCESSES)
def test_a_services_metrics_can_be_scraped_from_its_host(name: str) -> None:
    address, host_port, port = COMPOSE["services"][name]["ports"][0].rsplit(":", 2)

    assert "GONGSHANG_METRICS_ADDRESS=0.0.0.0" in DOCKERFILE
    assert f"GONGSHANG_METRICS_PORT={port}" in DOCKERFILE
    assert (address, int(host_port)) == ("${METRICS_BIND:-127.0.0.1}", 9101 + LONGEST_THERE_FIRST.index(name))


@pytest.mark.parametrize("name", [*PROCESSES, "migrate", "definitions"])
def test_files_of_an_operators_own_reach_every_container(name: str) -> None:
    service = COMPOSE["services"][name]
    of_files = {one.variable for one in SETTINGS if one.variable.endswith("_FILE")}

    assert "./docker/settings:/settings:ro" in service["volumes"]
    assert of_files <= set(service["environment"])


def test_what_the_broker_loads_at_its_next_start_knows_who_was_revoked() -> None:
    written = COMPOSE["services"]["migrate"]["environment"]["GONGSHANG_BROKER_DEFINITIONS"]

    assert [written] == COMPOSE["services"]["definitions"]["command"]
    assert "definitions:/definitions" in COMPOSE["services"]["migrate"]["volumes"]
    assert written in (ROOT / "docker" / "rabbitmq.conf").read_text()


def test_the_brokers_management_is_there_and_not_for_the_world() -> None:
    port = COMPOSE["x-environment"]["GONGSHANG_BROKER_MANAGEMENT"].rpartition(":")[2]

    assert "rabbitmq_management" in (ROOT / "docker" / "enabled_plugins").read_text()
    assert not any(port in published for published in COMPOSE["services"]["rabbitmq"]["ports"])


def test_every_variable_of_the_compose_file_is_explained_in_the_example() -> None:
    used = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    explained = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert used == explained


def test_every_mounted_file_is_there() -> None:
    mounts = [mount for service in COMPOSE["services"].values() for mount in service.get("volumes", [])]

    for source in (mount.partition(":")[0] for mount in mounts):
        assert (ROOT / source).exists() if source.startswith("./") else source in COMPOSE["volumes"]


def test_the_image_installs_from_the_hashed_lock_alone_and_does_not_run_as_root() -> None:
    assert "--require-hashes" in DOCKERFILE
    assert "--no-deps" in DOCKERFILE
    assert DOCKERFILE.rindex("USER 10001") > DOCKERFILE.rindex("RUN ")


def test_the_image_gets_every_file_it_copies() -> None:
    let_in = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)

    assert {source for line in copied for source in line.split()} <= set(let_in)
