"""Gongshang's services. `SERVICES` names those that hold business state, each with a database and an inbox of its own.

`ANSWERING` are the processes that answer calls: one per service, and `escalation`, the door for street systems. It
stands on supervision's code and database, and is a process of its own so that a call never waits for a burst of events.
`PROCESSES` are all that run: beside those the gateway, which people reach with a browser.
"""

SERVICES = ("directory", "intake", "councils", "deliberation", "dispatch", "supervision", "evaluation", "board")
ANSWERING = (*SERVICES, "escalation")
GATEWAY = "gateway"
PROCESSES = (*ANSWERING, GATEWAY)


def home_of(process: str) -> str:
    """The service whose code and database a process uses."""
    return "supervision" if process == "escalation" else process


def program_of(process: str) -> tuple[str, ...]:
    """The module that runs it, and the words that go behind."""
    return ("services.gateway.server",) if process == GATEWAY else ("shared.run", process)
