"""Dead messages as an operator meets them: on a real broker, with a settled one that makes nothing red."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import amqp
import pytest
from click.testing import CliRunner
from sqlalchemy import MetaData, delete, insert, select

from services.cli.commands.dead import command
from services.cli.commands.status import HEAD, dead_lines, look_at_broker, look_at_process, row
from services.cli.commands.stuck import command as stuck
from services.cli.servers.broker import BrokerNode
from services.cli.suite.databases import migrate
from shared.bus import stuck as bus_stuck
from shared.bus import topology
from shared.bus.connection import broker_connection
from shared.bus.tables import bus_tables
from shared.errors import BadRequest
from shared.sealing import sealed
from shared.settings import settings
from shared.storage.engine import close_engines, engine_for

BODY = "一条谁也读不懂的消息".encode()
FROM_OUTSIDE = {"reason": "undecodable", "fields": "{}", "type": ""}
FROM_US = {"reason": "contract_broken", "fields": "{}", "type": "issue_closed.v1"}
_outbox = bus_tables(MetaData()).outbox


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("dead")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GONGSHANG_VAR", str(folder))
        settings.cache_clear()
        close_engines()
        node = BrokerNode()
        node.start()
        migrate(["intake"])
        yield node.uri
        node.discard()
    settings.cache_clear()
    close_engines()


@pytest.fixture(autouse=True)
def _empty(uri: str) -> None:
    with broker_connection(uri) as connection:
        topology.declare(connection)
        for queue in topology.dead_queues():
            connection.channel().queue_purge(queue)


def put(uri: str, queue: str, headers: dict[str, Any], body: bytes = BODY) -> None:
    with broker_connection(uri) as connection:
        message = amqp.Message(sealed(body), message_id="m-1", delivery_mode=2, application_headers=headers)
        connection.channel().basic_publish_confirm(message, "", queue)


def note(queue: str, headers: dict[str, Any]) -> None:
    """Our own copy of it."""
    row = {"event_id": "m-1", "exchange": "", "routing_key": queue, "subject": "", "body": sealed(BODY)}
    with engine_for("intake").begin() as connection:
        connection.execute(delete(_outbox))
        connection.execute(insert(_outbox).values(**row, headers=headers, created_at=datetime.now(UTC)))


def run(*words: str, group: Any = command) -> tuple[int, str]:
    done = CliRunner().invoke(group, list(words), standalone_mode=True)
    return done.exit_code, done.output


def on_record(event: str) -> list[dict[str, Any]]:
    lines = (settings().var_folder / "log" / "operators.log").read_text(encoding="utf-8").splitlines()
    return [one for one in map(json.loads, lines) if one["event"] == event and one["by"] and one["at"]]


def listed(*words: str) -> list[dict[str, Any]]:
    return list(json.loads(CliRunner().invoke(command, ["list", *words, "--json"]).stdout)["dead"])


def test_what_was_refused_and_answered_is_settled_and_makes_nothing_red(uri):
    put(uri, "intake.dead", FROM_OUTSIDE)
    put(uri, "rpc.dead", {"reason": "it can't be read", "type": "intake.get_complaint"})

    assert run("list")[0] == 0
    assert {one["queue"] for one in listed("--all")} == {"intake.dead", "rpc.dead"}
    assert look_at_broker(["intake"]).unsettled["intake.dead"] == 0


def test_status_counts_what_the_list_shows_and_says_how_many_need_nobody(uri):
    put(uri, "intake.dead", FROM_OUTSIDE)
    put(uri, "intake.dead", FROM_US)
    put(uri, "rpc.dead", {"reason": "it can't be read", "type": "intake.get_complaint"})
    broker = look_at_broker(["intake"])
    shown = dict(zip(HEAD, row("intake", look_at_process("intake", broker)), strict=True))

    assert len(listed()) == shown["dead"] == 1
    assert dead_lines(broker) == [
        "2 dead messages were refused and answered, and need nobody; see ./gongshang dead list --all"
    ]
    assert len(listed("--all")) == 3


def test_a_call_that_came_back_too_often_is_told_by_both(uri):
    put(uri, "rpc.dead", {"x-first-death-queue": "rpc-intake", "x-first-death-reason": "delivery_limit"})

    assert run("list")[0] == 1
    assert not look_at_broker([]).is_well
    assert "came back too often from services that were called" in dead_lines(look_at_broker([]))[0]


@pytest.mark.parametrize("queue", ["intake.dead", "evaluation.dead"])
def test_what_one_of_our_own_sent_and_nobody_could_read_needs_a_person(uri, queue):
    put(uri, queue, FROM_US)

    assert run("list")[0] == 1
    assert look_at_broker([queue.partition(".")[0]]).unsettled[queue] == 1


def test_what_came_back_too_often_from_a_neighbour_needs_a_person(uri):
    put(uri, "neighbours.dead", {"x-first-death-queue": "hotline.replies", "x-first-death-reason": "delivery_limit"})

    assert "delivery_limit in hotline.replies" in run("list")[1]
    assert not look_at_broker([]).is_well


def test_its_words_are_shown_only_for_a_reason(uri):
    put(uri, "intake.dead", FROM_US)
    (one,) = listed()

    assert BODY.decode() not in run("show", one["id"])[1]
    assert BODY.decode() in run("show", one["id"], "--plain", "the sender asks")[1]
    (read,) = on_record("dead_message_read")
    assert (read["dead"], read["reason"]) == (one["id"], "the sender asks")


def test_words_that_can_not_be_shown_on_record_are_not_shown(uri):
    put(uri, "intake.dead", FROM_US)
    (one,) = listed()
    (settings().var_folder / "log").mkdir(exist_ok=True)
    record = settings().var_folder / "log" / "operators.log"
    record.unlink(missing_ok=True)
    record.mkdir()

    code, said = run("show", one["id"], "--plain", "the sender asks")

    record.rmdir()
    assert (code, "can't be put on record" in said, BODY.decode() in said) == (1, True, False)


def test_dropped_it_is_gone_and_no_longer_stuck(uri):
    put(uri, "intake.dead", FROM_US)
    note("intake.dead", FROM_US)
    assert run("list", group=stuck)[0] == 1
    (one,) = listed()

    assert run("drop", one["id"], "--reason", "a test")[0] == 0

    assert listed("--all") == []
    assert [one["what"] for one in on_record("dead_message_taken_out")] == ["dropped: a test"]
    assert run("list", group=stuck)[0] == 0
    with engine_for("intake").connect() as connection:
        assert "dropped: a test" in connection.scalar(select(_outbox.c.error))


@pytest.mark.parametrize("queue", ["intake.dead", "rpc.dead"])
def test_who_would_drop_or_retry_it_as_stuck_is_told_the_queue_where_it_lies_and_the_name_it_has_there(uri, queue):
    put(uri, queue, FROM_OUTSIDE)
    note(queue, FROM_OUTSIDE)
    engine = engine_for("intake")
    (found,) = bus_stuck.list_stuck("intake", engine)

    with pytest.raises(BadRequest, match=f"lies in {queue}: ./gongshang dead drop {found.dead_as} takes it out"):
        bus_stuck.drop(found, engine, reason="a test", by="wang")
    with pytest.raises(BadRequest, match=f"lies in {queue}, which is no inbox; "):
        bus_stuck.retry(found, engine)

    assert run("drop", found.dead_as, "--reason", "a test")[0] == 0
    assert bus_stuck.list_stuck("intake", engine) == []


def test_sent_anew_it_lies_in_the_queue_where_it_was_read_last(uri):
    put(uri, "evaluation.dead", FROM_US, b'{"specversion": "1.0"}')
    (one,) = listed()

    assert run("resend", one["id"])[0] == 0

    assert listed("--all") == []
    with broker_connection(uri) as connection:
        taken: list[Any] = []
        channel = connection.channel()
        channel.basic_consume("evaluation.inbox", callback=taken.append, no_ack=True)
        while not taken:
            connection.drain_events(timeout=10)
        channel.close()
    assert bytes(taken[0].body) == b'{"specversion": "1.0"}'
    assert taken[0].properties["content_type"] == "application/cloudevents+json"


def test_a_call_is_made_again_only_by_its_caller(uri):
    put(uri, "rpc.dead", {"reason": "it can't be read", "type": "intake.get_complaint"})

    assert "only its caller" in run("resend", listed("--all")[0]["id"])[1]


def test_an_id_that_is_none_is_told_what_one_looks_like():
    assert "like intake:3fa9c2d1e0" in run("show", "17")[1]
