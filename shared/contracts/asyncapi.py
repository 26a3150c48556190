"""The suite as an AsyncAPI 3.0 document, made from contracts and flow: for code generators and documentation."""

from typing import Any

from shared.contracts import EVENTS, Event
from shared.contracts.envelope import CONTENT_TYPE
from shared.contracts.flow import HOTLINE_REPLIES, LISTENERS, STREET_NOTICES
from shared.contracts.json_schema import component_schemas, envelope_schema
from shared.contracts.samples import sample

Document = dict[str, Any]
Contracts = tuple[type[Event], ...]

AMQP_BINDING = "0.3.0"
REPLIES_QUEUE = "hotline.replies"
NOTICES_QUEUE = "street.{street}.notices"


def asyncapi_document() -> Document:
    """Every event once as a channel with its exchange and routing key, who sends it, and who receives it."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:gongshang",
        "info": _info(),
        "defaultContentType": CONTENT_TYPE,
        "servers": _servers(),
        "channels": {**_event_channels(), **_queue_channels()},
        "operations": {**_sending(), **_receiving(), **_reading_queues()},
        "components": {
            "schemas": component_schemas(EVENTS.values()),
            "messages": {contract.wire_type: _message(contract) for contract in EVENTS.values()},
            "messageTraits": {"headers": {"headers": _headers()}},
        },
    }


def _info() -> Document:
    return {
        "title": "Gongshang 共商",
        "version": "1.0.0",
        "description": (
            "Complaints collected 集, deliberated 议, handled 办, supervised 督 and evaluated 评. "
            "Every event is a CloudEvent 1.0 in structured JSON on the topic exchange `<publisher>.events`, "
            "with its type as routing key. An event may come twice or late; events of one subject keep their order."
        ),
        "license": {"name": "See LICENSE"},
    }


def _servers() -> Document:
    return {
        "broker": {
            "host": "{host}",
            "protocol": "amqp",
            "protocolVersion": "0-9-1",
            "description": "RabbitMQ; use `amqps` outside one machine.",
            "variables": {"host": {"default": "localhost:5672", "description": "Host and port of the broker."}},
        }
    }


def _event_channels() -> Document:
    return {
        _channel_of(contract): {
            "address": contract.wire_type,
            "title": f"{contract.wire_type} of {contract.publisher}",
            "messages": _message_refs((contract,)),
            "bindings": {
                "amqp": {
                    "is": "routingKey",
                    "exchange": {
                        "name": f"{contract.publisher}.events",
                        "type": "topic",
                        "durable": True,
                        "autoDelete": False,
                        "vhost": "/",
                    },
                    "bindingVersion": AMQP_BINDING,
                }
            },
        }
        for contract in EVENTS.values()
    }


def _queue_channels() -> Document:
    notices = _queue_channel(NOTICES_QUEUE, "What concerns a street's own units.", STREET_NOTICES)
    notices["parameters"] = {"street": {"description": "The street's unit code.", "examples": ["110105017"]}}
    return {
        REPLIES_QUEUE: _queue_channel(REPLIES_QUEUE, "What became of the hotline's orders.", HOTLINE_REPLIES),
        "street.notices": notices,
    }


def _queue_channel(queue: str, description: str, contracts: Contracts) -> Document:
    return {
        "address": queue,
        "description": f"{description} A durable quorum queue: read it and acknowledge.",
        "messages": _message_refs(contracts),
        "bindings": {
            "amqp": {
                "is": "queue",
                "queue": {"name": queue, "durable": True, "exclusive": False, "autoDelete": False, "vhost": "/"},
                "bindingVersion": AMQP_BINDING,
            }
        },
    }


def _sending() -> Document:
    return {
        f"{contract.publisher}.send.{contract.wire_type}": _operation(
            "send", contract.publisher, _channel_of(contract), (contract,), {"deliveryMode": 2, "mandatory": True}
        )
        for contract in EVENTS.values()
    }


def _receiving() -> Document:
    return {
        f"{service}.receive.{contract.wire_type}": {
            **_operation("receive", service, _channel_of(contract), (contract,), {"ack": True}),
            "description": f"Arrives in the queue `{service}.inbox`.",
        }
        for service, contracts in LISTENERS.items()
        for contract in contracts
    }


def _reading_queues() -> Document:
    return {
        "hotline.receive.replies": _operation("receive", "hotline", REPLIES_QUEUE, HOTLINE_REPLIES, {"ack": True}),
        "street.receive.notices": _operation("receive", "street", "street.notices", STREET_NOTICES, {"ack": True}),
    }


def _operation(action: str, who: str, channel: str, contracts: Contracts, binding: Document) -> Document:
    return {
        "action": action,
        "tags": [{"name": who}],
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{contract.wire_type}"} for contract in contracts],
        "bindings": {"amqp": {**binding, "bindingVersion": AMQP_BINDING}},
    }


def _message(contract: type[Event]) -> Document:
    content = {"$ref": f"#/components/schemas/{contract.__name__}"}
    return {
        "name": contract.wire_type,
        "title": contract.__name__,
        "summary": " ".join((contract.__doc__ or "").split()),
        "contentType": CONTENT_TYPE,
        "correlationId": {"location": "$message.header#/correlation_id"},
        "traits": [{"$ref": "#/components/messageTraits/headers"}],
        "payload": envelope_schema(contract, content),
        "examples": [{"name": contract.wire_type, "payload": sample(contract.wire_type)}],
        "bindings": {"amqp": {"messageType": contract.wire_type, "bindingVersion": AMQP_BINDING}},
    }


def _headers() -> Document:
    return {
        "type": "object",
        "properties": {
            "subject": {"type": "string", "description": "The subject of the event, for routing by it."},
            "correlation_id": {"type": "string", "description": "One id for all that follows from one cause."},
            "traceparent": {"type": "string", "description": "W3C Trace Context."},
        },
    }


def _message_refs(contracts: Contracts) -> Document:
    return {contract.wire_type: {"$ref": f"#/components/messages/{contract.wire_type}"} for contract in contracts}


def _channel_of(contract: type[Event]) -> str:
    return f"{contract.publisher}.{contract.wire_type}"
