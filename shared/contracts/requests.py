"""What one person may ask for and another decides 请示, and the reasons for each: a closed list, with words beside it.

Rank, and that others have more urgent work, are on no list.
"""

from enum import StrEnum


class Want(StrEnum):
    """What is asked for: 延期, 疑难挂账; 协助, of whom nobody here commands; of the hotline 退单, 剔除, 再次回访."""

    EXTENSION = "extension"
    COOPERATION = "cooperation"
    PENDING = "pending"
    RETURN = "return"
    EXCLUSION = "exclusion"
    CALLBACK = "callback"


class RequestReason(StrEnum):
    """Why. Of an extension: 工程量大, 等待材料设备, 恶劣天气, 等待其他单位配合, 需居民配合. Of cooperation: 属其用地,
    属其设施, 需其提供资料. Of the pending list: 历史遗留, 资金, 规划审批, 权属不清, 意见不一, 技术条件. Of a return:
    非本单位职责, 非本单位辖区. Of an exclusion: 超出权限, 法定途径, 于法不符, 虚假恶意, 不可抗力, 上级规划已定. Of
    another callback: 接听者非诉求人, 其后已解决.
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
    Want.RETURN: (RequestReason.NOT_OUR_DUTY, RequestReason.NOT_OUR_AREA),
    Want.EXCLUSION: (
        RequestReason.OUTSIDE_AUTHORITY,
        RequestReason.STATUTORY_CHANNEL,
        RequestReason.AGAINST_THE_LAW,
        RequestReason.FALSE_OR_MALICIOUS,
        RequestReason.FORCE_MAJEURE,
        RequestReason.FIXED_BY_HIGHER_PLAN,
    ),
    Want.CALLBACK: (RequestReason.NOT_THE_CALLER, RequestReason.SOLVED_SINCE),
}
"""Which are reasons for what."""
