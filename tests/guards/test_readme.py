"""The README says what is true: every setting, every refusal, both commands, and nothing that is not ours."""

import re
from pathlib import Path

import pytest

from services import ANSWERING, GATEWAY, SERVICES, home_of
from services.supervision.domain import errors as supervision_errors
from shared.errors import GongshangError
from shared.settings import SETTINGS, settings
from shared.storage.engine import CONNECTIONS_OF_A_PROCESS, CONNECTIONS_OF_A_WEB_WORKER, connections_of

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PARTS_OF_A_SERVICE_README = ("Owns", "asked", "Says", "Listens", "Settings", "wrong")
ESCALATION_CODES = (
    "unknown_issue",
    "not_the_holder",
    "issue_closed",
    "already_at_district",
    "community_must_try_first",
    "within_duty",
    "no_second_area",
    "district_decided",
    "outside_your_unit",
    "not_withdrawable",
    "unknown_escalation",
)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.variable)
def test_every_setting_is_in_the_readme_as_it_is_in_code(setting):
    default = setting.default or "–"
    assert f"| `{setting.variable}` | {default} | {setting.meaning} |" in README


@pytest.mark.parametrize("code", ESCALATION_CODES)
def test_every_refusal_of_the_escalation_rpc_is_in_the_readme_in_the_words_of_the_code(code):
    kinds = [
        one for one in vars(supervision_errors).values() if isinstance(one, type) and issubclass(one, GongshangError)
    ]
    words = next(kind.__doc__ for kind in kinds if kind.code == code)
    assert f"| `{code}` | {words} |" in README


def test_the_readme_says_how_many_connections_postgresql_must_let_in():
    services = sum(connections_of(home_of(name)) for name in ANSWERING)
    pages = settings().web_workers * CONNECTIONS_OF_A_WEB_WORKER
    assert f"at most {CONNECTIONS_OF_A_PROCESS} connections" in README
    assert f"{services + pages} in all, {2 * services + pages} with two copies" in README


@pytest.mark.parametrize("command", ["./gongshang demo", "./gongshang test"])
def test_the_first_screen_has_the_two_commands(command):
    assert command in "\n".join(README.splitlines()[:25])


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", README))
def test_no_link_in_the_readme_is_broken(link):
    assert (ROOT / link).exists()


@pytest.mark.parametrize("service", [*SERVICES, GATEWAY])
def test_every_service_has_one_page_that_says_all_an_operator_asks(service):
    page = (ROOT / "services" / service / "README.md").read_text(encoding="utf-8")
    assert len(page.splitlines()) <= 110
    assert not [part for part in PARTS_OF_A_SERVICE_README if part.lower() not in page.lower()]


WALK = re.findall(r"`([\w/]+\.py)` → `(\w+)`", (ROOT / "services/README.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("file", "name"), WALK, ids=lambda part: part)
def test_every_step_of_the_walk_through_the_files_is_there(file, name):
    assert re.search(rf"(def|class) {name}\b", (ROOT / file).read_text(encoding="utf-8"))
