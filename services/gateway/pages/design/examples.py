"""What the page of the design system shows. All of it is made up, and the page says so."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from services.board.reading.measures import RankEntry
from services.board.reading.meetings import (
    ContributionKind,
    CountShown,
    Decider,
    ElectorateKind,
    FundingShown,
    MoneySource,
    MotionShown,
    MotionState,
    ObjectionShown,
    OptionShown,
    PollShown,
    ResolutionShown,
    ResolvedTask,
    Review,
    VoteOutcome,
)
from services.board.reading.shapes import (
    IssueRow,
    Light,
    Outcome,
    Publicity,
    ResolutionRow,
    ResolutionState,
    SessionKind,
    SessionRow,
    SessionState,
    SlaClass,
    Stage,
    Tile,
    UnitName,
)
from services.board.reading.whole import (
    ClockKind,
    ClockShown,
    ClockState,
    LedgerKind,
    LedgerLine,
    MilestoneShown,
    People,
    StageStep,
    TaskOrigin,
    TaskShown,
    TaskState,
    TierStep,
    TimelineLine,
)
from services.gateway import places
from shared.units import Tier

COMMUNITY = UnitName("110105015033", "甘露园社区", Tier.COMMUNITY)
STREET = UnitName("110105015", "八里庄街道", Tier.STREET)
VOTED: Mapping[str, str | int] = {"outcome": "carried", "votes_for": 7, "votes_against": 1, "abstained": 1}
ISSUE = "I-20260302-0007"
DAY = timedelta(days=1)


def issue_row(now: datetime, light: Light = Light.IN_TIME, stage: Stage = Stage.DELIBERATE) -> IssueRow:
    due = {Light.LATE: -0.4, Light.WARNED: 0.9, Light.IN_TIME: 5.2}
    return IssueRow(
        issue_id=ISSUE,
        title="5 号楼水管老化漏水",
        category="water_supply",
        category_name="供水排水",
        unit=STREET,
        stage=stage,
        reached=frozenset(list(Stage)[: list(Stage).index(stage) + 1]),
        light=light,
        due_at=now + DAY * due[light] if light in due else None,
        people=37,
        sla_class=SlaClass.GENERAL,
        publicity=Publicity.PUBLIC,
        raised_at=now - 20 * DAY,
        held_since=now - 6 * DAY,
        changed_at=now - 1 * DAY,
        is_open=light is not Light.NONE,
        outcome=Outcome.SOLVED if light is Light.NONE else None,
    )


def session_row(now: datetime, state: SessionState = SessionState.SCHEDULED) -> SessionRow:
    return SessionRow(
        session_id=f"{ISSUE}/S1",
        issue_id=ISSUE,
        title="5 号楼水管老化漏水",
        unit=COMMUNITY,
        number=1,
        kind=SessionKind.ORDINARY,
        state=state,
        starts_at=now + 3 * DAY,
        hall_id="H-110105015033",
        hall_name="甘露园社区议事厅",
        items=2,
        is_noticed=True,
        publicity=Publicity.PUBLIC,
    )


def stages(now: datetime, present: Stage = Stage.HANDLE) -> list[StageStep]:
    begun = list(Stage).index(present)
    return [
        StageStep(stage=stage, began_at=now - (20 - 5 * n) * DAY if n <= begun else None, is_present=stage is present)
        for n, stage in enumerate(Stage)
    ]


def tiers(now: datetime) -> list[TierStep]:
    held = {Tier.COMMUNITY: COMMUNITY, Tier.STREET: STREET}
    return [
        TierStep(
            tier=tier,
            unit=held.get(tier),
            held_since=now - (20 if tier is Tier.COMMUNITY else 6) * DAY if tier in held else None,
            is_holder=tier is Tier.STREET,
        )
        for tier in Tier
    ]


def clock(now: datetime, state: ClockState, light: Light) -> ClockShown:
    """One that was on hold for two days and got three more, as it looks in the state."""
    begun, first_due = now - 6 * DAY, now + {Light.LATE: -3.4, Light.WARNED: -2.2}.get(light, 1.2) * DAY
    due = first_due + 3 * DAY
    ledger = [
        _line(begun, LedgerKind.STARTED, due=first_due),
        _line(begun + DAY, LedgerKind.PAUSED, by="八里庄街道办事处", reason="等待产权单位答复"),
        _line(begun + 2.5 * DAY, LedgerKind.RESUMED, by="八里庄街道办事处", due=first_due),
        _line(begun + 3 * DAY, LedgerKind.EXTENDED, by="朝阳区", reason="工程量大", due=due),
    ]
    if state is ClockState.PAUSED:
        ledger.append(_line(now - 0.8 * DAY, LedgerKind.PAUSED, by="八里庄街道办事处", reason="等待居民会议"))
    if state is ClockState.MET:
        ledger.append(_line(now - 0.5 * DAY, LedgerKind.MET))
    return ClockShown(
        clock_id=f"{ISSUE}/tier-2",
        kind=ClockKind.TIER,
        unit=STREET,
        order_no="",
        dispatch_no=None,
        state=state,
        light=light,
        started_at=begun,
        due_at=due,
        rule_version="2026-01",
        ledger=ledger,
    )


def _line(at: datetime, kind: LedgerKind, *, by: str = "", reason: str = "", due: datetime | None = None) -> LedgerLine:
    return LedgerLine(at=at, kind=kind, by=by, reason=reason, due_at=due)


def count(now: datetime, outcome: VoteOutcome) -> CountShown:
    votes = {VoteOutcome.CARRIED: (7, 1, 1), VoteOutcome.LOST: (4, 4, 1), VoteOutcome.VOID: (3, 0, 1)}[outcome]
    present = sum(votes)
    return CountShown(
        number=1,
        outcome=outcome,
        votes_for=votes[0],
        votes_against=votes[1],
        abstained=votes[2],
        recused=1,
        present=present,
        invited=11,
        quorum_needed=6,
        residents=present // 2,
        residents_needed=2,
        votes_needed=present // 2 + 1,
        quorum=">1/2",
        majority=">1/2",
        voted_at=now - 4 * DAY,
    )


def motion(now: datetime) -> MotionShown:
    return MotionShown(
        motion_id=f"{ISSUE}/S1/M1",
        session_id=f"{ISSUE}/S1",
        motion="更换 5 号楼地下主水管，施工期间设临时取水点",
        mover="居民代表 张某",
        item=1,
        amount_fen=18_600_000,
        money=MoneySource.PUBLIC,
        decided_by=Decider.COUNCIL,
        leaves_as_is=False,
        state=MotionState.CARRIED,
        stated_at=now - 4 * DAY,
        seconder="小巷管家 李某",
        opposed_by="居民代表 王某",
        opposition="先修漏点，主管明年随老旧小区改造一起换，可以省一次开挖。",
        turns=6,
        expert="给排水工程师 赵某",
        opinion="管龄三十一年，漏点会接连出现；一次更换较省。",
        votes=[count(now, VoteOutcome.CARRIED)],
    )


def poll(now: datetime) -> PollShown:
    return PollShown(
        poll_id=f"{ISSUE}/S1/P1",
        motion_id=f"{ISSUE}/S1/M2",
        session_id=f"{ISSUE}/S1",
        electorate=ElectorateKind.OWNERS,
        options=["透水砖", "沥青", "石材"],
        base_heads=90,
        base_area_m2=6840.0,
        opens_at=now - 16 * DAY,
        closes_at=now - 2 * DAY,
        due_at=now - DAY,
        is_withdrawn=False,
        counted_at=now - DAY,
        outcome=VoteOutcome.CARRIED,
        option="透水砖",
        votes=[
            OptionShown(option="透水砖", heads=52, area_m2=4010.0),
            OptionShown(option="沥青", heads=9, area_m2=660.0),
            OptionShown(option="石材", heads=6, area_m2=480.0),
        ],
        abstained=3,
        heads=70,
        area_m2=5390.0,
        unchecked=0,
        quorum_heads="≥2/3",
        quorum_area="≥2/3",
        majority=">1/2",
    )


def resolution_row(now: datetime) -> ResolutionRow:
    return ResolutionRow(
        resolution_id=f"{ISSUE}/R1",
        issue_id=ISSUE,
        session_id=f"{ISSUE}/S1",
        title="5 号楼水管老化漏水",
        unit=COMMUNITY,
        motion=motion(now).motion,
        state=ResolutionState.DISPLAYED,
        decided_by=Decider.COUNCIL,
        leaves_as_is=False,
        adopted_at=now - 4 * DAY,
        displayed_until=now + 6 * DAY,
        publicity=Publicity.PUBLIC,
    )


def resolution(now: datetime) -> ResolutionShown:
    return ResolutionShown(
        row=resolution_row(now),
        amount_fen=18_600_000,
        money=MoneySource.PUBLIC,
        poll_id="",
        option="",
        tasks=[_resolved(now)],
        objections=[
            _objection(now, 1, Review.STANDS, "施工避开早晚用水高峰，临时取水点设在 5 号楼东侧。"),
            _objection(now, 2, None, "", "自来水集团东部营业所", "红线外管段不属我方维护范围。"),
        ],
    )


def _resolved(now: datetime) -> ResolvedTask:
    shares = (("八里庄街道办事处", MoneySource.PUBLIC, 0.7), ("甘露园物业公司", MoneySource.DONATIONS, 0.3))
    return ResolvedTask(
        what="更换 5 号楼地下主水管",
        leader="街道办事处副主任 陈某",
        department="城市管理办公室",
        person="周某",
        co_units=["甘露园物业公司", "自来水集团东部营业所"],
        due_at=now + 30 * DAY,
        funding=[
            FundingShown(payer=payer, kind=ContributionKind.MONEY, money=money, share_ratio=ratio, given="")
            for payer, money, ratio in shares
        ],
    )


def _objection(
    now: datetime, number: int, review: Review | None, answer: str, organisation: str = "", reasons: str = ""
) -> ObjectionShown:
    return ObjectionShown(
        number=number,
        organisation=organisation,
        reasons=reasons,
        objected_at=now - 2 * DAY,
        due_at=now + DAY,
        review=review,
        answer=answer,
        is_default=False,
        reviewed_at=now - DAY if review else None,
    )


def task(now: datetime) -> TaskShown:
    return TaskShown(
        task_id=f"{ISSUE}/T1",
        what="更换 5 号楼地下主水管",
        unit=STREET,
        origin=TaskOrigin.RESOLUTION,
        leader="陈某",
        department="城市管理办公室",
        organisation_id="ORG-1",
        person="周某",
        co_units=["甘露园物业公司"],
        state=TaskState.SIGNED_FOR,
        attempt=1,
        assigned_at=now - 3 * DAY,
        due_at=now + 27 * DAY,
        milestones=[
            MilestoneShown(milestone="project_approval", reached_at=now - 2 * DAY),
            MilestoneShown(milestone="procurement", reached_at=now - DAY),
        ],
        pictures=[],
        done_at=None,
        accepted_at=None,
    )


def people() -> People:
    return People(people=37, orders=41, months=3)


def timeline(now: datetime) -> list[TimelineLine]:
    told: tuple[tuple[float, str, Stage, str, Mapping[str, str | int]], ...] = (
        (0.1, "milestone_reached.v1", Stage.HANDLE, "dispatch", {"milestone": "procurement"}),
        (0.3, "task_signed_for.v1", Stage.HANDLE, "dispatch", {"department": "城市管理办公室"}),
        (4.0, "resolution_adopted.v1", Stage.DELIBERATE, "deliberation", {"motion": motion(now).motion}),
        (4.1, "motion_voted.v1", Stage.DELIBERATE, "deliberation", VOTED),
        (6.0, "issue_escalated.v1", Stage.SUPERVISE, "supervision", {"reason": "over_level"}),
        (20.0, "issue_raised.v1", Stage.COLLECT, "intake", {}),
    )
    return [
        TimelineLine(
            at=now - days * DAY,
            kind=kind,
            stage=stage,
            told_by=by,
            unit=STREET,
            facts=facts,
            event_id=f"0195c2a0-{number:04}",
        )
        for number, (days, kind, stage, by, facts) in enumerate(told)
    ]


def tiles() -> list[Tile]:
    """Each street of the units file, with shares that go round."""
    return [
        Tile(
            unit=UnitName(code, name, Tier.STREET),
            open=n * 3 % 17,
            late=n % 4,
            samples=n % 11 * 4,
            resolution_ratio=None if n % 11 == 0 else 0.55 + n * 7 % 43 / 100,
        )
        for n, (code, name) in enumerate(places.streets())
    ]


def ranked() -> list[RankEntry]:
    shares = (
        (1, "甲街道", 0.97, 0.93, 0.99, 120),
        (2, "乙街道", 0.93, 0.87, 0.97, 84),
        (None, "丙街道", 0.8, 0.49, 0.94, 6),
    )
    return [
        RankEntry(
            code=name,
            name=name,
            rank=rank,
            asked=samples + 4,
            samples=samples,
            response_ratio=0.98,
            resolution_ratio=ratio,
            satisfaction_ratio=ratio - 0.02,
            composite_ratio=ratio - 0.01,
            response_interval=(low, high),
            resolution_interval=(low, high),
            satisfaction_interval=(low, high),
        )
        for rank, name, ratio, low, high, samples in shares
    ]
