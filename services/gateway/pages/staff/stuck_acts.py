"""Setting right what is stuck in a service: try it again, or all of its type, or give it up with a reason."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from flask import url_for

from services import SERVICES
from services.gateway.at_hand import ask
from services.gateway.pages.staff.acts import About, Act, Field
from services.gateway.person import Person
from services.gateway.words.catalogue import zh
from services.gateway.words.names import name_of
from shared.auth import Role
from shared.clock import for_people

OPERATORS = frozenset({Role.OPERATOR})


def _acts(service: str) -> Mapping[str, Act]:
    return {
        "retry": Act(
            service=service,
            method="retry_stuck",
            title=zh("再试一次"),
            follows=zh("马上重新处理，次数从头算起；原因没有排除的，过一会儿还会卡住。"),
            send=zh("再试一次"),
            fields=(),
            roles=OPERATORS,
        ),
        "drop": Act(
            service=service,
            method="drop_stuck",
            title=zh("放弃"),
            follows=zh("不再处理，不能恢复；排在它后面的接着处理。谁放弃的、为什么，和它一起留存。"),
            send=zh("放弃它"),
            fields=(Field(name="reason", label=zh("理由"), help=zh("写给以后查看的人；会留在记录里。"), longest=500),),
            roles=OPERATORS,
        ),
    }


def _acts_on_type(service: str) -> Mapping[str, Act]:
    return {
        "retry": Act(
            service=service,
            method="retry_all_stuck",
            title=zh("同一类型的全部再试"),
            follows=zh(
                "这个服务里这一类型卡住的，马上全部重新处理，次数从头算起；原因没有排除的，过一会儿还会卡住。"
                "死信队列里的不在其内。"
            ),
            send=zh("全部再试一次"),
            fields=(),
            roles=OPERATORS,
        )
    }


ACTS: Mapping[str, Mapping[str, Act]] = {service: _acts(service) for service in SERVICES}

TYPE_ACTS: Mapping[str, Mapping[str, Act]] = {service: _acts_on_type(service) for service in SERVICES}


def service_of(stuck_id: str) -> str:
    """Where it is stuck; empty where its id names no service."""
    service = stuck_id.partition(":")[0]
    return service if service in SERVICES else ""


def about_of(service: str) -> Callable[[str, Person, Act], About]:
    """What is stuck in this service."""
    return partial(_about, service)


def about_type(service: str) -> Callable[[str, Person, Act], About]:
    """All of one type that are stuck in this service, by the type's name."""
    return partial(_about_type, service)


def _about_type(service: str, wire_type: str, person: Person, act: Act) -> About:
    types = ask(service, "list_stuck", {}, by=person)["types"]
    number = next((one["number"] for one in types if one["type"] == wire_type), 0)
    return About(
        ids={"type": wire_type},
        title=wire_type,
        back=url_for("operations.stuck", service=service),
        facts=[(zh("服务"), name_of("service", service)), (zh("现在卡住的件数"), str(number))],
    )


def _about(service: str, stuck_id: str, person: Person, act: Act) -> About:
    one = ask(service, "get_stuck", {"stuck_id": stuck_id}, by=person)["stuck"]
    since = for_people(datetime.fromisoformat(one["since"])) if one["since"] else ""
    facts = [(zh("是什么"), f"{name_of('stuck_kind', one['kind'])} · {one['type']}"), (zh("从什么时候起"), since)]
    facts.append((zh("排在后面的"), str(one["behind"])))
    return About(
        ids={"stuck_id": stuck_id},
        title=stuck_id,
        back=url_for("operations.stuck", service=service),
        facts=[fact for fact in facts if fact[1]],
    )
