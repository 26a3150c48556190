"""The management of our own broker: there wherever the node can bear it, and never what keeps it from starting."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from services.cli.commands.topology import command as topology
from services.cli.servers.broker import BrokerNode
from services.cli.servers.management import management_of
from services.cli.servers.topology_file import write_topology
from services.cli.suite import checks
from shared.settings import settings


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokerNode]:
    """Our own broker, below a folder with a Chinese name."""
    folder = tmp_path_factory.mktemp("management") / "共商"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GONGSHANG_VAR", str(folder))
        settings.cache_clear()
        write_topology(folder / "broker" / "topology.json")
        one = BrokerNode(definitions=folder / "broker" / "topology.json")
        one.start()
        yield one
        one.discard()
    settings.cache_clear()


def test_a_broker_in_a_folder_with_a_chinese_name_starts_and_has_no_management(node: BrokerNode) -> None:
    assert node.is_running()
    assert management_of(node) is None


def test_the_doctor_and_topology_say_why_not_all_of_it_is_seen_and_name_no_setting_that_would_not_help(
    node: BrokerNode,
) -> None:
    (found,) = (one for one in checks.broker() if one.name == "on the broker")
    said = [found.found, *(CliRunner().invoke(topology, [word]).output for word in ("check", "apply"))]
    assert found.is_ok
    assert all("runs without its management" in one for one in said)
    assert not any("GONGSHANG_BROKER_MANAGEMENT" in one for one in said)


def test_a_broker_in_a_plain_folder_has_one(tmp_path: Path) -> None:
    assert management_of(BrokerNode(tmp_path)) is not None
