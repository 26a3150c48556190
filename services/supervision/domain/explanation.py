"""A clock's ledger in words, so that anyone can follow how its due time came about. Says what is, decides nothing."""

from datetime import datetime, timedelta

from services.supervision.domain.clock import Clock, ClockState
from services.supervision.domain.ledger import EVERY_HOUR, Extension, Ledger, Segment, SegmentKind, Wait
from services.supervision.domain.timeline import SERVICE
from shared.clock import for_people
from shared.contracts.vocabulary import ClockKind

_KINDS = {ClockKind.RESIDENT: "诉求人时限", ClockKind.TIER: "承办层级时限"}
_SEGMENTS = {SegmentKind.COUNTING: "计时", SegmentKind.PAUSED: "暂停，不计时", SegmentKind.CLOSED: "结案或移交，不计时"}
_STATES = {
    ClockState.COUNTING: "正在计时",
    ClockState.PAUSED: "已暂停",
    ClockState.MET: "按时办结",
    ClockState.BREACHED: "已超期",
    ClockState.ENDED: "已随承办单位变更或结案终止",
}


def explain(clock: Clock, now: datetime) -> list[str]:
    """A sentence for the rule, one for each segment, extension and wait in order, and one for what they add up to."""
    ledger = clock.ledger
    happened = [(one.begins_at, _segment(one, now)) for one in ledger.segments]
    happened += [(one.at, _extension(one)) for one in ledger.extensions]
    happened += [(one.at, _wait(one)) for one in ledger.waits]
    in_order = [words for _, words in sorted(happened, key=lambda one: one[0])]
    return [_rule(clock, ledger), *_need(ledger), *in_order, _sum(clock, ledger, now)]


def in_words(length: timedelta) -> str:
    """A length as people say it: 2天3小时; below a minute in seconds."""
    seconds = int(abs(length).total_seconds())
    parts = [(seconds // 86400, "天"), (seconds // 3600 % 24, "小时"), (seconds // 60 % 60, "分钟")]
    said = "".join(f"{count}{unit}" for count, unit in parts if count)
    return said or f"{seconds}秒"


def _rule(clock: Clock, ledger: Ledger) -> str:
    calendar = "不分昼夜与节假日" if ledger.calendar_version == EVERY_HOUR else f"日历 {ledger.calendar_version}"
    return (
        f"{_KINDS[clock.kind]}：自 {for_people(clock.started_at)} 起计，限 {in_words(ledger.budget)}"
        f"（规则版本 {ledger.rule_version}，{calendar}）。"
    )


def _segment(one: Segment, now: datetime) -> str:
    until = for_people(one.ends_at) if one.ends_at else "现在"
    why = f"，原因：{one.reason}" if one.reason else ""
    span = f"{_SEGMENTS[one.kind]} {in_words(one.length(now))}"
    return f"{for_people(one.begins_at)} 至 {until}：{span}（{_who(one.by)}{why}）。"


def _extension(one: Extension) -> str:
    return f"{for_people(one.at)}：延期 {in_words(one.length)}（{_who(one.by)}，原因：{one.reason}）。"


def _wait(one: Wait) -> str:
    return f"{for_people(one.at)}：至少可计 {in_words(one.counted)}（{_who(one.by)}，原因：{one.reason}）。"


def _need(ledger: Ledger) -> list[str]:
    if ledger.needed is None or ledger.needed >= ledger.budget + ledger.extended:
        return []
    return [f"所办诉求的时限更短：按其中最晚的，只计 {in_words(ledger.needed)}。"]


def _who(by: str) -> str:
    return "督办时钟" if by == SERVICE else by


def _sum(clock: Clock, ledger: Ledger, now: datetime) -> str:
    left = ledger.remaining(now)
    rest = f"尚余 {in_words(left)}" if left >= timedelta(0) else f"已超 {in_words(left)}"
    held = "（恢复计时后顺延）" if clock.state is ClockState.PAUSED else ""
    return (
        f"共可用 {in_words(ledger.allowance)}，已用 {in_words(ledger.counted(now))}，{rest}；"
        f"到期时间 {for_people(ledger.due_at)}{held}；{_STATES[clock.state]}。"
    )
