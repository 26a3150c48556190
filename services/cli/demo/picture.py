"""The way of the complaints as a picture in the terminal, each stage with what it came to."""

from collections.abc import Mapping
from typing import Any

from rich.cells import set_cell_size

LEFT = 36


def flow_picture(figures: Mapping[str, Any], rates: Mapping[str, Any]) -> str:
    """`figures` as the report counts them; `rates` are shares or None."""
    complaints, issues, tasks = figures["complaints"], figures["issues"], figures["tasks"]
    sessions, resolutions = figures["sessions"], figures["resolutions"]
    climbs = " · ".join(f"{name.replace('_to_', ' → ')} {count}" for name, count in figures["escalations"].items())
    return "\n".join(
        (
            *said_and_taken_in(complaints),
            f"      │ {complaints['accepted']} accepted: {issues['raised']} issues, "
            f"{issues['without_orders']} without orders",
            f"      ├{'─' * (LEFT - 7)}┐",
            row("      ▼", "▼"),
            row("办 handled", "议 deliberated"),
            row(f"   tasks done {tasks['done']}", f"sessions held {sessions['held']}"),
            row(
                f"   returned {tasks['returned']} · open {tasks['open']}",
                f"put off {sessions['postponed']} · inquorate {sessions['inquorate']}",
            ),
            row(
                "      │  ◀── tasks that follow ───",
                f"carried {resolutions['adopted']} · failed {resolutions['failed']}",
            ),
            *beside_the_hall(figures["polls"], resolutions),
            row("      │", "│"),
            f"      ├{'─' * (LEFT - 7)}┘",
            "      ▼",
            f"督 supervised ─── climbed: {climbs}",
            *asked_and_mended(figures),
            "      │",
            "      ▼",
            f"评 evaluated ─── {rates_of(rates)} · self-checks {figures['self_checks']}",
            "      │",
            "      ▼",
            f"   closed {issues['closed']} · open {issues['open']} · came back {issues['relapsed']}",
        )
    )


def said_and_taken_in(complaints: Mapping[str, int]) -> tuple[str, ...]:
    """What came, and what became of it at once."""
    answers = f"answered at once {complaints['answered']} · urged {complaints['urged']}"
    return (
        "hotline 12345 and residents",
        f"      │ {complaints['sent']} orders, {complaints['represented']} for somebody else, "
        f"{complaints['petitions']} petitions, {complaints['matters']} about more than one thing",
        "      ▼",
        f"集 collected ─── {answers} · refused {complaints['rejected']}",
        f"      │            {elsewhere(complaints)}",
    )


def elsewhere(complaints: Mapping[str, int]) -> str:
    """What became of orders beside the usual way."""
    later = listed(complaints, "merged", "recalled", "amended", "withdrawn", "reinstated")
    away = f"handed over {complaints['handed_over']} · before a court {complaints['referred']}"
    return f"{away} · answered later {complaints['answered_later']} · {later}"


def beside_the_hall(polls: Mapping[str, int], resolutions: Mapping[str, int]) -> tuple[str, ...]:
    """What went from door to door, and what was said against resolutions."""
    return (
        row("      │", f"polls {polls['opened']}: {listed(polls, 'carried', 'lost', 'void')}"),
        row("      │", f"objected {resolutions['objected']}, declined {resolutions['declined']}:"),
        row("      │", listed(resolutions, "stands", "returned", "referred", "unanswered")),
    )


def listed(counts: Mapping[str, int], *names: str) -> str:
    return " · ".join(f"{name} {counts[name]}" for name in names)


def asked_and_mended(figures: Mapping[str, Any]) -> tuple[str, ...]:
    """What people asked for beside the usual way, and what was put right."""
    mended = f"corrected {figures['corrections']} · dispatched again {figures['redispatched']}"
    asked = (
        ("asked for", figures["requests"], f" · appealed {figures['appeals']} · pending {figures['pending']}"),
        ("asked of organisations", figures["organisations_asked"], ""),
        ("asked of the hotline", figures["hotline_asked"], ""),
    )
    return (
        *(f"      │           {what} {counts['asked']}: {decided(counts)}{more}" for what, counts, more in asked),
        f"      │           {mended} · sessions lapsed {figures['lapsed_sessions']}"
        f" · incidents settled {figures['incidents_settled']}",
    )


def decided(counts: Mapping[str, int]) -> str:
    return f"{listed(counts, 'granted', 'refused')} · by default {counts['defaulted']}"


def row(left: str, right: str) -> str:
    """Two columns; Chinese characters are two cells wide."""
    return set_cell_size(left, LEFT) + right


def rates_of(rates: Mapping[str, Any]) -> str:
    shares = {name: rates.get(name) for name in ("response", "resolution", "satisfaction", "composite")}
    return " · ".join(f"{name} {'-' if share is None else f'{share:.0%}'}" for name, share in shares.items())
