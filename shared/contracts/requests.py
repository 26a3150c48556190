"""What one person may ask for and another decides 请示, and the reasons for each: a closed list, with words beside it.

Rank, and that others have more urgent work, are on no list.
"""

from enum import StrEnum


class Want(StrEnum):
    """What is asked for: 延期."""

    EXTENSION = "extension"


class RequestReason(StrEnum):
    """Why. Of an extension: 工程量大, 等待材料设备, 恶劣天气, 等待其他单位配合, 需居民配合."""

    COMPLEX_WORK = "complex_work"
    MATERIALS = "materials"
    WEATHER = "weather"
    OTHER_PARTY = "other_party"
    RESIDENTS = "residents"


REASONS: dict[Want, tuple[RequestReason, ...]] = {
    Want.EXTENSION: (
        RequestReason.COMPLEX_WORK,
        RequestReason.MATERIALS,
        RequestReason.WEATHER,
        RequestReason.OTHER_PARTY,
        RequestReason.RESIDENTS,
    ),
}
"""Which are reasons for what."""
