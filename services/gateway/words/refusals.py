"""Why something was refused, in the words of an office: by the error's code, else by what kind of error it is."""

from collections.abc import Mapping

from services.gateway.words.catalogue import zh
from shared.errors import BadRequest, Conflict, GongshangError, NotAllowed, NotFound, Refused, Unavailable

BY_CODE: Mapping[str, str] = {
    "wrong_login": zh("用户名和密码对不上；连续输错多次的，要等一会儿才能再试"),
    "invite_not_good": zh("这个链接已经用过、过期或者无效，请重新要一个"),
    "password_too_weak": zh("这个密码太容易猜到"),
    "form_not_ours": zh("这张表单打开得太久了，请重新打开页面再提交"),
    "too_many": zh("来得太频繁了，请过一会儿再试"),
    "own_matter": zh("这件事涉及您自己的单位，须由别人来办"),
    "display_over": zh("这项决议的公示期已经过了"),
    "not_authenticated": zh("请先登录"),
    "token_expired": zh("登录已经过期，请重新登录"),
}
BY_KIND: Mapping[type[GongshangError], str] = {
    BadRequest: zh("有一项填得不对"),
    NotAllowed: zh("您现在的岗位不能这样做"),
    NotFound: zh("没有找到"),
    Conflict: zh("与已有的记录不一致，可能别人刚刚办过"),
    Refused: zh("按规则现在不能这样做"),
    Unavailable: zh("系统暂时办不了，请过一两分钟再试"),
}
OTHERWISE = zh("没有办成")


def refusal(error: GongshangError) -> str:
    """Its Chinese words."""
    if error.code in BY_CODE:
        return BY_CODE[error.code]
    return next((words for kind, words in BY_KIND.items() if isinstance(error, kind)), OTHERWISE)
