"""What one person may ask for and another decides 请示, and the reasons for each: a closed list, with words beside it.

Rank, and that others have more urgent work, are on no list.
"""

from enum import StrEnum


class Want(StrEnum):
    """What is asked for: 延期, 疑难挂账; 协助, of whom nobody here commands; of the hotline 退单, 剔除, 再次回访;
    改派 of a task; 会议延期; for an order 转办, 紧急程度调整, 恢复办理; 撤回 of an issue that nobody called about;
    同意示范 of the district.
    """

    EXTENSION = "extension"
    COOPERATION = "cooperation"
    PENDING = "pending"
    RETURN = "return"
    EXCLUSION = "exclusion"
    CALLBACK = "callback"
    TASK_RETURN = "task_return"
    POSTPONEMENT = "postponement"
    TRANSFER = "transfer"
    URGENCY = "urgency"
    REINSTATEMENT = "reinstatement"
    WITHDRAWAL = "withdrawal"
    DEMONSTRATION = "demonstration"


class RequestReason(StrEnum):
    """Why. Of an extension: 工程量大, 等待材料设备, 恶劣天气, 等待其他单位配合, 需居民配合. Of cooperation: 属其用地,
    属其设施, 需其提供资料. Of the pending list: 历史遗留, 资金, 规划审批, 权属不清, 意见不一, 技术条件. Of a return:
    非本单位职责, 非本单位辖区; of a task and a transfer the same. Of an exclusion: 超出权限, 法定途径, 于法不符,
    虚假恶意, 不可抗力, 上级规划已定. Of another callback: 接听者非诉求人, 其后已解决. Of a postponement: 会场无法使用,
    已知到会不足法定人数, 恶劣天气, 丧事, 卫生健康部门要求, 突发事件处置, 当事人病重. Of urgency: 危及安全,
    停水停电停热, 涉及特殊群体, 险情已除. Of reinstatement: 诉求人坚持, 新情况, 答复有误. Of withdrawal: 提出人撤回,
    已另行办理, 重复立项. Of a demonstration: 具有引领性, 具有普遍性, 具有参与性.
    """

    COMPLEX_WORK = "complex_work"
    MATERIALS = "materials"
    WEATHER = "weather"
    OTHER_PARTY = "other_party"
    RESIDENTS = "residents"
    THEIR_LAND = "their_land"
    THEIR_FACILITY = "their_facility"
    THEIR_RECORDS = "their_records"
    HISTORY = "history"
    FUNDS = "funds"
    PLANNING = "planning"
    OWNERSHIP = "ownership"
    DISAGREEMENT = "disagreement"
    TECHNIQUE = "technique"
    NOT_OUR_DUTY = "not_our_duty"
    NOT_OUR_AREA = "not_our_area"
    OUTSIDE_AUTHORITY = "outside_authority"
    STATUTORY_CHANNEL = "statutory_channel"
    AGAINST_THE_LAW = "against_the_law"
    FALSE_OR_MALICIOUS = "false_or_malicious"
    FORCE_MAJEURE = "force_majeure"
    FIXED_BY_HIGHER_PLAN = "fixed_by_higher_plan"
    NOT_THE_CALLER = "not_the_caller"
    SOLVED_SINCE = "solved_since"
    HALL_LOST = "hall_lost"
    QUORUM_AWAY = "quorum_away"
    DEATH = "death"
    HEALTH_ORDER = "health_order"
    EMERGENCY = "emergency"
    ILLNESS = "illness"
    DANGER = "danger"
    SUPPLY_CUT = "supply_cut"
    VULNERABLE = "vulnerable"
    DANGER_OVER = "danger_over"
    CALLER_INSISTS = "caller_insists"
    NEW_FACTS = "new_facts"
    WRONG_ANSWER = "wrong_answer"
    PROPOSER = "proposer"
    DONE_OTHERWISE = "done_otherwise"
    RAISED_TWICE = "raised_twice"
    GUIDING = "guiding"
    GENERAL = "general"
    PARTICIPATORY = "participatory"


OF_PLACING = (RequestReason.NOT_OUR_DUTY, RequestReason.NOT_OUR_AREA)
REASONS: dict[Want, tuple[RequestReason, ...]] = {
    Want.EXTENSION: (
        RequestReason.COMPLEX_WORK,
        RequestReason.MATERIALS,
        RequestReason.WEATHER,
        RequestReason.OTHER_PARTY,
        RequestReason.RESIDENTS,
    ),
    Want.COOPERATION: (RequestReason.THEIR_LAND, RequestReason.THEIR_FACILITY, RequestReason.THEIR_RECORDS),
    Want.PENDING: (
        RequestReason.HISTORY,
        RequestReason.FUNDS,
        RequestReason.PLANNING,
        RequestReason.OWNERSHIP,
        RequestReason.DISAGREEMENT,
        RequestReason.TECHNIQUE,
    ),
    Want.RETURN: OF_PLACING,
    Want.TASK_RETURN: OF_PLACING,
    Want.TRANSFER: OF_PLACING,
    Want.EXCLUSION: (
        RequestReason.OUTSIDE_AUTHORITY,
        RequestReason.STATUTORY_CHANNEL,
        RequestReason.AGAINST_THE_LAW,
        RequestReason.FALSE_OR_MALICIOUS,
        RequestReason.FORCE_MAJEURE,
        RequestReason.FIXED_BY_HIGHER_PLAN,
    ),
    Want.CALLBACK: (RequestReason.NOT_THE_CALLER, RequestReason.SOLVED_SINCE),
    Want.POSTPONEMENT: (
        RequestReason.HALL_LOST,
        RequestReason.QUORUM_AWAY,
        RequestReason.WEATHER,
        RequestReason.DEATH,
        RequestReason.HEALTH_ORDER,
        RequestReason.EMERGENCY,
        RequestReason.ILLNESS,
    ),
    Want.URGENCY: (
        RequestReason.DANGER,
        RequestReason.SUPPLY_CUT,
        RequestReason.VULNERABLE,
        RequestReason.DANGER_OVER,
    ),
    Want.REINSTATEMENT: (RequestReason.CALLER_INSISTS, RequestReason.NEW_FACTS, RequestReason.WRONG_ANSWER),
    Want.WITHDRAWAL: (RequestReason.PROPOSER, RequestReason.DONE_OTHERWISE, RequestReason.RAISED_TWICE),
    Want.DEMONSTRATION: (RequestReason.GUIDING, RequestReason.GENERAL, RequestReason.PARTICIPATORY),
}
"""Which are reasons for what."""
