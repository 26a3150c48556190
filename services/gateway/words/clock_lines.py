"""How a clock's time was reckoned, in the sentences of supervision, so that pages can say them in English too.

Its use cases and `domain/explanation.py` are where they stand; tests hold this to them. A reason that a person wrote
stays in the language in which it was written, and so do names.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from services.gateway.places import unit_name
from services.gateway.words.catalogue import CHINESE, translations, zh
from services.gateway.words.facts import Fact
from services.gateway.words.names import name_of
from services.gateway.words.times import Times
from shared.clock import SHANGHAI

SERVICE, CLOCK = "supervision", zh("督办时钟")
REASONS: frozenset[str] = frozenset(
    (
        zh("未解决"),
        zh("未解决,重办"),
        zh("办结后等待回访评价"),
        zh("本件诉求先行办结后等待回访评价"),
        zh("工单先行办结"),
        zh("恢复计时"),
        zh("工单并入"),
        zh("工单移出"),
        zh("工单更正"),
        zh("重新派单"),
        zh("疑难挂账,按计划推进"),
        zh("阶段性答复"),
        zh("逾期未复核"),
        zh("已办结"),
        zh("反弹重开"),
        zh("重新办理"),
        zh("提级已撤销"),
    )
)
"""Those that are always the same."""
INSTANT, LENGTH = r"\d{4}-\d\d-\d\d \d\d:\d\d", r"(?:\d+(?:天|小时|分钟|秒))+"
REASONS_MADE: Mapping[str, str] = {
    r"(?:办结|结案):(?P<outcome>\w+)": zh("办结：%(outcome)s"),
    r"已召集议事会 (?P<id>\S+)": zh("已召集议事会 %(id)s"),
    r"逐户表决 (?P<id>\S+)": zh("逐户表决 %(id)s"),
    r"执行决议 (?P<id>\S+)": zh("执行决议 %(id)s"),
    r"已提级至 (?P<unit>\d+)": zh("已提级至 %(unit)s"),
    r"已退回 (?P<unit>\d+)": zh("已退回 %(unit)s"),
    rf"征询(?P<what>.+),答复期限 (?P<at>{INSTANT})": zh("征询%(what)s，答复期限 %(at)s"),
    rf"(?P<at>{INSTANT}) 已办结,消息迟到": zh("%(at)s 已办结，消息迟到"),
    r"撤回提级:(?P<what>.+)": zh("撤回提级：%(what)s"),
    r"更正承办单位:(?P<what>.+)": zh("更正承办单位：%(what)s"),
    r"更正为紧急:(?P<what>.+)": zh("更正为紧急：%(what)s"),
    r"回头看发现反弹:(?P<what>.+)": zh("回头看发现反弹：%(what)s"),
}
"""Those that name something; each group is said as its name tells."""
WORDS: frozenset[str] = frozenset(
    (
        zh("诉求人时限"),
        zh("承办层级时限"),
        zh("不分昼夜与节假日"),
        zh("计时"),
        zh("暂停，不计时"),
        zh("结案或移交，不计时"),
        zh("现在"),
        zh("尚余"),
        zh("已超"),
        zh("（恢复计时后顺延）"),
        zh("正在计时"),
        zh("已暂停"),
        zh("按时办结"),
        zh("已超期"),
        zh("已随承办单位变更或结案终止"),
    )
)
"""Of which the lines are made."""
_WHO = r"（(?P<who>.+?)(?:，原因：(?P<why>.+))?）。"
LINES: Mapping[str, str] = {
    rf"(?P<word>诉求人时限|承办层级时限)：自 (?P<at>{INSTANT}) 起计，限 (?P<length>{LENGTH})"
    r"（规则版本 (?P<id>.+)，(?:日历 )?(?P<calendar>.+)）。": zh(
        "%(word)s：自 %(at)s 起计，限 %(length)s（规则版本 %(id)s，日历：%(calendar)s）。"
    ),
    rf"所办诉求的时限更短：按其中最晚的，只计 (?P<length>{LENGTH})。": zh(
        "所办诉求的时限更短：按其中最晚的，只计 %(length)s。"
    ),
    rf"(?P<at>{INSTANT}) 至 (?P<until>{INSTANT}|现在)：(?P<word>\D+) (?P<length>{LENGTH}){_WHO}": zh(
        "%(at)s 至 %(until)s：%(word)s %(length)s（%(who)s）。"
    ),
    rf"(?P<at>{INSTANT})：延期 (?P<length>{LENGTH}){_WHO}": zh("%(at)s：延期 %(length)s（%(who)s）。"),
    rf"(?P<at>{INSTANT})：至少可计 (?P<length>{LENGTH}){_WHO}": zh("%(at)s：至少可计 %(length)s（%(who)s）。"),
    rf"共可用 (?P<length>{LENGTH})，已用 (?P<used>{LENGTH})，(?P<word>尚余|已超) (?P<left>{LENGTH})；"
    rf"到期时间 (?P<at>{INSTANT})(?P<held>（恢复计时后顺延）)?；(?P<state>\D+)。": zh(
        "共可用 %(length)s，已用 %(used)s，%(word)s %(left)s；到期时间 %(at)s%(held)s；%(state)s。"
    ),
}
WHY = zh("%(who)s，原因：%(why)s")
UNITS: Mapping[str, tuple[str, str]] = {
    "天": ("day", "days"),
    "小时": ("hour", "hours"),
    "分钟": ("minute", "minutes"),
    "秒": ("second", "seconds"),
}
VALUE = re.compile(r"%\((\w+)\)s")


def reason_of(text: str, by: str, times: Times) -> list[Fact]:
    """Why it stands so: ours in the reader's language; a person's own, who is named in `by`, as it was written."""
    if by not in ("", SERVICE, CLOCK):
        return [Fact(text, True)]
    words = translations(times.language)
    if text in REASONS:
        return [Fact(words.ugettext(text))]
    return _made(REASONS_MADE, text, times) or [Fact(text, True)]


def line_of(text: str, times: Times) -> list[Fact]:
    """A line as supervision explains a clock; in Chinese as it came."""
    said = _made(LINES, text, times) if times.language != CHINESE else []
    return said or [Fact(text, True)]


def _made(patterns: Mapping[str, str], text: str, times: Times) -> list[Fact]:
    """Nothing where it is of none of the patterns."""
    for pattern, sentence in patterns.items():
        if found := re.fullmatch(pattern, text):
            said = {name: _said(name, value or "", times) for name, value in found.groupdict().items()}
            if said.pop("why", None) and found["why"]:
                why = reason_of(found["why"], found["who"], times)
                said["who"] = _put(WHY, {"who": said["who"], "why": why}, times)
            return _put(sentence, said, times)
    return []


def _put(sentence: str, values: Mapping[str, list[Fact]], times: Times) -> list[Fact]:
    """In the reader's language, each value in its place."""
    pieces = VALUE.split(translations(times.language).ugettext(sentence))
    return [
        fact
        for number, piece in enumerate(pieces)
        for fact in (values[piece] if number % 2 else [Fact(piece)])
        if fact.words
    ]


def _said(name: str, value: str, times: Times) -> list[Fact]:
    words = translations(times.language)
    if value in WORDS or value == CLOCK:
        put = words.ugettext(value)
        return [Fact(put if name == "word" else put[:1].lower() + put[1:])]  # amid a sentence
    match name:
        case "at" | "until":
            said = times.when(datetime.strptime(value, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI))
        case "length" | "used" | "left":
            said = _length(value)
        case "outcome":
            said = words.ugettext(name_of("outcome", value))
        case "unit":
            return [Fact(unit_name(value), True)]
        case _:
            return [Fact(value, name in ("who", "what"))]
    return [Fact(said)]


def _length(text: str) -> str:
    """In English, and all of it, unlike elsewhere: here it is added up."""
    parts = re.findall(r"(\d+)(天|小时|分钟|秒)", text)
    return " ".join(f"{count} {UNITS[unit][count != '1']}" for count, unit in parts)
