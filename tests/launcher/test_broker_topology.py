"""What a broker has against what is declared: every kind of thing, one by one, seen and set right on a real broker."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import amqp
import pytest

from services.cli.servers.broker import BrokerNode
from services.cli.servers.broker_topology import apply_all, look
from services.cli.servers.management import Management, management_of
from services.cli.servers.neighbours import admit, whole_definitions
from services.cli.servers.topology_file import write_topology
from shared.bus import topology
from shared.bus.connection import broker_connection
from shared.settings import settings

STREET = "110105015"
NOTICES = f"street.{STREET}.notices"
OLD_ARGUMENTS = {"x-queue-type": "quorum", "x-single-active-consumer": True}


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokerNode]:
    """A broker with the hotline and a street, in a var folder of its own."""
    folder = tmp_path_factory.mktemp("topology")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GONGSHANG_VAR", str(folder))
        settings.cache_clear()
        admit("hotline")
        admit(f"street.{STREET}")
        definitions = Path(folder / "broker" / "topology.json")
        write_topology(definitions)
        one = BrokerNode(definitions=definitions)
        one.start()
        yield one
        one.discard()
    settings.cache_clear()


@pytest.fixture
def management(node: BrokerNode) -> Management:
    found = management_of(node)
    assert found is not None
    return found


def differences(node: BrokerNode) -> list[str]:
    return [str(one) for one in look(node).differences]


def with_channel(node: BrokerNode, act: Callable[[Any], Any]) -> Any:
    with broker_connection(node.uri) as connection:
        return act(connection.channel())


def test_a_broker_that_was_started_with_the_definitions_has_everything_as_declared(node):
    assert look(node).is_complete
    assert differences(node) == []


def policy(name: str, pattern: str, definition: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "vhost": "/",
        "pattern": pattern,
        "apply-to": "queues",
        "priority": 9,
        "definition": definition,
    }


def changed(section: str, **words: Any) -> Callable[[Any, Management], None]:
    """The first entry of a section, changed and loaded."""
    return lambda channel, management: management.load({section: [whole_definitions()[section][0] | words]})


def bound_to_nothing_of_ours(channel: Any) -> None:
    channel.queue_declare("street.110105099.notices", durable=True, auto_delete=False)
    channel.queue_bind("street.110105099.notices", "streets", "", arguments={"street.110105099": "yes"})


TROUBLES: dict[str, tuple[Callable[[Any, Management], Any], str]] = {
    "a queue is gone": (lambda channel, _: channel.queue_delete("councils.dead"), "queue councils.dead: missing"),
    "an exchange is gone": (lambda channel, _: channel.exchange_delete("dead"), "exchange dead: missing"),
    "a binding is gone": (
        lambda channel, _: channel.queue_unbind("hotline.replies", "intake.events", "complaint_closed.v1"),
        "binding intake.events -> hotline.replies by complaint_closed.v1: missing",
    ),
    "a binding of an older version is there": (
        lambda channel, _: channel.queue_bind("dispatch.inbox", "intake.events", "issue_raised.v0"),
        "binding intake.events -> dispatch.inbox by issue_raised.v0: too much",
    ),
    "a street's notices are there that nobody is let in to read": (
        lambda channel, _: bound_to_nothing_of_ours(channel),
        "queue street.110105099.notices: too much",
    ),
    "a queue of an older version is there": (
        lambda channel, _: channel.queue_declare("intake.inbox.1", durable=True, auto_delete=False),
        "queue intake.inbox.1: too much",
    ),
    "a policy is gone": (
        lambda _, management: management.delete_policy("gongshang-dead"),
        "policy gongshang-dead: missing",
    ),
    "a policy is another": (
        changed("policies", definition={"message-ttl": 1000}),
        "message-ttl is 1000, not 2592000000",
    ),
    "a policy of an older version is there": (
        lambda _, management: management.load(
            {"policies": [policy("intake-inbox", "^intake\\.inbox", {"overflow": "reject-publish"})]}
        ),
        "policy intake-inbox: too much",
    ),
    "a user is gone": (lambda _, management: management.delete_user("hotline"), "user hotline: missing"),
    "a password is another": (changed("users", password_hash="x" * 48), "user hotline: other"),
    "a right is another": (changed("permissions", read=".*"), "permission hotline: other (read is .*, not "),
    "a right on calls is another": (
        changed("topic_permissions", write=".*"),
        "topic permission hotline on nameko-rpc: other",
    ),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_it_is_seen_and_set_right_when(node, management, trouble):
    make, told = TROUBLES[trouble]
    with_channel(node, lambda channel: make(channel, management))

    assert any(told in one for one in differences(node)), differences(node)

    assert apply_all(node, (), is_remaking=False).left == []
    assert differences(node) == []


def test_a_policy_of_somebody_elses_that_holds_for_our_queues_is_told_and_left(node, management):
    management.load({"policies": [policy("everything-short", ".*", {"max-length": 10})]})

    assert differences(node) == ["policy everything-short: too much"]
    assert "somebody else's" in apply_all(node, (), is_remaking=False).left[0]

    management.delete_policy("everything-short")


def test_what_others_have_on_the_broker_is_none_of_our_business(node, management):
    def settle(channel: Any) -> None:
        channel.queue_declare("listeners.own", durable=True, auto_delete=False)
        channel.queue_bind("listeners.own", "intake.events", "#")

    with_channel(node, settle)
    management.load({"policies": [policy("theirs", "^listeners", {"max-length": 10})]})

    assert differences(node) == []


def test_a_queue_that_is_too_much_stays_while_messages_lie_in_it(node):
    def fill(channel: Any) -> None:
        channel.queue_declare("intake.inbox.2", durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
        channel.basic_publish_confirm(amqp.Message(b"1"), "", "intake.inbox.2")

    with_channel(node, fill)
    assert "messages lie in it" in apply_all(node, (), is_remaking=False).left[0]

    with_channel(node, lambda channel: channel.queue_purge("intake.inbox.2"))
    assert apply_all(node, (), is_remaking=False).removed == ["queue intake.inbox.2"]


def with_old_arguments(name: str, *messages: bytes) -> Callable[[Any], None]:
    def make(channel: Any) -> None:
        channel.queue_delete(name)
        channel.queue_declare(name, durable=True, auto_delete=False, arguments=OLD_ARGUMENTS)
        for one in topology.bindings((STREET,)):
            if one.destination == name:
                channel.queue_bind(name, one.source, one.routing_key, arguments=one.arguments)
        for body in messages:
            channel.basic_publish_confirm(amqp.Message(body, message_id="m"), "", name)

    return make


def test_a_queue_of_other_arguments_is_told_and_made_anew_only_when_asked(node):
    with_channel(node, with_old_arguments("intake.inbox"))

    assert "x-delivery-limit is not set, not 1000" in differences(node)[0]
    assert "--remake" in apply_all(node, (), is_remaking=False).left[0]

    assert apply_all(node, (), is_remaking=True).remade == ["intake.inbox"]
    assert differences(node) == []


def test_the_policy_that_keeps_an_older_versions_queue_safe_stays_as_long_as_that_queue(node, management):
    management.load({"policies": [policy("dispatch-inbox", r"^dispatch\.inbox", {"delivery-limit": 1000})]})
    with_channel(node, with_old_arguments("dispatch.inbox"))

    apply_all(node, (), is_remaking=False)
    assert "policy dispatch-inbox: too much" in differences(node)

    assert apply_all(node, (), is_remaking=True).removed == ["policy dispatch-inbox"]
    assert differences(node) == []


def test_it_is_not_made_anew_while_messages_lie_in_it_and_says_how_many(node):
    with_channel(node, with_old_arguments(NOTICES, b"1", b"2"))

    done = apply_all(node, (), is_remaking=True)

    assert done.left == [f"{NOTICES} holds 2 messages: let them be read first"]
    with_channel(node, lambda channel: channel.queue_purge(NOTICES))
    assert apply_all(node, (), is_remaking=True).left == []


def test_it_is_not_made_anew_while_somebody_reads_it(node):
    with_channel(node, with_old_arguments("hotline.replies"))
    with broker_connection(node.uri) as connection:
        channel = connection.channel()
        channel.basic_consume("hotline.replies")
        assert "is read by 1" in apply_all(node, (), is_remaking=True).left[0]
        channel.close()
    assert apply_all(node, (), is_remaking=True).remade == ["hotline.replies"]


def test_what_came_in_while_a_queue_was_made_anew_and_the_program_was_killed_is_there(node):
    """Killed after the old queue was deleted: what an interim queue took is in the new one, in order."""
    name = "hotline.replies"

    def leave_half_done(channel: Any) -> None:
        channel.queue_delete(name)
        interim = topology.Queue(f"{name}.interim", is_dead=True)
        channel.queue_declare(interim.name, durable=True, auto_delete=False, arguments=interim.arguments)
        channel.queue_bind(interim.name, "intake.events", "complaint_closed.v1")
        for body in (b"1", b"2"):
            message = amqp.Message(body, message_id="m", application_headers={"subject": "I-1"})
            channel.basic_publish_confirm(message, "intake.events", "complaint_closed.v1", mandatory=True)

    with_channel(node, leave_half_done)
    assert apply_all(node, (), is_remaking=True).remade == [name]

    found = with_channel(node, lambda channel: [channel.basic_get(name, no_ack=True) for _ in range(3)])
    assert [(bytes(one.body), one.headers["subject"]) for one in found[:2]] == [(b"1", "I-1"), (b"2", "I-1")]
    assert found[2] is None
    assert differences(node) == []
