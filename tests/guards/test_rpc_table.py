"""The table of calls and the code say the same, both ways: what can be called, by whom, whether it changes anything."""

import importlib
import inspect

import pytest

from services import ANSWERING, SERVICES
from shared.bus.rpc.entrypoint import RpcEntrypoint
from tests.guards.rpc_table import ROWS
from tests.harness import entrances


def service_classes() -> list[type]:
    """What runs as a process of its own."""
    modules = [importlib.import_module(f"services.{name}.service") for name in SERVICES]
    classes = [one for module in modules for _, one in inspect.getmembers(module, inspect.isclass)]
    return [one for one in classes if one.__module__.endswith(".service") and hasattr(one, "name")]


CALLS = {
    f"{service.name}.{method.name}": method  # type: ignore[attr-defined]
    for service in service_classes()
    for method in (entrance.method for _, entrance in entrances(service, RpcEntrypoint))
}


def test_every_process_has_its_rows():
    assert {one.name for one in service_classes()} == set(ANSWERING) == {row.service for row in ROWS}  # type: ignore[attr-defined]


def test_every_call_has_one_row_and_every_row_its_call():
    assert sorted(map(str, ROWS)) == sorted(CALLS)


@pytest.mark.parametrize("row", [row for row in ROWS if str(row) in CALLS], ids=str)
def test_a_call_is_open_to_the_roles_of_its_row_and_acts_only_if_its_row_says_so(row):
    call = CALLS[str(row)]

    assert set(call.roles) == row.roles
    assert call.reads is not row.acts
