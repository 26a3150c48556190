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
    "unknown_order": zh("没有这个编号的诉求"),
    "unknown_issue": zh("没有这个编号的议题"),
    "unknown_unit": zh("没有这个单位"),
    "relayed_by_district": zh("这是区里转派的，由区里更正单位，不向热线退单"),
    "return_too_late": zh("可以退单的时间已经过了"),
    "not_linked": zh("这件诉求不在任何议题里，不能这样办"),
    "already_linked": zh("这件诉求已经在这个议题里"),
    "issue_closed": zh("这个议题已经办结，不能再变动"),
    "last_order": zh("议题里只有这一件诉求，不能分出"),
    "order_state_forbids": zh("这件诉求现在的状态不能这样办，可能别人刚刚办过"),
    "hand_over_instead": zh("这是紧急情况，不能用答复了结，请移交 110、119 或 120"),
    "has_orders": zh("有居民反映过这个议题，只能由他们各自撤回"),
    "not_handed_over": zh("这件诉求没有等着跟进的紧急移交"),
    "outside_your_desk": zh("这个单位不归您的受理台交办，请由区受理台交办"),
    "nothing_to_correct": zh("本来就是这样，没有要更正的"),
    "returned_before": zh("热线已经要求恢复办理，不能再退，请交给一个单位"),
    "reason_of_others": zh("这个查看理由属于别的岗位"),
    "against_others": zh("两边反映的不是同一个单位，不能并在一起"),
    "not_for_the_public": zh("里面有能认出人或哪一户的内容（姓名、电话、门牌等），请改写"),
    "unreadable": zh("原话是用另一把密钥封存的，这里打不开"),
    "not_signed": zh("这件诉求没有联名，不用核实"),
    "unknown_request": zh("没有这件申请"),
    "own_request": zh("是您自己提出的，须由别人批复"),
    "already_decided": zh("这件申请已经批复过了"),
    "decided_before": zh("您批复过这件事，申诉须由别人批复"),
    "already_asked": zh("同样的申请正在等批复"),
    "unknown_session": zh("没有这次会议"),
    "unknown_motion": zh("没有这项动议"),
    "session_not_open": zh("会议现在的状态不能这样办"),
    "session_too_early": zh("还没到公告的开会时间"),
    "session_lapsed": zh("逾期没有开会，这次会议不能再开，议题会另排日期"),
    "session_unfinished": zh("还有动议没有结果，或者通过的动议还没有决议，不能闭会"),
    "attendance_refused": zh("这个人没有受邀，或者现在不在会场"),
    "step_out_of_order": zh("动议要一步一步来：动议、附议、反对方陈述、辩论、议事能手意见，然后表决"),
    "motion_repeated": zh("同样的动议表决过，须写明新情况"),
    "speaker_refused": zh("这个人此时不能发言：要在会场，主持人不参加，次数也有限"),
    "debate_unfinished": zh("两边都说过或者都没有补充，才能结束辩论"),
    "expert_unheard": zh("有议事能手在会场，要先听意见"),
    "off_the_notice": zh("只能动议通知里写明的事，金额不得超过通知"),
    "no_quorum": zh("到会仍不足法定人数，不能再次表决"),
    "recusal_refused": zh("这个回避不能记"),
    "ballots_refused": zh("有的票不能投：不在会场、已回避或者重复；都没有计"),
    "resolution_refused": zh("这样不能形成决议，请看任务是否写全、是否维持现状"),
    "clerk_missing": zh("主持人之外须有人记录：请另一位工作人员先记到会，再宣布开会"),
    "minutes_not_ready": zh("纪要还没到这一步：先征求意见，期满后才能签署"),
    "signature_refused": zh("纪要由主持人和记录员两个人各签各的"),
    "unknown_objection": zh("没有这条意见"),
    "not_appealable": zh("这件申请不能申诉，或者已经申诉过"),
    "no_callback_open": zh("现在没有要问这位诉求人的：可能别人刚刚问过，或者还没有到期"),
    "incomplete_answer": zh("打通了的，三个问题都要有回答"),
    "unknown_task": zh("没有这个任务"),
    "task_state_forbids": zh("任务现在的状态不能这样办，可能别人刚刚办过"),
    "return_refused": zh("这次退单已经申请过，没有同意；不服的可以申诉"),
    "assignment_forced": zh("这是强制派单，不能再退，须由本岗办理"),
    "waits_for_no_council": zh("紧急任务不能等议事"),
    "milestone_out_of_order": zh("节点要按立项、采购、办理、验收的次序记"),
    "not_resolved": zh("只有议事决议交办的任务才能不予承办"),
    "evidence_missing": zh("办结须有佐证材料"),
    "extension_used_up": zh("延期的次数已经用完"),
    "clock_forbids": zh("时限现在的状态不能这样办：可能已经到期、办结或者正在暂停"),
    "outside_your_unit": zh("这件事不在您的辖区"),
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
