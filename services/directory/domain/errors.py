"""What can go wrong when somebody asks something of the directory."""

from shared.errors import BadRequest, NotFound, Refused


class UnknownEntry(NotFound):
    """The directory has no entry of this kind with this id."""

    code = "unknown_entry"


class UnknownKind(BadRequest):
    """There is no such kind of entry."""

    code = "unknown_kind"


class EntryExists(Refused):
    """There is such an entry already: change it instead."""

    code = "entry_exists"


class EntryEnded(Refused):
    """The entry does not hold at that instant."""

    code = "entry_ended"


class BadFacts(BadRequest):
    """What is to be entered has a fault; `fields` names each."""

    code = "bad_facts"


class UnknownChange(NotFound):
    """No change has this id."""

    code = "unknown_change"


class UnreadableBook(BadRequest):
    """What was sent is no book of the directory, or too large a one; `fields` says what would be right."""

    code = "unreadable_book"


class BookHasFaults(Refused):
    """Rows of the book have faults: nothing of it was entered."""

    code = "book_has_faults"


class OwnPost(Refused):
    """Nobody gives a post to themselves, or changes their own."""

    code = "own_post"


class ChangedSince(Refused):
    """The entry has become another one since the change was proposed: it would be overwritten unseen."""

    code = "changed_since"
