"""Where whoever reads has a duty: there they are shown also what is not public."""

from services.gateway.accounts.signing import person_to_show


def duty() -> str:
    """The unit of who is signed in; empty for everybody else, and while nobody can say what posts they have."""
    person = person_to_show()
    return person.unit if person else ""
