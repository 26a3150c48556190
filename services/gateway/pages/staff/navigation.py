"""The pages in the head of every page of a member of staff: those for their roles, in the order of the work."""

from dataclasses import dataclass

from services.gateway.person import Person
from services.gateway.words.catalogue import zh
from shared.auth import SYSTEMS, Role


@dataclass(frozen=True)
class Entry:
    """A page by its endpoint; without `roles` it is for all of them."""

    endpoint: str
    name: str
    roles: frozenset[Role] = frozenset()


ENTRIES = (
    Entry("my_work.show", zh("我的待办"), frozenset(Role) - SYSTEMS),
    Entry("operations.show", zh("运行"), frozenset({Role.OPERATOR})),
    Entry("desk.show", zh("受理台"), frozenset({Role.CLERK})),
    Entry("listing.show", zh("协商清单"), frozenset({Role.CLERK, Role.CHAIR})),
    Entry("tasks.all", zh("办理"), frozenset({Role.HANDLER, Role.LEADER, Role.SUPERVISOR})),
    Entry("requests.all", zh("待批复"), frozenset({Role.CHAIR, Role.CLERK, Role.LEADER, Role.SUPERVISOR})),
    Entry("wall.show", zh("督办墙"), frozenset({Role.LEADER, Role.SUPERVISOR})),
    Entry("callbacks.all", zh("回访"), frozenset({Role.CALLBACK_AGENT, Role.EVALUATOR, Role.SUPERVISOR})),
    Entry("evaluation.show", zh("评价"), frozenset({Role.EVALUATOR, Role.LEADER, Role.SUPERVISOR})),
    Entry("directory.show", zh("名录"), frozenset({Role.CLERK, Role.LEADER, Role.SUPERVISOR})),
    Entry("issues.all", zh("议题")),
    Entry("sessions.all", zh("会议")),
    Entry("halls.all", zh("议事厅")),
    Entry("ranks.show", zh("考评")),
)


def entries_for(person: Person) -> list[Entry]:
    """What the person finds in the head of their pages."""
    return [one for one in ENTRIES if not one.roles or person.is_any_of(*one.roles)]
