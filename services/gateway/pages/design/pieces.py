"""`/design`: each piece of the pages in its states, in the reader's language and theme."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, render_template

from services.board.reading.meetings import VoteOutcome
from services.board.reading.shapes import Light, SessionState, Stage
from services.board.reading.whole import ClockState
from services.gateway.at_hand import now
from services.gateway.drawing.charts import line_chart, shares
from services.gateway.pages.design import examples
from services.gateway.pages.forms import Form
from services.gateway.pages.public.front import SCALE
from services.gateway.pages.public.issues import days_of
from services.gateway.words.catalogue import zh
from shared.units import Tier

page = Blueprint("design", __name__)
TOKENS = ("paper", "raised", "sunken", "line", "edge", "ink", "soft", "act", "late-wash", "warned-wash")
MONTHS = ("2025-11", "2025-12", "2026-01", "2026-02", "2026-03")
RATES = {
    "response": (0.96, 0.97, 0.97, 0.98, 0.985),
    "resolution": (0.86, 0.88, 0.87, 0.91, 0.93),
    "satisfaction": (0.84, 0.85, 0.88, 0.89, 0.92),
}
CLOCKS = (
    (ClockState.COUNTING, Light.IN_TIME),
    (ClockState.COUNTING, Light.WARNED),
    (ClockState.BREACHED, Light.LATE),
    (ClockState.PAUSED, Light.PAUSED),
    (ClockState.MET, Light.NONE),
)
FLOW = ((4, 31, 12, 2), (1, 9, 6, 1), (2, 44, 38, 5), (0, 3, 8, 2), (1, 17, 12, 1))


@dataclass(frozen=True)
class Waiting:
    """Something that waits, as `list_my_work` of a service tells it."""

    title: str
    act: str
    otherwise: str
    due_at: datetime


@page.get("/design")
def show() -> str:
    at = now()
    faulty = Form({"title": "楼道灯", "unit": "110105015"}, {"content": zh("请写明情况")})
    return render_template(
        "design/pieces.html",
        tokens=TOKENS,
        lights=list(Light),
        rows=[examples.issue_row(at, light) for light in Light],
        sessions=[examples.session_row(at, state) for state in (SessionState.SCHEDULED, SessionState.LAPSED)],
        tracks=[(examples.stages(at, stage), examples.tiers(at)) for stage in (Stage.COLLECT, Stage.HANDLE)],
        clocks=[examples.clock(at, *one) for one in CLOCKS],
        counts=[examples.count(at, outcome) for outcome in VoteOutcome],
        motion=examples.motion(at),
        poll=examples.poll(at),
        resolution=examples.resolution(at),
        task=examples.task(at),
        people=examples.people(),
        days=days_of(examples.timeline(at)),
        waits=_waits(at),
        ranked=examples.ranked(),
        good=Form(),
        faulty=faulty,
        tiles=examples.tiles(),
        scale=SCALE,
        chart=line_chart([month[2:] for month in MONTHS], RATES),
        load=[[(hour * 7 + day * 5) % 23 * (7 <= hour <= 22) for hour in range(24)] for day in range(7)],
        flow=[
            (stage, list(zip(counts, shares(counts), strict=True))) for stage, counts in zip(Stage, FLOW, strict=True)
        ],
        tiers=list(Tier),
    )


def _waits(at: datetime) -> list[tuple[Waiting, Light]]:
    due = ((Light.LATE, timedelta(hours=-5)), (Light.WARNED, timedelta(hours=3)), (Light.IN_TIME, timedelta(days=4)))
    return [
        (
            Waiting("5 号楼水管老化漏水", zh("签收任务"), zh("逾期未签收的视为已签收，时限照常计算"), at + span),
            light,
        )
        for light, span in due
    ]
