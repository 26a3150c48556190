"""Entries as clerks enter them, and the instants of these tests."""

import base64
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
DISTRICT, STREET, COMMUNITY, OTHER = "110105", "110105017", "110105017003", "110105018"

_keys = count(1)


def hall(**changed: Any) -> dict[str, Any]:
    facts = {"name": "第三社区议事厅", "unit": COMMUNITY, "kind": "community", "address": "劲松三区312号楼"}
    return facts | {"opening_hours": "周一至周五 09:00-21:00", "contact": "010-00000000"} | changed


def community(**changed: Any) -> dict[str, Any]:
    return {"name": "新社区居委会", "kind": "neighbourhood", "parent": STREET} | changed


def entering(kind: str, entry_id: str, facts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A request to enter or change something."""
    asked = {"kind": kind, "entry_id": entry_id, "facts": facts, "why": "社区换了议事厅"}
    return asked | {"idempotency_key": f"k{next(_keys)}"} | more


def ending(kind: str, entry_id: str, **more: Any) -> dict[str, Any]:
    asked = {"kind": kind, "entry_id": entry_id, "why": "不再使用"}
    return asked | {"idempotency_key": f"k{next(_keys)}"} | more


def deciding(change_id: str, *, approve: bool) -> dict[str, Any]:
    asked = {"change_id": change_id, "approve": approve, "reason": "区里研究过"}
    return asked | {"idempotency_key": f"k{next(_keys)}"}


def book_of(*halls: dict[str, Any]) -> str:
    """A book of halls, as CSV."""
    rows = (",".join(one[name] for name in ("name", "unit", "address", "opening_hours", "contact")) for one in halls)
    return "\n".join(["名称,单位,地址,开放时间,联系方式,类型", *(f"{row},社区" for row in rows)])


def in_base64(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()
