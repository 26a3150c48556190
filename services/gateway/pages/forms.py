"""What somebody typed into a form, and what is wrong with it. It is never lost: the form is shown with it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus

from flask import request
from flask.typing import ResponseReturnValue

from services.gateway.trouble import again_later, status_of
from services.gateway.words.catalogue import zh
from shared.errors import GongshangError, Unavailable

MISSING = zh("请填写这一项")
AWAY = zh("没有提交成功：系统暂时收不下，请过一两分钟再提交")


@dataclass
class Form:
    """By the name of each field: what was typed, its fault, what it is called, in Chinese; what a service refused."""

    typed: Mapping[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
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

    def is_number(self, name: str, most_digits: int, told: str) -> None:
        """It is a whole number, not below zero."""
        if not (self[name].isascii() and self[name].isdigit() and len(self[name]) <= most_digits):
            self.faults.setdefault(name, told)

    def is_day(self, name: str, told: str) -> None:
        """It is a day as a browser's field for days sends it."""
        try:
            is_day = date.fromisoformat(self[name]).isoformat() == self[name]
        except ValueError:
            is_day = False
        if not is_day:
            self.faults.setdefault(name, told)

    @property
    def is_good(self) -> bool:
        return not self.faults and not self.trouble


def again(page: str, form: Form) -> ResponseReturnValue:
    """The page with its form once more, with the status that says why."""
    if isinstance(form.refused, Unavailable):
        return again_later(page, form.refused)
    return page, status_of(form.refused) if form.refused else HTTPStatus.UNPROCESSABLE_ENTITY
