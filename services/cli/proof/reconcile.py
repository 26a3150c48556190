"""Whether everything that was sent is somewhere, once: sets of identifiers, compared from the services' databases.

Only after the queues have drained. `sent` maps each different order of the hotline to its order number (empty where
it had none that could be read), `reported` each message about a callback to its order, dispatch and round.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services import SERVICES
from services.cli.proof import records
from shared.contracts.base import Event
from shared.contracts.flow import LISTENERS, OURS

FATES = ("complaint_accepted.v1", "complaint_answered.v1", "complaint_urged.v1", "complaint_rejected.v1")
MOST_NAMED = 20


@dataclass
class Reconciliation:
    """What does not match, by name. Nothing in it: everything is in its place, once.

    `dropped` says what an operator gave up, who, and why; what that leaves undone elsewhere is a difference.
    """

    differences: dict[str, list[str]] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.differences

    def expect_equal(self, what: str, wanted: Iterable[str], found: Iterable[str]) -> None:
        """The same names, each as often. Says which are missing, and which are there too often."""
        wanted_count, found_count = Counter(wanted), Counter(found)
        self._note(f"{what}: missing", wanted_count - found_count)
        self._note(f"{what}: too many", found_count - wanted_count)

    def expect_within(self, what: str, wanted: Iterable[str], found: Iterable[str]) -> None:
        self._note(f"{what}: missing", Counter(set(wanted) - set(found)))

    def _note(self, what: str, names: Counter[str]) -> None:
        if names:
            self.differences[what] = sorted(names.elements())

    def lines(self) -> list[str]:
        """For people: each difference with the names it concerns, the first of them."""
        return [
            f"{what} ({len(names)}): {', '.join(names[:MOST_NAMED])}{' …' if len(names) > MOST_NAMED else ''}"
            for what, names in self.differences.items()
        ]


def reconcile(
    sent: Mapping[str, str],
    *,
    only_these: bool = False,
    reported: Mapping[str, str] | None = None,
    answered: Mapping[str, str] | None = None,
) -> Reconciliation:
    """All comparisons. With `only_these` other orders may be there too, from before or from somebody else."""
    result = Reconciliation()
    _compare_events(result)
    among = set(sent.values()) if only_these else None
    _compare_orders(result, sent, among)
    _compare_fates(result, sent, among)
    _compare_issues(result)
    _compare_requests(result)
    _compare_objections(result)
    _compare_papers(result)
    if reported is not None:
        _compare_callbacks(result, reported)
    if answered is not None:
        _compare_answers(result, answered)
    result.dropped = [
        f"{service}: {wire_type} {event_id} was {what}"
        for service in SERVICES
        for wire_type, event_id, what in records.dropped(service)
    ]
    return result


def _compare_events(result: Reconciliation) -> None:
    """Every event that was said is in the inbox of everyone who listens, once, and nothing else is.

    Where an inbox has forgotten old ones, only those are missed that were said since then.
    """
    since = records.known_since()
    said = {service: records.said_ids(service) for service in SERVICES}
    lately = {service: records.said_ids(service, since=since) for service in SERVICES}
    for listener, contracts in LISTENERS.items():
        heard, forgotten = records.heard_ids(listener), records.forgotten_types(listener)
        for contract in contracts:
            if contract.publisher in OURS:
                among = lately if contract.wire_type in forgotten else said
                wanted = among[contract.publisher].get(contract.wire_type, [])
                found = _without_old(contract, wanted, heard.get(contract.wire_type, []))
                result.expect_equal(f"{listener} heard {contract.wire_type} of {contract.publisher}", wanted, found)


def _without_old(contract: type[Event], wanted: list[str], found: list[str]) -> list[str]:
    """What was heard, but for what was said so long ago that it is not wanted."""
    lately = set(wanted)
    if lately.issuperset(found):
        return found
    old = records.ever_said_ids(contract.publisher, contract.wire_type) - lately
    return [event_id for event_id in found if event_id not in old]


def _compare_orders(result: Reconciliation, sent: Mapping[str, str], among: set[str] | None) -> None:
    """Every message is either an order in intake or a refusal that can be looked up."""
    kept = records.column("intake", "SELECT order_no FROM complaints WHERE of_order = ''")
    refused = records.column("intake", "SELECT order_no FROM rejections")
    result.expect_equal("orders sent, and orders kept or refused", sent.values(), _only([*kept, *refused], among))


def _compare_fates(result: Reconciliation, sent: Mapping[str, str], among: set[str] | None) -> None:
    """The hotline was told exactly one fate of every message. What a clerk answers later was accepted before."""
    said = (content for _, content in records.said("intake", *FATES))
    further = set(records.column("intake", "SELECT order_no FROM complaints WHERE of_order <> ''"))
    first = (content for content in said if content["order_no"] not in further)
    told = [content["order_no"] for content in first if content.get("answered_by", "hotline") == "hotline"]
    result.expect_equal("orders sent, and fates told", sent.values(), _only(told, among))


def _compare_callbacks(result: Reconciliation, reported: Mapping[str, str]) -> None:
    """Every result of the hotline's is kept, once, as what it is; one about an order also for its further matters."""
    kept = records.rows("evaluation", "SELECT order_no, dispatch_no, round FROM callbacks WHERE asked_by = 'hotline'")
    further = dict(records.rows("intake", "SELECT order_no, of_order FROM complaints WHERE of_order <> ''"))
    named = set(reported.values())
    own: list[str] = []
    shared: list[str] = []
    for order_no, dispatch_no, number in kept:
        name = f"{order_no}/{dispatch_no}/{number}"
        if order_no in further and name not in named:
            shared.append(f"{further[order_no]}/{dispatch_no}/{number}")
        else:
            own.append(name)
    result.expect_equal("callbacks reported, and callbacks kept", reported.values(), own)
    result.expect_within("callbacks of further matters: those of their orders", shared, named)


def _compare_requests(result: Reconciliation) -> None:
    """The hotline was told once of everything it is asked for."""
    asked = records.column("intake", "SELECT id FROM requests")
    told = [content["request_id"] for _, content in records.said("intake", "order_request_asked.v1")]
    result.expect_equal("requests to the hotline, and what it was told", asked, told)


def _compare_answers(result: Reconciliation, answered: Mapping[str, str]) -> None:
    """Every answer of the hotline's prevails, also over what the policy had decided before."""
    kept = records.rows("intake", "SELECT id, state FROM requests WHERE decided_by = 'hotline'")
    found = [f"{request_id}: {state == 'granted'}" for request_id, state in kept]
    result.expect_equal("answers of the hotline, and answers kept", answered.values(), found)


def _compare_objections(result: Reconciliation) -> None:
    """What an organisation declines is an objection to its resolution, unless that was no more by then."""
    kept = records.said("deliberation", "resolution_objected.v1")
    objected = [content["task_id"] for _, content in kept if content["task_id"]]
    ended = "SELECT resolution_id FROM displays WHERE state IN ('returned', 'referred')"
    no_more = set(records.column("deliberation", ended))
    declined = {one["task_id"]: one["resolution_id"] for _, one in records.said("dispatch", "task_declined.v1")}
    result.expect_within("objections of organisations: tasks declined", objected, declined)
    open_ones = [task_id for task_id, resolution_id in declined.items() if resolution_id not in no_more]
    result.expect_within("tasks declined: objections", open_ones, objected)


def _compare_papers(result: Reconciliation) -> None:
    """What a poll came to has as many heads as papers that somebody else has checked."""
    heads = records.rows("deliberation", "SELECT poll_id, heads FROM tallies")
    right = Counter(records.column("deliberation", "SELECT poll_id FROM checks WHERE is_right"))
    wanted = [f"{poll_id}: {right[poll_id]}" for poll_id, _ in heads]
    result.expect_equal("papers that count, and heads of polls", wanted, [f"{one}: {count}" for one, count in heads])


def _only(order_nos: list[str], among: set[str] | None) -> list[str]:
    return order_nos if among is None else [order_no for order_no in order_nos if order_no in among]


def _compare_issues(result: Reconciliation) -> None:
    """Every linked order has one issue and one survey; every issue one case, and a place where it is worked on.

    Every issue that began with an order has one.
    """
    linked = records.rows(
        "intake",
        "SELECT order_no, issue_id FROM complaints WHERE linked_at IS NOT NULL",
    )
    issues = records.column("intake", "SELECT id FROM issues")
    with_orders = records.column(
        "intake", "SELECT id FROM issues WHERE first_order_no <> '' AND (outcome IS NULL OR outcome <> 'withdrawn')"
    )
    surveys = records.rows("evaluation", "SELECT order_no, issue_id FROM surveys WHERE issue_id <> ''")
    pairs = [f"{order_no} in {issue_id}" for order_no, issue_id in linked]
    result.expect_within("issues of linked orders", {issue_id for _, issue_id in linked}, issues)
    result.expect_within("orders of issues", with_orders, {issue_id for _, issue_id in linked})
    result.expect_equal(
        "linked orders, and surveys", pairs, [f"{order_no} in {issue_id}" for order_no, issue_id in surveys]
    )
    result.expect_equal("issues, and cases", issues, records.column("supervision", "SELECT issue_id FROM cases"))
    tasks = records.column("dispatch", "SELECT DISTINCT issue_id FROM tasks")
    listings = records.column("councils", "SELECT DISTINCT issue_id FROM listings")
    result.expect_within("issues with a task or a listing", issues, [*tasks, *listings])
