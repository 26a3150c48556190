"""What somebody typed into a form, and what is wrong with it. It is never lost: the form is shown with it again."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from typing import IO

from flask import request
from flask.typing import ResponseReturnValue

from services.gateway.trouble import again_later, status_of
from services.gateway.words.catalogue import zh
from shared.errors import GongshangError, Unavailable

MISSING = zh("请填写这一项")
NO_PLACE = zh("请写明原件存放在哪里，例如网盘的地址，或档案柜的编号")
PLACE_TOO_LONG = zh("存放处写得太长了，请缩短一些")
LONGEST_PLACE, LONGEST_NAME = 300, 190
BETWEEN = re.compile("[、，,；;\n]")
READ_AT_ONCE = 1024 * 1024
AWAY = zh("没有提交成功：系统暂时收不下，请过一两分钟再提交")


@dataclass
class Form:
    """What was typed, and what is wrong with it, by the name of each field; `labels` are what they are called.

    Where several were ticked, what was typed has 、 between them. `refused` is what a service refused.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""
    refused: GongshangError | None = None

    @classmethod
    def sent(cls) -> "Form":
        """As it came with this request."""
        return cls({name: "、".join(values).strip() for name, values in request.form.lists()})

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

    def several(self, name: str) -> list[str]:
        """What stands there with 、 or a like mark between, each once."""
        return list(dict.fromkeys(one.strip() for one in BETWEEN.split(self[name]) if one.strip()))

    def each_of(self, name: str, allowed: Mapping[str, str], told: str) -> None:
        """Each is one of what was offered, by its code or its name; anything, where nothing was."""
        if allowed and not set(self.several(name)) <= {*allowed, *allowed.values()}:
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

    def take_files(self, name: str) -> None:
        """Add to what stands there a line for each file that came: its place and name, a blank, its SHA-256.

        The lines go on with the form, so that one which is shown again needs no file twice. No file is kept.
        """
        files = [one for one in request.files.getlist(name) if one.filename]
        place = self[place_of(name)].rstrip("/")
        if len(place) > LONGEST_PLACE:
            self.faults.setdefault(name, PLACE_TOO_LONG)
        elif files and not place:
            self.faults.setdefault(name, NO_PLACE)
        else:
            lines = [f"{place}/{_one_line(one.filename or '')} {_sha256(one.stream)}" for one in files]
            self.typed = {**self.typed, name: "\n".join([*self[name].splitlines(), *lines])}

    @property
    def is_good(self) -> bool:
        return not self.faults and not self.trouble


def place_of(name: str) -> str:
    """The field that says where the files of a field are kept."""
    return f"{name}_at"


def _one_line(name: str) -> str:
    return " ".join(name.split())[-LONGEST_NAME:]


def _sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while part := file.read(READ_AT_ONCE):
        digest.update(part)
    return digest.hexdigest()


def again(page: str, form: Form) -> ResponseReturnValue:
    """The page with its form once more, with the status that says why."""
    if isinstance(form.refused, Unavailable):
        return again_later(page, form.refused)
    return page, status_of(form.refused) if form.refused else HTTPStatus.UNPROCESSABLE_ENTITY
