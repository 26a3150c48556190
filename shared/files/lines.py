"""Rows of JSONL: one JSON object a line."""

import json
from collections.abc import Iterator
from typing import Any

from shared.files.faults import BadFile, Fault, shown

RIGHT = 'one JSON object a line, such as {"order_no": "A1", …}'


def json_rows(text: str) -> Iterator[tuple[int, dict[str, Any] | Fault]]:
    """Each object with its line. Raises BadFile where already the first line is none: it is another kind of file."""
    is_first = True
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, json_object(line)
            except (ValueError, RecursionError) as fault:
                if is_first:
                    raise BadFile(f"line {number} is no JSON object: {fault}; right is {RIGHT}") from None
                yield number, Fault(number, "", shown(line), f"is no JSON object: {fault}", RIGHT)
            is_first = False


def json_object(line: str) -> dict[str, Any]:
    row = json.loads(line, object_pairs_hook=without_repeats, parse_constant=lambda _: None)
    if not isinstance(row, dict):
        raise ValueError("it is a list, a text or a number")
    return row


def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"it has {', '.join(twice)} twice")
    return dict(pairs)
