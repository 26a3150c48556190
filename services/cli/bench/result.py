"""What a benchmark found, as programs and as people read it."""

from dataclasses import dataclass, field
from typing import Any

from services.cli.output import table


@dataclass
class Result:
    """`ratios` compare figures with baselines of the same run."""

    name: str
    figures: dict[str, Any] = field(default_factory=dict)
    baselines: dict[str, Any] = field(default_factory=dict)
    ratios: dict[str, Any] = field(default_factory=dict)
    machine: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "figures": self.figures,
            "baselines": self.baselines,
            "ratios": self.ratios,
            "machine": self.machine,
        }

    def as_text(self) -> str:
        """A table with a line per value."""
        parts = {"figures": self.figures, "baselines": self.baselines, "ratios": self.ratios, "machine": self.machine}
        rows = [(part, name, value) for part, values in parts.items() for name, value in flat(values).items()]
        return f"bench {self.name}\n" + table(("", "NAME", "VALUE"), rows)


def together(results: list[Result]) -> Result:
    """Several results as one of the name `all`, each part keyed by the benchmark's name."""
    return Result(
        name="all",
        figures={one.name: one.figures for one in results},
        baselines={one.name: one.baselines for one in results},
        ratios={one.name: one.ratios for one in results},
        machine=results[-1].machine,
    )


def flat(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested values by dotted names."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        dotted = f"{prefix}{name}"
        if isinstance(value, dict):
            found |= flat(value, f"{dotted}.")
        else:
            found[dotted] = value
    return found


def ratio(one: float, other: float) -> float | None:
    return round(one / other, 3) if other else None
