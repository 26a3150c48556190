"""The first fill: what ships is put into a directory that has no units yet, and told."""

from collections import defaultdict
from collections.abc import Iterable

from services.directory.domain.change import Change
from services.directory.domain.making import Draft
from services.directory.storage.repository import DirectoryStore
from services.directory.use_cases.telling import tell_all
from shared.bus.moment import Moment
from shared.contracts.directory import EntryPart
from shared.contracts.directory_words import Origin
from shared.directory.kinds import BY_NAME

BY = "gongshang"


def ship(work: DirectoryStore, shipped: Iterable[Draft], at: Moment) -> int:
    """Says how many entries were put in: none where there are units. Of two at once the second finds them there."""
    work.entries.lock()
    if work.entries.has_any(BY_NAME["unit"]):
        return 0
    by_kind: dict[str, list[EntryPart]] = defaultdict(list)
    for draft in shipped:
        by_kind[draft.kind].append(draft.period(Origin.SHIPPED))
    for name, periods in by_kind.items():
        work.entries.replace(BY_NAME[name], periods)
    why = "the directory was empty: what ships was put in"
    named, district = "units and duties", work.units(at.now).district
    work.changes.add(Change.of_many("shipped", named, unit_code=district, why=why, by=BY, at=at.now))
    return tell_all(work, at)
