"""The private broker and the private PostgreSQL, as fault tests use them: killed, and back with what they had."""

import os
import socket
import stat
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import amqp
import psycopg
import pytest

from services.cli.servers.broker import BrokerNode, GivenBroker, connect, find_broker
from services.cli.servers.broker_files import broker_environment, new_identity, with_usable_ports
from services.cli.servers.broker_users import hashed, with_user
from services.cli.servers.packages import services_kept_from_starting
from services.cli.servers.ports import is_port_free, pick_free_ports
from services.cli.servers.postgres import PostgresNode, PostgresServer
from services.cli.servers.processes import wait_until
from services.cli.servers.rabbitmq_programs import Container, find_or_install
from services.cli.servers.unavailable import NodeUnavailable
from shared.settings import settings

DURABLE = {"x-queue-type": "quorum"}


@pytest.fixture(scope="module")
def own_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokerNode]:
    node = BrokerNode(tmp_path_factory.mktemp("own") / "broker")
    node.start()
    yield node
    node.discard()


def publish(uri: str, queue: str, text: str) -> None:
    connection = connect(uri)
    channel = connection.channel()
    channel.confirm_select()
    channel.queue_declare(queue, durable=True, auto_delete=False, arguments=DURABLE)
    channel.basic_publish_confirm(amqp.Message(text, delivery_mode=2), routing_key=queue)
    connection.close()


def is_registered(node: BrokerNode, queue: str) -> bool:
    """RabbitMQ saves the names of its quorum queues half a second late; a queue killed before is lost to it."""
    return any(queue.encode() in file.read_bytes() for file in node.folder.glob("data/**/names.dets"))


def fetch(uri: str, queue: str) -> str | None:
    connection = connect(uri)
    message = connection.channel().basic_get(queue, no_ack=True)
    connection.close()
    return str(message.body) if message else None


def test_a_broker_killed_in_the_middle_comes_back_at_the_same_address_with_its_messages(own_broker: BrokerNode) -> None:
    address = own_broker.uri
    publish(address, "kept", "a complaint")
    assert wait_until(lambda: is_registered(own_broker, "kept"), 10)

    own_broker.kill()
    assert not own_broker.is_running()
    own_broker.start()

    assert own_broker.uri == address
    assert fetch(address, "kept") == "a complaint"


def test_starting_a_broker_that_runs_changes_nothing(own_broker: BrokerNode) -> None:
    before = own_broker.server_pid

    BrokerNode(own_broker.folder).start()

    assert own_broker.server_pid == before


def test_the_broker_listens_on_loopback_only(own_broker: BrokerNode) -> None:
    ours = {own_broker.identity.port, own_broker.identity.dist_port, own_broker.identity.epmd_port}

    addresses = listening_addresses(ours)

    assert addresses
    assert all(address.is_loopback for address in addresses)


def listening_addresses(ports: set[int]) -> set[IPv4Address | IPv6Address]:
    """As the kernel lists them: words of four bytes in hexadecimal, little end first; state 0A is listening."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            address, port = local.split(":")
            if state == "0A" and int(port, 16) in ports:
                words = [bytes.fromhex(address[at : at + 8])[::-1] for at in range(0, len(address), 8)]
                found.add(ip_address(b"".join(words)))
    return found


def test_the_broker_has_the_consistent_hash_exchange(own_broker: BrokerNode) -> None:
    connection = connect(own_broker.uri)
    channel = connection.channel()
    channel.confirm_select()
    channel.exchange_declare("spread", "x-consistent-hash", auto_delete=True)
    for queue in ("one half", "other half"):
        channel.queue_declare(queue, exclusive=True)
        channel.queue_bind(queue, "spread", "1")

    for number in range(100):
        channel.basic_publish_confirm(amqp.Message("a complaint"), "spread", f"I-{number}")

    spread = [channel.queue_declare(queue, passive=True).message_count for queue in ("one half", "other half")]
    assert sum(spread) == 100
    assert min(spread) > 0
    connection.close()


def test_the_brokers_password_is_for_its_owner_only(own_broker: BrokerNode) -> None:
    for name in ("node.json", "uri", "definitions.json"):
        assert stat.S_IMODE((own_broker.folder / name).stat().st_mode) == 0o600


def test_another_password_is_refused(own_broker: BrokerNode) -> None:
    stranger = own_broker.uri.replace(own_broker.identity.password, "guessed")

    with pytest.raises(amqp.exceptions.AccessRefused):
        connect(stranger)


def test_definitions_given_to_a_node_are_there_when_it_is_ready(tmp_path: Path) -> None:
    definitions = tmp_path / "topology.json"
    definitions.write_text(
        '{"queues": [{"name": "q", "vhost": "/", "durable": true, "auto_delete": false, "arguments": {}}]}'
    )
    node = BrokerNode(tmp_path / "broker", definitions=definitions)
    node.start()
    try:
        assert fetch(node.uri, "q") is None
    finally:
        node.stop()

    assert not node.is_running()
    assert node.epmd_pid is None
    assert not (node.folder / "uri").exists()


def test_a_broker_that_never_gets_ready_is_told_with_the_end_of_its_log(tmp_path: Path) -> None:
    node = BrokerNode(tmp_path)
    node.log.parent.mkdir()
    node.log.write_text("\n".join(["beginning", *["more"] * 8, "BOOT FAILED: no space left"]), encoding="utf-8")
    with pytest.raises(NodeUnavailable, match="BOOT FAILED: no space left") as told:
        node.wait_ready(timeout=0.1)
    assert "beginning" not in str(told.value)


def test_a_pid_file_left_by_another_program_is_not_believed(tmp_path: Path) -> None:
    node = BrokerNode(tmp_path)
    (tmp_path / "server.pid").write_text("1")

    assert not node.is_running()


def test_a_node_whose_port_was_taken_meanwhile_moves_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.cli.servers.broker_files.becomes_free", is_port_free)
    identity = new_identity()
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", identity.port))
        stranger.listen()

        moved = with_usable_ports(identity)

    assert moved.port != identity.port
    assert moved.name == identity.name


@pytest.mark.parametrize("which", ["port", "dist_port", "epmd_port"])
def test_a_node_of_which_a_port_is_taken_while_it_boots_starts_on_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    node, were_free = BrokerNode(tmp_path / "broker"), iter([True] * 4)
    taken = getattr(node.identity, which)
    look = "services.cli.servers.broker_files.becomes_free"
    monkeypatch.setattr(look, lambda port: next(were_free, None) or is_port_free(port))
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", taken))
        stranger.listen()
        node.start()
    try:
        assert getattr(node.identity, which) != taken
        assert node.is_ready()
    finally:
        node.discard()


def test_a_broker_named_in_the_environment_is_used_and_never_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMQP_URI", "amqp://someone:else@127.0.0.1:1/")
    settings.cache_clear()
    try:
        node = find_broker()
    finally:
        monkeypatch.delenv("AMQP_URI")
        settings.cache_clear()

    assert isinstance(node, GivenBroker)
    assert not node.is_running()
    with pytest.raises(NodeUnavailable, match="not ours"):
        node.kill()


def test_a_user_is_added_to_definitions_beside_those_they_name() -> None:
    given = {"vhosts": [{"name": "/"}, {"name": "b"}], "users": [{"name": "street"}]}

    both = with_user(given, "gongshang", "secret")

    assert [user["name"] for user in both["users"]] == ["street", "gongshang"]
    assert [right["vhost"] for right in both["permissions"]] == ["/", "b"]
    assert "secret" not in str(both)


def test_the_same_password_is_salted_anew_each_time() -> None:
    assert hashed("secret") != hashed("secret")


def test_a_container_is_given_every_setting_of_the_node_and_its_folder(tmp_path: Path) -> None:
    settings_of_node = set(broker_environment(tmp_path, new_identity())) - set(os.environ)

    command = Container().command("rabbitmq-server", sees=tmp_path)

    assert settings_of_node <= set(command)
    assert f"{tmp_path}:{tmp_path}" in command


def test_without_rabbitmq_and_a_way_to_get_it_three_lines_say_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for way in ("find_installation", "find_engine", "can_install"):
        monkeypatch.setattr(f"services.cli.servers.rabbitmq_programs.{way}", lambda: None)

    with pytest.raises(NodeUnavailable) as told:
        find_or_install()

    assert len(told.value.format_message().splitlines()) == 3


def test_picked_ports_are_free_distinct_and_below_those_the_kernel_hands_out() -> None:
    ports = pick_free_ports(10)

    assert len(set(ports)) == 10
    assert all(is_port_free(port) and port < 32768 for port in ports)


def test_the_machines_own_start_policy_is_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = tmp_path / "policy-rc.d"
    policy.write_text("the machine's own")
    monkeypatch.setattr("services.cli.servers.packages.POLICY", policy)
    monkeypatch.setattr("services.cli.servers.packages.POLICY_KEPT", tmp_path / "kept")

    with services_kept_from_starting():
        assert "exit 101" in policy.read_text()

    assert policy.read_text() == "the machine's own"


def test_a_start_policy_left_over_from_a_killed_run_is_put_back_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy, kept = tmp_path / "policy-rc.d", tmp_path / "kept"
    policy.write_text("#!/bin/sh\nexit 101\n")
    kept.write_text("the machine's own")
    monkeypatch.setattr("services.cli.servers.packages.POLICY", policy)
    monkeypatch.setattr("services.cli.servers.packages.POLICY_KEPT", kept)

    with services_kept_from_starting():
        pass

    assert policy.read_text() == "the machine's own"


def test_a_postgres_killed_with_all_its_processes_keeps_what_was_committed(tmp_path: Path) -> None:
    node = PostgresNode(tmp_path / "postgres")
    node.start()
    try:
        address = plain(node.create_database("kept"))
        with psycopg.connect(address) as connection:
            connection.execute("CREATE TABLE orders AS SELECT 1 AS number")

        node.kill()
        assert not node.is_running()
        node.start()

        with psycopg.connect(address) as connection:
            assert connection.execute("SELECT number FROM orders").fetchall() == [(1,)]
            assert connection.execute("SHOW fsync").fetchall() == [("on",)]
    finally:
        node.stop()
    assert not node.is_running()


def test_the_cluster_of_the_tests_waits_for_no_disk_but_keeps_what_is_committed_when_killed(
    postgres: PostgresServer,
) -> None:
    if not postgres.is_private:
        pytest.skip("GONGSHANG_TEST_POSTGRES names a server with settings of its own")
    with psycopg.connect(plain(postgres.url())) as connection:
        assert connection.execute("SHOW fsync").fetchall() == [("off",)]
        assert connection.execute("SHOW synchronous_commit").fetchall() == [("on",)]


def test_a_dropped_database_is_gone_even_while_someone_is_connected(postgres: PostgresServer) -> None:
    address = plain(postgres.create_database("short_lived"))
    connection = psycopg.connect(address)

    postgres.drop_database("short_lived")

    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")
