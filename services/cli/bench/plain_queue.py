"""The queue of the plain nameko service, named and made as nameko does, so that it can be filled before that starts."""

import amqp

from services.cli.bench.publishing import COMPLAINT_FILED

SOURCE = "bench"
SERVICE = "plain_intake"
QUEUE = f"evt-{SOURCE}-{COMPLAINT_FILED}--{SERVICE}.take_in"


def declare(connection: amqp.Connection) -> None:
    """With the service's own exchange, bound so that its events are queued for the listeners as intake's are."""
    channel = connection.channel()
    for name in (SOURCE, SERVICE):
        channel.exchange_declare(f"{name}.events", "topic", durable=True, auto_delete=False)
    channel.exchange_bind("intake.events", f"{SERVICE}.events", "#")
    channel.queue_declare(QUEUE, durable=True, auto_delete=False)
    channel.queue_bind(QUEUE, f"{SOURCE}.events", COMPLAINT_FILED)
    channel.close()
