"""That a clerk confirmed how an issue is spoken of, as every service that shows it hears it."""

from datetime import datetime

from shared.contracts.intake import WordingConfirmedV1
from shared.contracts.vocabulary import Publicity

WORDS = "小区东门停车位的使用规则"


def worded(
    issue_id: str, unit_code: str, *, at: datetime, title: str = WORDS, publicity: Publicity = Publicity.PUBLIC
) -> WordingConfirmedV1:
    return WordingConfirmedV1(
        issue_id=issue_id,
        unit_code=unit_code,
        category="parking",
        title=title,
        publicity=publicity,
        confirmed_by="zhao",
        confirmed_at=at,
    )
