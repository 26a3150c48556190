"""Time is told once: periods in days are counted in one place, and here is who asks for them.

Due instants are supervision's. What is not a clock of its: when a notice has been out long enough, and how long
something is displayed. Whoever adds one names it here; nobody counts working days for themselves.
"""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COUNTED_BY = {
    "services/councils/domain/slot.py": "when a session may begin whose notice is out",
    "services/deliberation/use_cases/displays.py": "by when an objection to a resolution is answered",
    "services/deliberation/use_cases/polls.py": "when a poll opens and closes",
    "services/intake/use_cases/hotline_requests.py": "by when the hotline's answer is reckoned with",
    "services/deliberation/use_cases/resolutions.py": "how long a resolution is displayed",
}
COUNTING = {"add_working_days", "working_days_between"}


def callers_of(names: set[str]) -> set[str]:
    """Files of services in which a method of one of these names is called."""
    return {
        str(file.relative_to(ROOT))
        for file in (ROOT / "services").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names
    }


def test_periods_in_days_are_asked_for_by_those_named_here():
    assert callers_of({"ends_at", "last_day"}) == set(COUNTED_BY)


def test_no_service_counts_days_for_itself():
    assert callers_of(COUNTING) == set()
