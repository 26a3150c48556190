"""Every way into the directory: what it can be asked. It listens to nobody, and tells everybody."""

from collections.abc import Sequence

from services.directory.schemas import replies, requests
from services.directory.storage.repository import DirectoryStore
from services.directory.use_cases import books, entries, queries
from shared.auth import Role
from shared.bus.moment import Moment
from shared.bus.rpc.entrypoint import rpc
from shared.bus.rpc.my_work import ListMyWork, MyWorkReply
from shared.bus.timers.entrypoint import timer
from shared.bus.timers.timers import Due
from shared.bus.work import UnitOfWork
from shared.contracts.base import Subject

KEEPERS = [Role.CLERK, Role.LEADER]
DECIDERS = [Role.LEADER, Role.SUPERVISOR]


class DirectoryService:
    """Keeps who and where, from when to when, and tells every change."""

    name = "directory"
    work = UnitOfWork(DirectoryStore)

    def prepare(self, requests: Sequence[Subject], work: DirectoryStore, at: Moment) -> None:
        """Calls that change something wait for an import, and for each other: each sees what became before."""
        work.entries.lock()

    @rpc(requests.GetEntry, replies.EntryReply, roles=list(Role), reads=True)
    def get_entry(self, request: requests.GetEntry, work: DirectoryStore, at: Moment) -> replies.EntryReply:
        return queries.get_entry(work, request, at)

    @rpc(requests.ListEntries, replies.EntriesReply, roles=list(Role), reads=True)
    def list_entries(self, request: requests.ListEntries, work: DirectoryStore, at: Moment) -> replies.EntriesReply:
        return queries.list_entries(work, request, at)

    @rpc(requests.ListPosts, replies.PostsReply, roles=list(Role), reads=True)
    def list_posts(self, request: requests.ListPosts, work: DirectoryStore, at: Moment) -> replies.PostsReply:
        return queries.list_posts(work, request, at)

    @rpc(requests.ListChanges, replies.ChangesReply, roles=[*KEEPERS, Role.SUPERVISOR], reads=True)
    def list_changes(self, request: requests.ListChanges, work: DirectoryStore, at: Moment) -> replies.ChangesReply:
        return queries.list_changes(work, request, at)

    @rpc(requests.ProposeEntry, replies.ChangeReply, roles=KEEPERS)
    def propose_entry(self, request: requests.ProposeEntry, work: DirectoryStore, at: Moment) -> replies.ChangeReply:
        return entries.propose_entry(work, request, at)

    @rpc(requests.ChangeEntry, replies.ChangeReply, roles=KEEPERS)
    def change_entry(self, request: requests.ChangeEntry, work: DirectoryStore, at: Moment) -> replies.ChangeReply:
        return entries.change_entry(work, request, at)

    @rpc(requests.EndEntry, replies.ChangeReply, roles=KEEPERS)
    def end_entry(self, request: requests.EndEntry, work: DirectoryStore, at: Moment) -> replies.ChangeReply:
        return entries.end_entry(work, request, at)

    @rpc(requests.DecideChange, replies.ChangeReply, roles=DECIDERS)
    def decide_change(self, request: requests.DecideChange, work: DirectoryStore, at: Moment) -> replies.ChangeReply:
        return entries.decide_change(work, request, at)

    @rpc(requests.CheckBook, replies.BookReply, roles=KEEPERS, reads=True)
    def check_book(self, request: requests.CheckBook, work: DirectoryStore, at: Moment) -> replies.BookReply:
        return books.check_book(work, request, at)

    @rpc(requests.ImportBook, replies.ImportedReply, roles=KEEPERS)
    def import_book(self, request: requests.ImportBook, work: DirectoryStore, at: Moment) -> replies.ImportedReply:
        return books.import_book(work, request, at)

    @rpc(requests.ExportBook, replies.BookFileReply, roles=KEEPERS, reads=True)
    def export_book(self, request: requests.ExportBook, work: DirectoryStore, at: Moment) -> replies.BookFileReply:
        return books.export_book(work, request, at)

    @timer(entries.DECISION)
    def decide_by_default(self, due: Due, work: DirectoryStore, at: Moment) -> None:
        entries.decide_by_default(work, due, at)

    @rpc(ListMyWork, MyWorkReply, roles=DECIDERS, reads=True)
    def list_my_work(self, request: ListMyWork, work: DirectoryStore, at: Moment) -> MyWorkReply:
        return queries.list_my_work(work, request, at)
