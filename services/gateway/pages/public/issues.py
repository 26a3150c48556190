"""Issues 议题: the list with its filters, one issue whole, and what to follow it by."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby

from flask import Blueprint, Response, render_template

from services.board.reading.shapes import IssueFilter, IssueRow, Light, Page, Stage
from services.board.reading.whole import IssuePage, TaskShown, TaskState, TimelineLine
from services.gateway import places
from services.gateway.accounts.signing import person_to_show
from services.gateway.at_hand import board
from services.gateway.filters import said
from services.gateway.pages.addressed import asked, asked_of, asked_unit, cursor
from services.gateway.pages.downloads import as_csv
from services.gateway.pages.duty import duty
from services.gateway.pages.following import calendar_of_issue, feed_of_issue
from services.gateway.pages.staff.cases import READERS
from services.gateway.words.catalogue import zh
from services.gateway.words.names import name_of
from shared.clock import SHANGHAI, for_people
from shared.units import Tier, is_within

page = Blueprint("issues", __name__)
STATES = (("open", zh("在办")), ("closed", zh("已办结")), ("all", zh("全部")))
IS_OPEN = {"open": True, "closed": False, "all": None}
STILL_AT_IT = {TaskState.ASSIGNED, TaskState.SIGNED_FOR, TaskState.BLOCKED, TaskState.SENT_BACK, TaskState.DONE}
COLUMNS = (
    zh("议题编号"),
    zh("议题"),
    zh("分类"),
    zh("承办"),
    zh("到哪一步"),
    zh("时限"),
    zh("期限"),
    zh("人数"),
    zh("成立"),
)


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to, as it stands in the address."""

    unit: str
    stage: Stage | None
    tier: Tier | None
    light: Light | None
    state: str

    @property
    def address(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items() if value}

    @property
    def filter(self) -> IssueFilter:
        return IssueFilter(
            unit=self.unit,
            stage=self.stage,
            tier=self.tier,
            light=self.light,
            is_open=IS_OPEN[self.state],
            duty_in=duty(),
        )


@page.get("/issues", endpoint="all")
def show_all() -> str:
    wanted = _wanted()
    return render_template(
        "public/issues.html",
        page=board().issues(wanted.filter, cursor()),
        wanted=wanted,
        streets=places.streets(),
        stages=list(Stage),
        tiers=list(Tier),
        lights=[light for light in Light if light is not Light.NONE],
        states=STATES,
    )


@page.get("/issues.csv")
def table() -> Response:
    found: Page[IssueRow] = board().issues(_wanted().filter, cursor())
    return as_csv("issues", COLUMNS, [_line(row) for row in found.rows])


@page.get("/issues/<path:issue_id>", endpoint="one")
def show(issue_id: str) -> str:
    issue: IssuePage = board().issue(issue_id, duty_in=duty())
    running = [clock for clock in issue.clocks if clock.light is not Light.NONE]
    return render_template(
        "public/issue.html",
        page=issue,
        has_case=_has_case(issue),
        running=running,
        past=[clock for clock in issue.clocks if clock.light is Light.NONE],
        doing=_doing(issue.tasks),
        days=days_of(issue.timeline),
    )


def _has_case(issue: IssuePage) -> bool:
    """Whether its case is for the reader: where it is, where it came from, and where it has been."""
    person = person_to_show()
    units = [issue.row.unit, issue.origin_unit, *(one.unit for one in issue.tiers if one.unit)]
    return (
        person is not None
        and person.is_any_of(*READERS)
        and any(unit.tier is not None and is_within(unit.code, person.unit) for unit in units)
    )


@page.get("/feeds/issues/<path:issue_id>")
def feed(issue_id: str) -> Response:
    return feed_of_issue(board().issue(issue_id, duty_in=duty()))


@page.get("/calendars/issues/<path:issue_id>")
def calendar(issue_id: str) -> Response:
    return calendar_of_issue(board().issue(issue_id, duty_in=duty()))


def _wanted() -> Wanted:
    state = asked("state")
    return Wanted(
        asked_unit(),
        asked_of(Stage, "stage"),
        asked_of(Tier, "tier"),
        asked_of(Light, "light"),
        state if state in IS_OPEN else "open",
    )


def _line(row: IssueRow) -> tuple[str | int, ...]:
    names = (row.stage, "stage"), (row.light, "light")
    stage, light = (said(name_of(kind, code)) for code, kind in names)
    due = for_people(row.due_at) if row.due_at else ""
    raised = for_people(row.raised_at)
    return row.issue_id, row.title, row.category_name, row.unit.name, stage, light, due, row.people, raised


def _doing(tasks: Sequence[TaskShown]) -> list[TaskShown]:
    return [task for task in tasks if task.state in STILL_AT_IT]


def days_of(lines: Sequence[TimelineLine]) -> list[tuple[date, list[TimelineLine]]]:
    """By day, as the timeline stands: the newest first."""
    return [(day, list(of_day)) for day, of_day in groupby(lines, lambda line: line.at.astimezone(SHANGHAI).date())]
