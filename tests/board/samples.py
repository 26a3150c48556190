"""The sample of every event that the board hears, read; nearly all of them are about one issue."""

import json
from collections import defaultdict
from functools import cache
from pathlib import Path

import shared.contracts
from shared.contracts import Event
from shared.contracts.directory import DirectoryToldV1
from shared.contracts.flow import LISTENERS

ISSUE = "I-20260302-000001"
FOLDER = Path(shared.contracts.__file__).parent / "samples"


@cache
def heard() -> dict[str, list[Event]]:
    """By publisher, each in the order of the contracts: they are written in the order in which things happen."""
    found: dict[str, list[Event]] = defaultdict(list)
    for contract in LISTENERS["board"]:
        if contract is not DirectoryToldV1:
            data = json.loads((FOLDER / f"{contract.wire_type}.json").read_text(encoding="utf-8"))["data"]
            found[contract.publisher].append(contract.from_wire(data))
    return dict(found)


SESSION = next(str(vars(one)["session_id"]) for one in heard()["councils"])
