"""Every event that crosses services, typed and versioned; and the table from wire type to contract."""

from shared.contracts import (
    alarms,
    councils,
    deliberation,
    directory,
    dispatch,
    evaluation,
    hotline,
    intake,
    orders,
    supervision,
)
from shared.contracts.base import ContractBroken, Event, Part

MODULES = (directory, hotline, intake, orders, councils, deliberation, dispatch, evaluation, supervision, alarms)

EVENTS: dict[str, type[Event]] = {
    contract.wire_type: contract
    for module in MODULES
    for contract in vars(module).values()
    if isinstance(contract, type) and issubclass(contract, Event) and contract is not Event
}
"""Wire type, such as `issue_raised.v1`, to its contract."""

__all__ = ["EVENTS", "MODULES", "ContractBroken", "Event", "Part"]
