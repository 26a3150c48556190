"""All policy values that hold at one instant for one unit, as one read-only object.

The values themselves are in `default.toml` or the operator's own file.
"""

import dataclasses
from dataclasses import dataclass
from datetime import date

from marshmallow import Schema
from marshmallow_dataclass import class_schema

from shared.policy import clocks, complaints, deliberations, evaluations
from shared.policy.fields import key_of


@dataclass(frozen=True)
class Sections:
    """The sections of a version, by their names in the file."""

    sla: clocks.Sla
    first_contact: clocks.FirstContact
    warnings: clocks.Warnings
    extension: clocks.Extension
    cooperation: clocks.Cooperation
    directory: clocks.Directory
    pending: clocks.Pending
    returns: clocks.Returns
    escalation: clocks.Escalation
    whistle: clocks.Whistle
    supervision_order: clocks.SupervisionOrder
    look_back: clocks.LookBack
    notice: deliberations.Notice
    postpone: deliberations.Postpone
    lapse: deliberations.Lapse
    quorum: deliberations.Quorum
    majority: deliberations.Majority
    poll: deliberations.Poll
    speech: deliberations.Speech
    same_motion: deliberations.SameMotion
    resolution: deliberations.Resolution
    minutes: deliberations.Minutes
    inquorate: deliberations.Inquorate
    failure: deliberations.Failure
    repeat: complaints.Repeat
    group: complaints.Group
    linking: complaints.Linking
    settling: complaints.Settling
    wording: complaints.Wording
    masking: complaints.Masking
    retention: complaints.Retention
    inbox: complaints.Inbox
    callback: evaluations.Callback
    hotline_words: evaluations.HotlineWords
    redo: evaluations.Redo
    weights: evaluations.Weights
    charges: evaluations.Charges
    ranking: evaluations.Ranking
    period: evaluations.Period
    exclusion: evaluations.Exclusion
    appeal: evaluations.Appeal
    requests_ratio: evaluations.RequestsRatio
    project_survey: evaluations.ProjectSurvey


SECTION_NAMES = tuple(section.name for section in dataclasses.fields(Sections))
NOT_YET_APPLIED = tuple(
    f"{section.name}.{key_of(field)}"
    for section in dataclasses.fields(Sections)
    for field in dataclasses.fields(section.type)  # type: ignore[arg-type]
    if "not_yet_applied" in field.metadata
)


@dataclass(frozen=True)
class Policy(Sections):
    """What holds. `version` names the version in the file, and the unit if some of its own values are among them."""

    version: str
    valid_from: date
    valid_to: date | None


def sections_schema() -> Schema:
    """The schema of a version's sections. Unknown keys are refused."""
    return class_schema(Sections)()
