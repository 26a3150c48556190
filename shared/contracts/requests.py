"""What one person may ask for and another decides 请示, and the reasons for each: a closed list, with words beside it.

Rank, and that others have more urgent work, are on no list.
"""

from enum import StrEnum


class Want(StrEnum):
    """What is asked for: 延期; 协助, of an organisation that nobody here commands; 疑难挂账."""

    EXTENSION = "extension"
    COOPERATION = "cooperation"
    PENDING = "pending"


class RequestReason(StrEnum):
    """Why. Of an extension: 工程量大, 等待材料设备, 恶劣天气, 等待其他单位配合, 需居民配合. Of cooperation: 属其用地,
    属其设施, 需其提供资料. Of the pending list: 历史遗留, 资金, 规划审批, 权属不清, 意见不一, 技术条件.
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
}
"""Which are reasons for what."""
