"""Where and when a session can be held and with whom: looked up window by window, and no further than it takes."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.councils.domain.council import Council
from services.councils.domain.errors import NoDateLeft
from services.councils.domain.invitation import Seating
from services.councils.domain.listing import Listing
from services.councils.domain.meeting import Meeting, first_free_slot, first_meeting, slots_with_hall
from services.councils.domain.obstacle import Hindrance, hindrance
from services.councils.domain.session import Session
from services.councils.domain.slot import earliest_start, slots_between
from services.councils.storage.repository import CouncilsStore
from services.councils.use_cases.councils import council_of
from shared.bus.moment import Moment
from shared.units import tier_of

Span = tuple[datetime, datetime]


def find_meeting(work: CouncilsStore, listing: Listing, at: Moment) -> Meeting | Hindrance:
    """The first one that suits, or the rule by which there is none."""
    council, policy = council_of(work, listing.unit_code, at), at.policy_in(listing.unit_code)
    quorum = policy.quorum
    seating = Seating(work.book.mix, quorum.council_least_deputies, quorum.affected_residents, listing.next_kind)
    spans = list(_spans(work, listing, at))
    found = None
    if council.is_enough(seating.least):
        draw = f"{work.book.draw.seed}/{listing.next_session_id()}"
        found = next((one for span in spans if (one := _search(work, council, seating, span, draw))), None)
    if found is None:
        start_at, end_at = spans[0][0], spans[-1][1]
        return hindrance(council, seating, slots_between(start_at, end_at, work.book.slots, work.book.calendar))
    return found


def next_date(work: CouncilsStore, session: Session, latest: datetime, at: Moment, *, not_before: datetime) -> datetime:
    """Later than planned, and late enough for everybody to hear of it. Raises NoDateLeft."""
    urgent = at.policy_in(session.unit_code).notice.urgent
    start_at = max(session.starts_at + timedelta(seconds=1), at.now + urgent, not_before)
    council = council_of(work, session.unit_code, at)
    booked = work.bookings.taken([session.hall_id], session.people_ids, start_at, latest)
    slots = slots_between(start_at, latest, work.book.slots, work.book.calendar)
    found = first_free_slot(slots, council, session.hall_id, session.people_ids, booked, at.now)
    if found is None:
        raise NoDateLeft(
            f"no hour up to {latest.isoformat()} suits the hall and everybody invited; session {session.id} stays"
        )
    return found


def _spans(work: CouncilsStore, listing: Listing, at: Moment) -> Iterator[Span]:
    """A second call must come soon: where the ordinary notice is too long for that, the urgent one holds."""
    tier, book = tier_of(listing.unit_code), work.book
    notice = at.policy_in(listing.unit_code).notice
    ordinary = earliest_start(at.now, notice.for_session(tier), book.calendar)
    if listing.call_by is not None:
        urgent = earliest_start(at.now, notice.for_session(tier, urgent=True), book.calendar)
        yield from ((start_at, listing.call_by) for start_at in (ordinary, urgent) if start_at <= listing.call_by)
    starts = (ordinary + number * book.search.window for number in range(book.search.windows))
    yield from ((start_at, start_at + book.search.window) for start_at in starts)


def _search(work: CouncilsStore, council: Council, seating: Seating, span: Span, draw: str) -> Meeting | None:
    """People are looked up only in hours at which a hall is open and free."""
    halls = work.bookings.halls_taken([hall.id for hall in council.halls], *span)
    slots = slots_with_hall(slots_between(*span, work.book.slots, work.book.calendar), council, halls)
    if not slots:
        return None
    people = work.bookings.people_taken(council.people_ids(*span), *span)
    return first_meeting(slots, council, halls | people, seating=seating, draw=draw)
