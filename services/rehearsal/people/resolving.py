"""The tasks that a resolution of the exercise gives, each with its five things and its funding."""

from datetime import datetime, timedelta
from typing import Any

from services.rehearsal.dice import Dice
from services.rehearsal.shares import shares

FREELY_GIVEN = {"payer": "共建单位", "share_ratio": 0.5, "money": "donations"}
PAYS_HALF = {
    "public": {"payer": "街道", "share_ratio": 0.5, "money": "public"},
    "owners": {"payer": "专项维修资金", "share_ratio": 0.5, "money": "owners"},
}
"""Who bears the half that was asked for."""


def tasks_of(dice: Dice, ref: str, title: str, *, money: str, now: datetime) -> list[dict[str, Any]]:
    """One or two, paid for freely, and by those whose `money` it is where they were asked."""
    return [_task(dice, f"{ref}:{number}", number, title, money, now) for number in range(1, _count(dice, ref) + 1)]


def _count(dice: Dice, ref: str) -> int:
    return dice.whole(1, 2, "tasks", ref)


def _task(dice: Dice, ref: str, number: int, title: str, money: str, now: datetime) -> dict[str, Any]:
    first, last = shares().councils.task_days
    return {
        "what": f"落实决议:{title[:60]}({number})",
        "leader": "街道办事处副主任",
        "department": "社区建设办公室" if number == 1 else "城市管理办公室",
        "person": f"经办人{dice.whole(1, 9, 'person', ref)}号",
        "co_units": ["社区居委会"],
        "due_at": (now + timedelta(days=dice.whole(first, last, "task", ref))).isoformat(),
        "funding": [
            PAYS_HALF.get(money, FREELY_GIVEN),
            {"payer": "物业企业", "share_ratio": 0.3, "money": "donations"},
            {"payer": "居民", "share_ratio": 0.2, "money": "donations"},
        ],
    }
