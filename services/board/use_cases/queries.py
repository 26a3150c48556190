"""What programs ask of the board: the same looks as pages have, at what is public."""

from services.board.reading import lists, pages, searching
from services.board.reading.looking import look_at
from services.board.reading.shapes import IssueFilter
from services.board.schemas.replies import (
    FoundReply,
    IssueReply,
    IssuesReply,
    SessionReply,
    found_reply,
    issues_reply,
    plain,
)
from services.board.schemas.requests import GetIssue, GetSession, ListIssues, Search
from services.board.storage.repository import BoardStore
from shared.bus.moment import Moment


def list_issues(work: BoardStore, request: ListIssues, at: Moment) -> IssuesReply:
    wanted = IssueFilter(
        unit=request.unit_code,
        stage=request.stage,
        tier=request.tier,
        light=request.light,
        category=request.category,
        is_open=request.is_open,
        by_due=request.by_due,
    )
    return issues_reply(lists.issues(look_at(work.connection, at.now), wanted, request.cursor, request.most))


def get_issue(work: BoardStore, request: GetIssue, at: Moment) -> IssueReply:
    """Raises NotFound, also for what is not public."""
    return IssueReply(issue=plain(pages.issue_page(look_at(work.connection, at.now), request.issue_id, "")))


def get_session(work: BoardStore, request: GetSession, at: Moment) -> SessionReply:
    """Raises NotFound, also for what is not public."""
    return SessionReply(session=plain(pages.session_page(look_at(work.connection, at.now), request.session_id, "")))


def search(work: BoardStore, request: Search, at: Moment) -> FoundReply:
    """Raises BadRequest for less than two characters."""
    look = look_at(work.connection, at.now)
    return found_reply(searching.search(look, request.words, request.cursor, most=request.most))
