"""Tables 名册 that somebody brings: a file that goes with the page, and what a service finds wrong in its rows."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from flask import request

from services.gateway.pages.forms import Form
from services.gateway.words.catalogue import zh
from services.gateway.words.explained import in_language

LARGEST_BOOK = 180 * 1024
"""So that it fits into the page that shows what will follow; a larger one is brought by command."""
NO_FILE, TOO_LARGE = zh("请选一个文件"), zh("文件超过 180 KB，请分成几个，或者请系统管理员用命令导入")
NOT_READ = zh("这个文件读不了")


def book_sent(form: Form, field: str) -> dict[str, str]:
    """The file that was chosen: its name, its bytes in base64. Empty where there is none; the form then says why."""
    sent = request.files.get(field)
    content = sent.stream.read(LARGEST_BOOK + 1) if sent is not None and sent.filename else b""
    if sent is None or not sent.filename:
        form.faults[field] = NO_FILE
    elif len(content) > LARGEST_BOOK:
        form.faults[field] = TOO_LARGE
    else:
        return {"name": sent.filename[-200:], "content": base64.b64encode(content).decode()}
    return {}


def faults_said(faults: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """In the reader's language."""
    return [{**one, "wrong": in_language(one["wrong"]), "right": in_language(one["right"])} for one in faults]


def faults_said_of(form: Form, field: str) -> str:
    """What a service refused about a field, in the reader's language; empty where it said nothing of it."""
    sentences = form.refused.fields.get(field, ()) if form.refused is not None else ()
    return " ".join(map(in_language, sentences))
