"""The management of our own broker: there wherever the node can bear it, and never what keeps it from starting."""

from pathlib import Path

from services.cli.servers.broker import BrokerNode
from services.cli.servers.management import management_of


def test_a_broker_in_a_folder_with_a_chinese_name_starts_and_has_no_management(tmp_path: Path) -> None:
    node = BrokerNode(tmp_path / "共商")
    node.start()
    try:
        assert node.is_running()
        assert management_of(node) is None
    finally:
        node.stop()


def test_a_broker_in_a_plain_folder_has_one(tmp_path: Path) -> None:
    assert management_of(BrokerNode(tmp_path)) is not None
