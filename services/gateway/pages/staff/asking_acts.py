"""What can be asked for about a case 申请: more time, what only another organisation can do, the pending list, a model.

Others decide it, on the pages of requests. An organisation is named as the directory names it.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial

from services.gateway.pages.forms import Form
from services.gateway.pages.staff.acts import Act, Field
from services.gateway.pages.staff.directory_entries import entries_in
from services.gateway.pages.staff.proofs import MAY_PROVE, with_proofs
from services.gateway.pages.staff.task_acts import reason_of
from services.gateway.places import district_code
from services.gateway.words.catalogue import zh
from shared.auth import Role
from shared.contracts.requests import Want
from shared.errors import GongshangError

ASKERS = frozenset({Role.CLERK, Role.HANDLER, Role.LEADER})
OPEN = frozenset({"open"})
WHOLE_NAME = zh("写名录里的全称或编号")
TOLD = zh("会告知诉求人和热线，不要写居民的姓名。")


def _words(label: str, help: str = "") -> Field:
    return Field(name="words", label=label, help=help, longest=2000)


def _organisation(name: str, label: str) -> Field:
    return Field(name=name, label=label, look="line", help=WHOLE_NAME, longest=120)


def _act(
    method: str,
    title: str,
    follows: str,
    want: Want,
    *fields: Field,
    shaped: Callable[[Form], dict[str, object]] = with_proofs,
) -> Act:
    return Act(
        service="supervision",
        method=method,
        title=title,
        follows=follows,
        send=zh("提交申请"),
        fields=(reason_of(want), *fields, MAY_PROVE),
        roles=ASKERS,
        states=OPEN,
        shaped=shaped,
    )


def _naming(field: str, form: Form) -> dict[str, object]:
    return {**with_proofs(form), field: organisation_called(form[field])}


ACTS: Mapping[str, Act] = {
    "extension": _act(
        "ask_extension",
        zh("申请延期"),
        zh("由上一级的人批复。同意的，诉求、任务、回访的期限一起顺延，并把说明告知诉求人和热线。"),
        Want.EXTENSION,
        _words(zh("说明"), TOLD),
    ),
    "organisation": _act(
        "ask_organisation",
        zh("请别的单位协助"),
        zh("用于不归本区指挥的单位。答复之前，承办层级的时限暂停；居民的时限照常计算；到期没有答复的，记为未答复。"),
        Want.COOPERATION,
        _organisation("organisation_id", zh("请哪个单位")),
        _words(zh("请它做什么")),
        shaped=partial(_naming, "organisation_id"),
    ),
    "pending": _act(
        "ask_pending",
        zh("申请疑难挂账"),
        zh("由上级审批。同意的，把阶段性答复告知诉求人，承办层级的时限暂停，到复核日再看。"),
        Want.PENDING,
        _words(zh("为什么现在办不了")),
        Field(name="plan", label=zh("计划"), longest=2000),
        _organisation("owner", zh("由哪个单位落实")),
        Field(name="review_on", label=zh("复核日期"), look="day"),
        Field(name="interim_reply", label=zh("阶段性答复"), help=TOLD, longest=2000),
        shaped=partial(_naming, "owner"),
    ),
    "demonstration": _act(
        "ask_demonstration",
        zh("申请列为示范性项目"),
        zh("由区里批复。同意的，承办单位可以据此提级到区。"),
        Want.DEMONSTRATION,
        _words(zh("别处能学到什么"), TOLD),
    ),
}


def organisation_called(words: str) -> str:
    """The id of the organisation of this name or id; the words themselves where none is found: supervision says so."""
    with suppress(GongshangError):  # what was typed must not be lost because the directory is away
        for one in entries_in("organisation", district_code()) if words else ():
            if words in (one["entry_id"], one["facts"]["name"]):
                return str(one["entry_id"])
    return words
