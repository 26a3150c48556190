"""What a page says when something can't be done: what happened, what was kept, what to try. By the answer's status."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.gateway.words.catalogue import zh


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is told of it."""

    title: str
    kept: str
    try_this: str


BY_CODE: Mapping[str, Trouble] = {
    "form_not_ours": Trouble(
        zh("这张表单打开得太久了"),
        zh("没有收下这次提交，没有改动任何东西。"),
        zh("可能登录已经过期，请重新登录或者重新打开那一页，再提交一次。"),
    ),
    "invite_not_good": Trouble(
        zh("这个链接不能再用"),
        zh("链接只能用一次，过几天就失效；没有改动任何东西。"),
        zh("如果刚刚设好了密码，请直接登录；否则请系统运维再发一个。"),
    ),
}
"""Of errors that ask for something else than their status does."""
TROUBLES: Mapping[int, Trouble] = {
    400: Trouble(
        zh("这个地址或这张表单写得不对"),
        zh("没有改动任何东西。"),
        zh("请回到上一页再试；如果是别人给您的链接，请看看是否复制完整。"),
    ),
    401: Trouble(zh("请先登录"), zh("没有改动任何东西。"), zh("登录后会回到这一页。")),
    403: Trouble(
        zh("这一页您现在不能看"),
        zh("这次查看已经记录，没有改动任何东西。"),
        zh("如果您的职责需要看，请找本单位的负责人开通相应岗位。"),
    ),
    404: Trouble(
        zh("没有这一页"),
        zh("也可能是不公开的议题，或者地址没有复制完整。"),
        zh("可以搜索议题、会议、决议和议事厅。"),
    ),
    405: Trouble(zh("这一步不能这样做"), zh("没有改动任何东西。"), zh("请回到上一页，用页面上的按钮。")),
    409: Trouble(
        zh("与已有的记录不一致"),
        zh("已有的记录没有改动。"),
        zh("可能别人刚刚办过，请回到上一页看看现在的情况。"),
    ),
    413: Trouble(zh("提交的内容太大"), zh("没有收下这次提交。"), zh("请把内容写得短一些，再提交一次。")),
    422: Trouble(zh("按规则现在不能这样做"), zh("没有改动任何东西。"), zh("请回到上一页看看现在的情况。")),
    429: Trouble(zh("来得太频繁了"), zh("没有改动任何东西。"), zh("请过一会儿再试。")),
    500: Trouble(
        zh("系统出了错"),
        zh("错误已经记录；已经提交成功的都还在。"),
        zh("请稍后再试；一直不行的，请告诉系统运维。"),
    ),
    503: Trouble(
        zh("这项服务暂时不可用"),
        zh("已经提交成功的都还在。"),
        zh("请过一两分钟再试；公示栏仍然可以看。"),
    ),
}
