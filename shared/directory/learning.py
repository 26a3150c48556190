"""What every service does with the directory's news."""

from shared.bus.moment import Moment
from shared.bus.work import Store
from shared.contracts.base import Event


def learn(work: Store, event: Event, at: Moment) -> None:
    """Take over what is told, once, in whatever order it comes."""
    work.directory.learn(event)
