"""Many people in several grids of a community with one matter: one group, told on the running suite."""

import pytest

from shared.auth import Role
from tests.district.at_work import DISTRICT

COMMUNITY = "110105018072"
GRIDS = (COMMUNITY + "801", COMMUNITY + "802")

pytestmark = pytest.mark.timeout(600)


def test_nine_callers_in_two_grids_and_their_community_become_one_group_that_is_listed(district):
    for number, grid in enumerate(GRIDS, start=1):
        district.enter("unit", grid, name=f"潘家园东里第{number}网格", kind="grid", parent=COMMUNITY)
    said = {"content": "北门外两排停车位长期被占,下班回来没有地方停车", "category": "parking"}

    numbers = [district.filed("北门停车位被长期占用", unit, **said) for unit in (*GRIDS, COMMUNITY) * 3]

    (issue,) = {district.order(number)["issue_id"] for number in numbers}
    listed = district.ask("intake", "list_deliberation", Role.CLERK, COMMUNITY, unit_code=COMMUNITY)["issues"]
    assert {one["issue_id"]: one["listing_reason"] for one in listed}[issue] == "group"
    case = district.case_of(numbers[0])
    assert case["case"]["unit_code"] == COMMUNITY
    assert {one["state"] for one in map(district.order, numbers)} == {"linked"}
    known = district.ask("intake", "get_issue", Role.SUPERVISOR, DISTRICT, issue_id=issue)
    assert known["people"] == len(numbers)
