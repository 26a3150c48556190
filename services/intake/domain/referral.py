"""Which other channel has an order 法定途径: its reference there, and since which day."""

from datetime import date, datetime
from typing import NamedTuple

from shared.clock import SHANGHAI
from shared.contracts.vocabulary import OtherChannel
from shared.errors import BadRequest

CHANNELS = {
    OtherChannel.COURT: "人民法院",
    OtherChannel.ARBITRATION: "仲裁机构",
    OtherChannel.PETITION_OFFICE: "信访部门",
}


class Referral(NamedTuple):
    """`reference` is told to the caller and the hotline alone."""

    channel: OtherChannel
    reference: str
    entered_on: str

    @property
    def words(self) -> str:
        """What the caller is told."""
        return (
            f"此事已于 {self.entered_on} 由{CHANNELS[self.channel]}受理(编号:{self.reference}),"
            "按该途径的程序办理,本工单不再办理。"
        )

    @property
    def reason(self) -> str:
        """Why the order leaves its issue."""
        return f"已由{CHANNELS[self.channel]}受理"

    def noted(self) -> dict[str, str]:
        return {"channel": self.channel.value, "reference": self.reference, "entered_on": self.entered_on}


def must_have_been(day: str, *, now: datetime) -> None:
    """Raises BadRequest for what is no day, or one that has not begun here."""
    try:
        is_to_come = date.fromisoformat(day) > now.astimezone(SHANGHAI).date()
    except ValueError:
        raise BadRequest(f"{day} is no day", {"entered_on": ["There is no such day."]}) from None
    if is_to_come:
        raise BadRequest(f"{day} has not begun", {"entered_on": ["Is in the future."]})
