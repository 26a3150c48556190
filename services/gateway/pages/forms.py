"""What somebody typed into a form, and what is wrong with it. It is never lost: the form is shown with it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request

from services.gateway.words.catalogue import zh
from shared.errors import GongshangError

MISSING = zh("请填写这一项")


@dataclass
class Form:
    """By the name of each field: what was typed, and its fault, in Chinese; and what a service refused."""

    typed: Mapping[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    refused: GongshangError | None = None

    @classmethod
    def sent(cls) -> "Form":
        """As it came with this request."""
        return cls({name: value.strip() for name, value in request.form.items()})

    def __getitem__(self, name: str) -> str:
        return self.typed.get(name, "")

    def needs(self, name: str, told: str = MISSING) -> None:
        """Something must stand there."""
        if not self[name]:
            self.faults.setdefault(name, told)

    def at_most(self, name: str, longest: int, told: str) -> None:
        """It is so long at most."""
        if len(self[name]) > longest:
            self.faults.setdefault(name, told)

    def one_of(self, name: str, allowed: Mapping[str, str], told: str) -> None:
        """It is one of what was offered."""
        if self[name] not in allowed:
            self.faults.setdefault(name, told)

    @property
    def is_good(self) -> bool:
        return not self.faults and not self.trouble
