"""The duty list says what a community must try first, and a faulty file says what is wrong with it."""

from pathlib import Path

import pytest

from services.supervision.domain.duty_list import BadDutyList
from services.supervision.storage.duty_file import duty_list
from shared.contracts.vocabulary import EscalationReason
from shared.units import Tier

WHOLE = 'version = "1"\ntiers = ["grid"]\nreasons = ["unresolved"]\ncategories = ["noise"]\n'


@pytest.mark.parametrize(
    ("tier", "category", "reason", "must_try"),
    [
        (Tier.COMMUNITY, "noise", EscalationReason.UNRESOLVED, True),
        (Tier.GRID, "pets", EscalationReason.OVER_LEVEL, True),
        (Tier.STREET, "noise", EscalationReason.UNRESOLVED, False),
        (Tier.COMMUNITY, "noise", EscalationReason.OVER_DUTY, False),
        (Tier.COMMUNITY, "road", EscalationReason.UNRESOLVED, False),
    ],
)
def test_the_shipped_list_keeps_neighbours_matters_with_the_lowest_tiers(tier, category, reason, must_try):
    assert duty_list().must_try_first(tier, category, reason) is must_try


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        (WHOLE + "cats = 1\n", "cats: is unknown"),
        (WHOLE.replace('version = "1"\n', ""), "version: is missing"),
        (WHOLE.replace('"grid"', '"moon"'), "tiers: must be among grid, community, street, district"),
        (WHOLE.replace('["noise"]', '"noise"'), "categories: must be a list of words"),
        ("version = ", "can't be read"),
    ],
)
def test_a_faulty_list_is_refused_with_the_key_and_the_fault(tmp_path: Path, written: str, complaint: str):
    path = tmp_path / "duties.toml"
    path.write_text(written)

    with pytest.raises(BadDutyList, match=r"duties\.toml") as refused:
        duty_list(path)

    assert complaint in str(refused.value)
