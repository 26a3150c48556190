"""The service listens to what the contracts say, and every entrance names its roles."""

from services.supervision.service import EscalationService, SupervisionService
from shared.auth import Role
from shared.contracts.flow import LISTENERS


def entrypoints(service: type) -> list[tuple[str, object]]:
    methods = {name: getattr(service, name) for name in vars(service) if callable(getattr(service, name))}
    return [(name, one) for name, made in methods.items() for one in getattr(made, "nameko_entrypoints", ())]


def test_it_listens_to_exactly_what_the_contracts_say():
    heard = [one.contract for _, one in entrypoints(SupervisionService) if hasattr(one, "contract")]

    assert len(heard) == len(set(heard))
    assert set(heard) == set(LISTENERS["supervision"])


def test_street_systems_can_ask_for_exactly_the_four_things():
    asked = {name for name, _ in entrypoints(EscalationService)}

    assert asked == {"escalate", "preview", "status", "withdraw"}
    assert all(Role.STREET_SYSTEM in getattr(EscalationService, name).roles for name in asked)


def test_a_street_system_changes_no_clock_and_settles_nothing():
    for name in ("pause_clock", "resume_clock", "extend_clock", "record_look_back", "return_down", "settle_incident"):
        assert Role.STREET_SYSTEM not in getattr(SupervisionService, name).roles
