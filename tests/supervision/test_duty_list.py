"""The duty list says what a community must try first, and a faulty file says what is wrong with it."""

from pathlib import Path

import pytest

from services.supervision.storage.duty_file import duty_list
from shared.contracts.vocabulary import EscalationReason
from shared.settings import settings
from shared.toml_file import BadTomlFile
from shared.units import Tier
from tests.supervision.fakes import a_work

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


def test_a_setting_puts_another_list_in_the_place_of_ours(tmp_path, monkeypatch):
    path = tmp_path / "mine.toml"
    path.write_text(WHOLE.replace("noise", "heating"))
    monkeypatch.setenv("GONGSHANG_DUTY_LIST_FILE", str(path))
    settings.cache_clear()
    try:
        assert a_work().duty_list.categories == {"heating"}
    finally:
        settings.cache_clear()


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        (WHOLE + "cats = 1\n", "cats: is unknown"),
        (WHOLE.replace('version = "1"\n', ""), "version: is missing"),
        (WHOLE.replace('"grid"', '"moon"'), "tiers.0: Must be one of: grid, community, street, district"),
        (WHOLE.replace('["noise"]', '"noise"'), "categories: must be a list"),
        ("version = ", "is not TOML"),
    ],
)
def test_a_faulty_list_is_refused_with_the_key_and_the_fault(tmp_path: Path, written: str, complaint: str):
    path = tmp_path / "duties.toml"
    path.write_text(written)

    with pytest.raises(BadTomlFile, match=r"duties\.toml") as refused:
        duty_list(path)

    assert complaint in str(refused.value)
