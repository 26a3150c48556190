"""A board with a handful of things on it, which knows what it was asked for. What it does not know is not found."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from services.board.reading.measures import Figures, FlowFigure, LoadFigure, Ranks, RankTable, Wall, WallRow
from services.board.reading.meetings import (
    AgendaLine,
    InvitedShown,
    MinutesObjection,
    MinutesShown,
    MinutesState,
    MoneySource,
    PostponedShown,
    PostponementReason,
    SessionPage,
)
from services.board.reading.shapes import (
    Found,
    FoundKind,
    Front,
    HallFilter,
    HallKind,
    HallRow,
    IssueFilter,
    IssueRow,
    Light,
    Page,
    SessionFilter,
    SessionRow,
    SessionState,
    Stage,
    UnitName,
)
from services.board.reading.whole import (
    ClockState,
    HallPage,
    IncidentKind,
    IncidentShown,
    IssueOrigin,
    IssuePage,
    RequestKind,
)
from services.gateway.pages.design import examples
from shared.errors import NotFound
from shared.units import Tier, tier_of

DAY = timedelta(days=1)
HALL = "H-110105015033"
ISSUE = examples.ISSUE
CLOSED_ISSUE = "I-closed"
"""Shown to who has a duty alone."""
SESSION = f"{ISSUE}/S1"
PERIOD = "2026-02"
NEXT = "the-next-ones"


@dataclass
class FakeBoard:
    """Looks as the real one does; `asked` are the filters and cursors that came."""

    at: datetime
    asked: list[object] = field(default_factory=list)
    is_empty: bool = False

    def front(self, now: datetime) -> Front:
        rows = [] if self.is_empty else [examples.issue_row(self.at, light) for light in Light]
        return Front(
            open=len(rows),
            deliberating=len(rows),
            sessions_this_week=0 if self.is_empty else 2,
            resolutions_this_month=0 if self.is_empty else 1,
            now=rows,
            sessions=[] if self.is_empty else [examples.session_row(self.at)],
            resolutions=[] if self.is_empty else [examples.resolution_row(self.at)],
            tiles=examples.tiles(),
            period_id="" if self.is_empty else PERIOD,
        )

    def issues(self, wanted: IssueFilter, cursor: str) -> Page[IssueRow]:
        self.asked.append((wanted, cursor))
        rows = [examples.issue_row(self.at, light, stage) for light in Light for stage in Stage]
        return Page([] if self.is_empty else rows, "" if self.is_empty or cursor else NEXT)

    def issue(self, issue_id: str, *, duty_in: str = "") -> IssuePage:
        if issue_id != ISSUE and not (issue_id == CLOSED_ISSUE and duty_in):
            raise NotFound("no such issue")
        at = self.at
        running = examples.clock(at, ClockState.COUNTING, Light.WARNED)
        return IssuePage(
            row=examples.issue_row(at, Light.WARNED, Stage.HANDLE),
            origin=IssueOrigin.ORDERS,
            request_kind=RequestKind.COMPLAINT,
            proposed_by="",
            origin_unit=examples.COMMUNITY,
            stages=examples.stages(at),
            tiers=examples.tiers(at),
            clocks=[running, examples.clock(at, ClockState.MET, Light.NONE)],
            people=examples.people(),
            sessions=[self.session(SESSION).row],
            motions=[examples.motion(at)],
            polls=[examples.poll(at)],
            resolutions=[examples.resolution(at)],
            tasks=[examples.task(at)],
            evaluation=None,
            pending=None,
            incidents=[],
            timeline=examples.timeline(at),
        )

    def staff(self, unit_code: str) -> dict[str, str]:
        return {"P-9": "李敏", "P-8": "吴静"}

    def sessions(self, wanted: SessionFilter, cursor: str) -> Page[SessionRow]:
        self.asked.append((wanted, cursor))
        return Page([] if self.is_empty else [examples.session_row(self.at, state) for state in SessionState])

    def session(self, session_id: str, *, duty_in: str = "") -> SessionPage:
        if session_id != SESSION:
            raise NotFound("no such session")
        held_at = self.at - 4 * DAY
        row = replace(examples.session_row(self.at, SessionState.CLOSED), starts_at=held_at)
        return SessionPage(
            row=row,
            agenda=[AgendaLine(number=1, matter="更换主水管", amount_fen=18_600_000, money=MoneySource.PUBLIC)],
            invited=[
                InvitedShown(name="张某", category="residents_delegate", is_expert=False),
                InvitedShown(name="赵某", category="psychologist", is_expert=True),
            ],
            postponed=[
                PostponedShown(
                    reason=PostponementReason.WEATHER,
                    words="暴雪",
                    was_to_start_at=held_at - 5 * DAY,
                    starts_at=held_at,
                    postponed_at=held_at - 6 * DAY,
                )
            ],
            noticed_at=held_at - 4 * DAY,
            lapses_at=held_at + DAY,
            opened_at=held_at,
            chair="孙某",
            clerks=["钱某"],
            present=9,
            ended_at=held_at + timedelta(hours=2),
            failure=None,
            replaces="",
            next_session_id="",
            motions=[examples.motion(self.at)],
            polls=[examples.poll(self.at)],
            resolutions=[examples.resolution(self.at)],
            minutes=_minutes(held_at),
        )

    def halls(self, wanted: HallFilter, cursor: str) -> Page[HallRow]:
        self.asked.append((wanted, cursor))
        return Page([] if self.is_empty else [self.hall(HALL).row])

    def hall(self, hall_id: str) -> HallPage:
        if hall_id != HALL:
            raise NotFound("no such hall")
        row = HallRow(
            hall_id=HALL,
            name="甘露园社区议事厅",
            unit=examples.COMMUNITY,
            kind=HallKind.COMMUNITY,
            address="甘露园南里 25 号",
            opening_hours="周一至周五 9:00–17:30",
            contact="8581 2345",
            capacity=40,
            link="",
            next_session_at=self.at + 3 * DAY,
        )
        sessions = [examples.session_row(self.at)]
        return HallPage(row=row, closed_on=[self.at.date()], longitude=None, latitude=None, sessions=sessions)

    def ranks(self, period: str = "") -> Ranks:
        if self.is_empty or period not in ("", PERIOD):
            raise NotFound("no such period")
        return Ranks(
            period_id=PERIOD,
            starts_at=self.at - 29 * DAY,
            ends_at=self.at - DAY,
            samples=1432,
            sha256="9f2c" * 16,
            policy_version="2026-01",
            published_at=self.at - DAY / 2,
            tables=[
                RankTable(group=group, within=None, dispatch_kind=kind, entries=examples.ranked())
                for group, kind in (("department", "overall"), ("street", "direct"), ("street", "overall"))
            ],
            classes={"advanced": [examples.STREET], "rectify": []},
            errata=[],
            periods=[PERIOD],
        )

    def figures(self, unit: str, since: date, until: date) -> Figures:
        self.asked.append((unit, since, until))
        came = [(1, 9, 12), (1, 10, 30), (3, 20, 7), (7, 23, 1)]
        load = [LoadFigure(weekday=day, hour=hour, orders=n) for day, hour, n in came]
        flow = [FlowFigure(stage=stage, tier=tier, issues=3 * n) for stage in Stage for n, tier in enumerate(Tier)]
        counted = {"load": [], "flow": []} if self.is_empty else {"load": load, "flow": flow}
        return Figures(unit=examples.STREET, since=since, until=until, days=[], units=[], **counted)

    def search(self, words: str, cursor: str = "", *, duty_in: str = "") -> Page[Found]:
        self.asked.append((words, cursor))
        row = examples.issue_row(self.at)
        found = Found(
            kind=FoundKind.ISSUE,
            id=ISSUE,
            issue_id=ISSUE,
            title=row.title,
            words=row.category_name,
            unit=row.unit,
            at=row.changed_at,
        )
        return Page([found] if "水管" in words else [])

    def wall(self, unit: str, now: datetime) -> Wall:
        self.asked.append(unit)
        counts = dict.fromkeys(Light, 0) if self.is_empty else {light: n for n, light in enumerate(Light, 1)}
        shown = examples.STREET if unit == examples.STREET.code else UnitName(unit, "某单位", tier_of(unit))
        behind = WallRow(unit=examples.COMMUNITY, lights={**counts, Light.LATE: 0 if self.is_empty else 7})
        calm = WallRow(unit=UnitName("110105015001", "住邦社区", Tier.COMMUNITY), lights=counts)
        incident = IncidentShown(
            incident_id=f"{ISSUE}/X1",
            issue_id=ISSUE,
            title="5 号楼水管老化漏水",
            unit=examples.STREET,
            kind=IncidentKind.BACKSTOP,
            about="",
            opened_at=self.at - DAY,
            settled_at=None,
        )
        return Wall(
            unit=shown,
            rows=[WallRow(unit=shown, lights={**counts, Light.LATE: 2 * counts[Light.LATE]}), calm, behind],
            tiers=dict.fromkeys(Tier, counts),
            breaking=[] if self.is_empty else [examples.issue_row(self.at, Light.WARNED)],
            incidents=[] if self.is_empty else [incident],
        )


def _minutes(held_at: datetime) -> MinutesShown:
    return MinutesShown(
        state=MinutesState.SIGNED,
        circulated_at=held_at + DAY,
        objections_until=held_at + 3 * DAY,
        objections=[MinutesObjection(number=1, by="王某", objection="第二次发言没有记全", answer="已补记")],
        corrections=["补记王某第二次发言"],
        chair="孙某",
        clerk="吴某",
        head_hash="9f2c" * 16,
        signed_at=held_at + 3 * DAY,
    )
