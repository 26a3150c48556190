"""Every open state of a survey names who must move, by when, and what happens otherwise."""

import pytest

from services.evaluation.domain.survey import OVER, SurveyState
from services.evaluation.domain.waits import BY_ITSELF, WAITS
from services.evaluation.service import EvaluationService
from shared.auth import Role
from shared.contracts.vocabulary import Asker
from tests.evaluation.builders import LIMIT_OVER, MONDAY, days, linked
from tests.harness import Bus


@pytest.mark.parametrize("asker", Asker)
@pytest.mark.parametrize("state", SurveyState)
def test_every_state_of_a_survey_has_its_row_or_goes_on_by_itself_or_is_an_end(state, asker):
    assert (state in OVER) + (state in BY_ITSELF) + ((state, asker) in WAITS) == 1


def test_whoever_is_to_ask_has_it_on_a_list_with_the_instant_and_what_happens_otherwise(engine):
    bus = Bus(engine, EvaluationService, MONDAY)
    bus.hear(linked("V"), linked("H", "I-H", channel="phone"), linked("W", due_at=LIMIT_OVER + days(1)))
    bus.move(LIMIT_OVER)

    def listed(role):
        return bus.ask("list_my_work", {}, role)["waits"]

    (ours,), (theirs,) = listed(Role.CALLBACK_AGENT), listed(Role.SUPERVISOR)
    assert (ours["about"], ours["due_at"]) == ("V", (LIMIT_OVER + days(3)).isoformat())
    assert ours["calls"] == ["evaluation.record_callback"]
    assert (theirs["about"], theirs["due_at"]) == ("H", (LIMIT_OVER + days(7)).isoformat())
    assert listed(Role.EVALUATOR) == []

    bus.move(MONDAY + days(40))
    assert [one["about"] for one in listed(Role.EVALUATOR)] == ["2026-03"]
