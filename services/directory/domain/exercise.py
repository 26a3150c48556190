"""What was made for exercises gives way to what is entered, and is never mixed with it."""

from shared.contracts.directory import DeputyPart, DeskPart, EntryPart, HallPart

GIVING_WAY = frozenset({"hall", "deputy", "desk"})
"""Kinds of which a unit, or an organisation, has either entered ones or made ones."""


def gives_way(made: EntryPart, entered: EntryPart) -> bool:
    """A unit's halls; its deputies, and apart from them its experts; an organisation's desks."""
    if isinstance(made, HallPart) and isinstance(entered, HallPart):
        return made.unit == entered.unit
    if isinstance(made, DeputyPart) and isinstance(entered, DeputyPart):
        return made.unit == entered.unit and made.role is entered.role
    if isinstance(made, DeskPart) and isinstance(entered, DeskPart):
        return made.organisation == entered.organisation
    return False
