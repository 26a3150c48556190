"""Gongshang's services. `SERVICES` names those that hold business state, each with a database and an inbox of its own.

`PROCESSES` are what runs: a process per service, and `escalation`, the door for street systems. It stands on
supervision's code and database, and is a process of its own so that a call never waits for a burst of events.
"""

SERVICES = ("directory", "intake", "councils", "deliberation", "dispatch", "supervision", "evaluation")
PROCESSES = (*SERVICES, "escalation")


def home_of(process: str) -> str:
    """The service whose code and database a process uses."""
    return "supervision" if process == "escalation" else process
