"""What the directory is asked. Nothing here changes anything."""

from services.directory.domain.change import Change, ChangeState
from services.directory.domain.errors import EntryEnded, UnknownEntry
from services.directory.domain.kinds import PRIVATE, kind_named
from services.directory.domain.waits import WAITS
from services.directory.schemas import replies
from services.directory.schemas.requests import GetEntry, ListChanges, ListEntries, ListPosts
from services.directory.storage.repository import DirectoryStore
from shared.auth import Role, named
from shared.bus.moment import Moment
from shared.bus.rpc.my_work import ListMyWork, MyWorkReply, WaitPart, my_work, waits_for
from shared.contracts.directory import StaffPart
from shared.directory.kinds import Kind
from shared.errors import NotAllowed

WHO_SEES_PEOPLE = frozenset({Role.CLERK})


def get_entry(work: DirectoryStore, request: GetEntry, at: Moment) -> replies.EntryReply:
    """As of an instant, or as it is nearest to now, with all that held before and will hold."""
    kind = _visible(request.kind, at)
    entry = work.entries.load(kind, [request.entry_id])[request.entry_id]
    now = entry.at(request.at) if request.at else entry.nearest(at.now)
    if not entry.periods:
        raise UnknownEntry(f"no {kind.name} has the id {request.entry_id!r}", {"entry_id": ["Unknown."]})
    if now is None:
        raise EntryEnded(f"{kind.name} {request.entry_id} does not hold at {request.at:%Y-%m-%d %H:%M}")
    return replies.entry_reply(kind, now, entry.periods)


def list_entries(work: DirectoryStore, request: ListEntries, at: Moment) -> replies.EntriesReply:
    """Those in a unit and all inside it, or in the unit alone, as of an instant."""
    kind = _visible(request.kind, at)
    instant = request.at or at.now
    units = [request.unit_code] if request.alone else work.units(instant).inside(request.unit_code)
    some = work.entries.page_in(kind, units, instant, after=request.after, most=request.most)
    return replies.entries_reply(kind, some, next_after=some[-1].id if len(some) == request.most else "")


def list_posts(work: DirectoryStore, request: ListPosts, at: Moment) -> replies.PostsReply:
    """As they hold now, in the order of their entries."""
    return replies.posts_reply(work.directory.list_about(StaffPart, [request.login], at.now))


def list_changes(work: DirectoryStore, request: ListChanges, at: Moment) -> replies.ChangesReply:
    """The journal, as far as the caller's unit reaches."""
    known = work.units(at.now)
    own = at.caller.unit or known.district
    asked = request.unit_code or own
    if not known.is_within(asked, own):
        raise NotAllowed(f"{at.caller.subject} may read the journal of {own}, not of {asked}")
    units = None if asked == known.district else known.ever_inside(asked)
    some = work.changes.list_of(units, request.state, request.kind, request.entry_id, request.after, request.most)
    return replies.changes_reply(some, next_after=some[-1].id if len(some) == request.most else "")


def list_my_work(work: DirectoryStore, request: ListMyWork, at: Moment) -> MyWorkReply:
    """What the district is to decide, but for what the caller proposed."""
    known = work.units(at.now)
    if (at.caller.unit or known.district) != known.district:
        return my_work([], request.most)
    some = work.changes.list_of(None, ChangeState.PROPOSED, "", "", "", request.most)
    return my_work([_waiting(change) for change in some if not change.is_asked_by(at.caller)], request.most)


def _waiting(change: Change) -> WaitPart:
    return waits_for(
        WAITS[change.state],
        about=change.id,
        title=f"{change.facts.get('name') or change.entry_id}:{change.why}",
        unit_code=change.unit_code,
        state=change.state.value,
        due_at=change.decide_by,
    )


def _visible(name: str, at: Moment) -> Kind:
    """Who somebody is, or where they live, is for the clerks who keep the book."""
    kind = kind_named(name)
    if kind.name in PRIVATE and not at.caller.is_any_of(WHO_SEES_PEOPLE):
        raise NotAllowed(f"a {named(at.caller.roles)} may not read entries of the kind {kind.name}")
    return kind
