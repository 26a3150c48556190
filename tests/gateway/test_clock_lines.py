"""What supervision says of a clock in words of its own is said in English too; what people wrote stays as it is."""

import ast
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.board.reading.whole import LedgerKind, LedgerLine
from services.gateway.words import clock_lines
from services.gateway.words.catalogue import CHINESE, ENGLISH
from services.gateway.words.clock_lines import CLOCK, LINES, REASONS, REASONS_MADE, SERVICE, line_of, reason_of
from services.gateway.words.facts import Fact
from services.gateway.words.names import NAMES
from services.gateway.words.times import Times
from services.supervision.domain import explanation
from services.supervision.domain.explanation import explain
from services.supervision.domain.timeline import SERVICE as OF_SUPERVISION
from services.supervision.use_cases import clocks, pending
from shared.contracts.vocabulary import Outcome
from tests.gateway import case_things
from tests.gateway.fake_board import ISSUE
from tests.supervision.builders import MARKS, MONDAY, a_clock, days, hours

NOW = datetime(2026, 3, 10, 1, tzinfo=UTC)
IN_CHINESE, IN_ENGLISH = Times(CHINESE, NOW), Times(ENGLISH, NOW)
HAN = re.compile(r"[一-鿿]")
MADE = {
    "结案:solved": "Closed: Solved",
    "已召集议事会 I-1/S1": "Session I-1/S1 was called",
    "逐户表决 I-1/S1/M1/P1": "Vote of all households I-1/S1/M1/P1",
    "执行决议 I-1/S1/R1": "Carrying out resolution I-1/S1/R1",
    "已提级至 110105015": "Escalated to *",
    "已退回 110105015": "Returned to *",
    "征询北京铁路局,答复期限 2026-03-12 17:00": "Asked *, to answer by Thu 12 March, 17:00",
    "2026-03-12 17:00 已办结,消息迟到": "Was handled by Thu 12 March, 17:00; the word of it came late",
    "撤回提级:提早了": "Escalation withdrawn: *",
    "更正承办单位:在路南": "Unit corrected: *",
    "更正为紧急:有人被困": "Corrected to emergency: *",
    "回头看发现反弹:又漏水了": "A look-back found a relapse: *",
}


def put(facts: list[Fact]) -> str:
    """As it reads, with a star for what stays in its own language."""
    return "".join("*" if one.is_theirs else one.words for one in facts)


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_a_reason_that_is_always_the_same_is_said_in_english_and_in_chinese_as_it_came(reason):
    assert not HAN.search(put(reason_of(reason, SERVICE, IN_ENGLISH)))
    assert reason_of(reason, SERVICE, IN_CHINESE) == [Fact(reason)]


@pytest.mark.parametrize("reason", MADE)
def test_a_reason_that_names_something_is_said_around_it(reason):
    assert put(reason_of(reason, SERVICE, IN_ENGLISH)) == MADE[reason]


def test_every_pattern_is_tried():
    assert {pattern for pattern in REASONS_MADE if any(re.fullmatch(pattern, one) for one in MADE)} == set(REASONS_MADE)


def test_an_outcome_is_named_and_no_code():
    for outcome in Outcome:
        assert reason_of(f"办结:{outcome}", "", IN_CHINESE) == [Fact("办结："), Fact(NAMES["outcome"][outcome])]


def test_what_a_person_wrote_stays_even_in_the_same_words():
    assert reason_of("恢复计时", "wang.wei", IN_ENGLISH) == [Fact("恢复计时", True)]
    assert reason_of("等产权单位答复", "", IN_ENGLISH) == [Fact("等产权单位答复", True)]


def test_every_reason_is_one_that_supervision_gives():
    folder = Path(clocks.__file__).parents[1]
    given = {text for file in folder.rglob("*.py") for text in re.findall(r'"([^"]*)"', file.read_text("utf-8"))}

    assert given >= REASONS
    assert {clocks.AWAITING, clocks.GOES_ON, pending.REPLIED} <= REASONS
    assert SERVICE == OF_SUPERVISION


GIVING = {"hold", "go_on", "fit_holder", "relapse", "close_clock", "close_clocks", "end_tier_clock", "take_over"}
GIVING |= {"take_off", "give_holder_time", "rest"}
"""What is called with a reason for a clock."""


def text_of(node: ast.expr, constants: dict[str, str]) -> str:
    """What an argument says, with a number or an instant for what it names; empty where it is not said there."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return constants.get(name, "")
        case ast.JoinedStr(values=parts):
            return "".join(text_of(one, constants) for one in parts)
        case ast.FormattedValue(value=value):
            return text_of(value, constants) or ("2026-03-12 17:00" if "for_people" in ast.dump(value) else "1")
    return ""


def reasons_given() -> set[str]:
    """Wherever supervision says one where it is given."""
    trees = [ast.parse(file.read_text("utf-8")) for file in Path(clocks.__file__).parents[1].rglob("*.py")]
    assigned = [one for tree in trees for one in tree.body if isinstance(one, ast.Assign)]
    constants = {ast.unparse(one.targets[0]): text_of(one.value, {}) for one in assigned}
    calls = [one for tree in trees for one in ast.walk(tree) if isinstance(one, ast.Call)]
    calls = [one for one in calls if ast.unparse(one.func).rpartition(".")[2] in GIVING]
    given = [text_of(one, constants) for call in calls for one in (*call.args, *(word.value for word in call.keywords))]
    return {text for text in given if HAN.search(text)}


def test_no_reason_that_supervision_gives_stays_without_english():
    assert len(reasons_given()) > 15
    assert {one for one in reasons_given() if reason_of(one, SERVICE, IN_ENGLISH) == [Fact(one, True)]} == set()


def clocks_of_every_kind():
    counting = a_clock(budget=days(7))
    counting.pause(at=MONDAY + days(1), by=OF_SUPERVISION, reason=clocks.AWAITING)
    counting.resume(at=MONDAY + days(3), by="wang")
    counting.extend_to(MONDAY + days(12), at=MONDAY + days(4), by="wang", reason="材料未到")
    counting.wait_until(MONDAY + days(20), since=MONDAY + days(4), by=OF_SUPERVISION, reason="执行决议 I-1/S1/R1")
    yield counting
    fitted = a_clock(budget=days(7))
    fitted.fit([days(2)], since=MONDAY)
    yield fitted
    paused = a_clock(budget=hours(2) + hours(1 / 60))
    paused.pause(at=MONDAY, by="li", reason="等待业主")
    yield paused
    late = a_clock(budget=hours(2))
    late.strike(MONDAY + hours(3), MARKS)
    yield late
    ended = a_clock(budget=days(7))
    ended.end(at=MONDAY + days(1), by=OF_SUPERVISION, reason="结案:solved")
    yield ended
    met = a_clock(budget=days(7))
    met.meet(at=MONDAY + days(1), by=OF_SUPERVISION, reason=pending.REPLIED)
    yield met


def test_every_line_that_explains_a_clock_is_said_in_english_around_what_people_wrote():
    lines = [line for clock in clocks_of_every_kind() for line in explain(clock, MONDAY + days(5))]

    assert {pattern for pattern in LINES if any(re.fullmatch(pattern, line) for line in lines)} == set(LINES)
    for line in lines:
        assert not HAN.search(put(line_of(line, IN_ENGLISH))), line
        assert line_of(line, IN_CHINESE) == [Fact(line, True)]


def test_a_line_reads_so():
    (_, counted, held, *_), *_ = [explain(clock, MONDAY + days(5)) for clock in clocks_of_every_kind()]

    assert put(line_of(counted, IN_ENGLISH)) == (
        "Mon 2 March, 09:00 to Tue 3 March, 09:00: counting 1 day (supervision's clock)."
    )
    assert put(line_of(held, IN_ENGLISH)) == (
        "Tue 3 March, 09:00 to Thu 5 March, 09:00: on hold, not counting 2 days "
        "(supervision's clock, because: Handled; waiting for the residents' answer)."
    )


def test_every_word_of_which_lines_are_made_is_one_of_supervisions():
    source = Path(explanation.__file__).read_text("utf-8")

    assert all(word in source for word in clock_lines.WORDS | {CLOCK})


def test_a_clock_explains_itself_in_english(staff, services):
    clock = next(clocks_of_every_kind())
    services.answers |= case_things.answers()
    services.answers["supervision.explain_clock"] |= {"words": explain(clock, MONDAY + days(5))}
    page = staff("supervisor").get(f"/clocks/{case_things.CLOCK}", headers={"Accept-Language": ENGLISH}).text

    assert "on hold, not counting 2 days" in page
    assert 'because: <span lang="zh-CN">材料未到</span>' in page


def test_the_ledger_of_an_issue_says_in_english_what_nobody_wrote(visitor, board, monkeypatch):
    page = board.issue(ISSUE)
    lines = [("supervision", "疑难挂账,按计划推进"), ("wang.wei", "恢复计时")]
    ledger = [LedgerLine(at=NOW, kind=LedgerKind.PAUSED, by=by, reason=why, due_at=None) for by, why in lines]
    shown = replace(page, clocks=[replace(page.clocks[0], ledger=ledger)])
    monkeypatch.setattr(board, "issue", lambda *_, **__: shown)
    text = visitor.get(f"/issues/{ISSUE}", headers={"Accept-Language": ENGLISH}).text

    assert "On the pending list, going by its plan" in text
    assert '<span lang="zh-CN">恢复计时</span>' in text
    assert "supervision&#39;s clock" in text or "supervision's clock" in text
