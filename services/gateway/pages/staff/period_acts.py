"""What is done with an evaluation period 考评周期: freeze it, publish it, mend what was published."""

from collections.abc import Mapping

from flask import url_for

from services.gateway.at_hand import ask
from services.gateway.filters import percent
from services.gateway.pages.staff.acts import About, Act, Field
from services.gateway.person import Person
from services.gateway.reader import times
from services.gateway.words.catalogue import zh
from shared.auth import Role

EVALUATORS = frozenset({Role.EVALUATOR})

ACTS: Mapping[str, Act] = {
    "freeze": Act(
        service="evaluation",
        method="freeze_period",
        title=zh("冻结这个周期"),
        follows=zh(
            "三率、名次和四类街道乡按下面的样本定下来，从此不再变动；之后才听到的回访计入下一周期。冻结后还不公开。"
        ),
        send=zh("冻结"),
        fields=(),
        roles=EVALUATORS,
        states=frozenset({"over"}),
    ),
    "publish": Act(
        service="evaluation",
        method="publish_period",
        title=zh("公布结果"),
        follows=zh("名次连同区间和样本数登上公示栏，人人可见，不能撤回；发现错误的，只能公开更正。"),
        send=zh("公布"),
        fields=(),
        roles=EVALUATORS,
        states=frozenset({"frozen"}),
    ),
    "erratum": Act(
        service="evaluation",
        method="issue_erratum",
        title=zh("公开更正"),
        follows=zh("更正写在公示栏的结果上面，人人可见；冻结的结果和校验码保持原样。"),
        send=zh("公布更正"),
        fields=(
            Field(name="reason", label=zh("哪里错了"), help=zh("写清楚是哪个单位、哪一项。"), longest=2000),
            Field(name="correction", label=zh("正确的是什么"), longest=4000),
        ),
        roles=EVALUATORS,
        states=frozenset({"published"}),
    ),
}


def about(period_id: str, person: Person, act: Act) -> About:
    """The period with what is fixed, or shown to everybody, by the act."""
    told = ask("evaluation", "get_rates", {"period_id": period_id}, by=person)
    rates = told["overall"]
    facts = [
        (zh("样本"), str(rates["samples"])),
        (zh("响应率"), percent(rates["response_ratio"])),
        (zh("解决率"), percent(rates["resolution_ratio"])),
        (zh("满意率"), percent(rates["satisfaction_ratio"])),
        (zh("规则版本"), told["policy_version"]),
    ]
    return About(
        ids={"period_id": period_id},
        title=times().period(period_id),
        back=url_for("evaluation.one", period_id=period_id),
        facts=facts,
    )
