"""Baseline: the rows and messages of an intake run again, by bare amqp and psycopg, with no rules and no framework.

A plain process of its own, run with what it needs as JSON; prints what it measured.
"""

import json
import sys
import time
from dataclasses import dataclass
from typing import Any

import amqp
import click
import psycopg
from psycopg import sql
from psycopg.types.string import TextLoader

from services.cli.bench.publishing import Publishing
from services.cli.servers.broker import connection_to

BATCH = 500
TABLES = {
    "issues": "raised_at, id",
    "complaints": "received_at, order_no",
    "callers": "kept_at, order_no",
    "rejections": "rejected_at, id",
    "inbox": "position",
    "outbox": "position",
}


@dataclass
class Copied:
    """The rows of one table, in the order of their making, and how they are put into its empty copy."""

    insert: sql.Composed
    rows: list[tuple[Any, ...]]

    def part(self, number: int, of: int) -> list[tuple[Any, ...]]:
        return self.rows[len(self.rows) * number // of : len(self.rows) * (number + 1) // of]


def copied(connection: psycopg.Connection, table: str, order: str) -> Copied:
    name = sql.Identifier(table)
    connection.execute(sql.SQL("CREATE TABLE raw.{0} (LIKE intake.{0} INCLUDING ALL)").format(name))
    cursor = connection.execute(sql.SQL("SELECT * FROM intake.{} ORDER BY {}").format(name, sql.SQL(order)))
    columns = [column.name for column in cursor.description or ()]
    marks = sql.SQL(", ").join(sql.Placeholder() * len(columns))
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    insert = sql.SQL("INSERT INTO raw.{} ({}) VALUES ({})").format(name, names, marks)
    return Copied(insert, cursor.fetchall())


def messages_of(connection: psycopg.Connection) -> Copied:
    cursor = connection.execute(
        "SELECT exchange, routing_key, event_id, body, headers::text FROM intake.outbox ORDER BY position"
    )
    return Copied(sql.Composed([]), cursor.fetchall())


def as_message(row: tuple[Any, ...]) -> tuple[str, str, amqp.Message]:
    exchange, routing_key, event_id, body, headers = row
    message = amqp.Message(
        body,
        delivery_mode=2,
        message_id=event_id,
        content_type="application/cloudevents+json",
        application_headers=json.loads(headers),
    )
    return exchange, routing_key, message


class RawIntake:
    """Takes batches from a queue: rows in one transaction, messages with confirms, then the acknowledgement."""

    def __init__(self, connection: psycopg.Connection, broker: amqp.Connection, queue: str, count: int) -> None:
        connection.adapters.register_loader("jsonb", TextLoader)
        connection.execute("CREATE SCHEMA raw")
        self._tables = [copied(connection, table, order) for table, order in TABLES.items()]
        self._messages = messages_of(connection)
        connection.commit()
        self._connection, self._broker, self._queue, self._count = connection, broker, queue, count
        self._waiting: list[amqp.Message] = []

    def run(self) -> dict[str, Any]:
        """From the first commit to the last acknowledgement, as intake itself is measured."""
        publishing = Publishing(self._broker)
        channel = self._broker.channel()
        channel.basic_qos(0, 2 * BATCH, False)
        channel.basic_consume(self._queue, callback=self._waiting.append)
        batches = -(-self._count // BATCH)
        began = 0.0
        for number in range(batches):
            last = self._take(min(BATCH, self._count - number * BATCH))
            self._insert(number, batches)
            began = began or time.perf_counter()
            publishing.publish(map(as_message, self._messages.part(number, batches)))
            channel.basic_ack(last.delivery_tag, multiple=True)
        seconds = time.perf_counter() - began
        counted = self._count - min(BATCH, self._count)
        return {"complaints_per_second": round(counted / seconds, 1), "seconds": round(seconds, 2)}

    def _take(self, count: int) -> amqp.Message:
        while len(self._waiting) < count:
            self._broker.drain_events(timeout=60)
        taken, self._waiting[:] = self._waiting[:count], self._waiting[count:]
        for message in taken:
            json.loads(message.body)
        return taken[-1]

    def _insert(self, number: int, batches: int) -> None:
        with self._connection.cursor() as cursor:
            for table in self._tables:
                if rows := table.part(number, batches):
                    cursor.executemany(table.insert, rows)
        self._connection.commit()


def main(given: dict[str, Any]) -> None:
    with psycopg.connect(given["database"]) as connection, connection_to(given["uri"]) as broker:
        click.echo(json.dumps(RawIntake(connection, broker, given["queue"], given["count"]).run()))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
