"""Whose turn it is while a survey or a period is open, and what happens when nobody moves.

By when is a survey's `answer_by`. A guard holds every state of a survey to a row, to going on by itself, or to an end.
"""

from services.evaluation.domain.survey import SurveyState
from shared.auth import Role
from shared.contracts.vocabulary import Asker
from shared.waits import Wait

OWN = Wait(
    roles=frozenset({Role.CALLBACK_AGENT}),
    act="回访诉求人并记录；无人接听也要记录",
    calls=("evaluation.record_callback",),
    otherwise="到期没有任何记录的列为未回访，记入承办单位异常事件；有记录的列为未联系上；议题照常办结",
)
HOTLINE = Wait(
    roles=frozenset({Role.SUPERVISOR}),
    act="等候热线回访结果；临近期限的，请热线回访",
    calls=("evaluation.get_survey",),
    otherwise="到期列为未回访，记入区级异常事件；议题照常办结",
)
FREEZING = Wait(
    roles=frozenset({Role.EVALUATOR}),
    act="核对已结束的考评周期并冻结",
    calls=("evaluation.freeze_period",),
    otherwise="到期自动冻结，之后的回访计入下一周期",
)
PUBLISHING = Wait(
    roles=frozenset({Role.EVALUATOR}),
    act="公布已冻结的考评周期",
    calls=("evaluation.publish_period",),
    otherwise="一直列在清单上，结果不再变动",
)
WAITS: dict[tuple[SurveyState, Asker], Wait] = {
    (SurveyState.ASKING, Asker.HOTLINE): HOTLINE,
    (SurveyState.ASKING, Asker.OWN): OWN,
}

BY_ITSELF = frozenset({SurveyState.WAITING, SurveyState.MISSED})
"""Nobody's turn: the limit runs (Art. 23), or the next attempt is ahead. Then somebody is to ask."""
