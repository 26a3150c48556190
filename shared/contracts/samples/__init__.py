"""One message per event, as it is on the wire, round one invented case: for people, tests and the AsyncAPI document."""

import json
from importlib.resources import files
from typing import Any


def sample(wire_type: str) -> dict[str, Any]:
    """The message body of the sample for a wire type such as `issue_raised.v1`."""
    message: dict[str, Any] = json.loads(sample_text(wire_type))
    return message


def sample_text(wire_type: str) -> str:
    """The sample as it stands in its file."""
    return (files(__name__) / f"{wire_type}.json").read_text("utf-8")
