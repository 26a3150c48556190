"""Who speaks for whom: a petition is a group, a daughter calls for her mother. Told on the running suite."""

import pytest

from shared.auth import Role
from tests.district.at_work import DISTRICT, District

COMMUNITY = "110105016904"

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def community(district: District) -> District:
    district.enter("unit", COMMUNITY, name="联名新村社区居委会", kind="neighbourhood", parent="110105016")
    return district


def test_a_petition_that_one_caller_files_with_120_signatures_is_a_group_and_a_clerk_verifies_it(community):
    filed = {
        "title": "联名新村东门路灯不亮",
        "content": "联名新村东门路灯不亮,居民联名反映",
        "category": "property_management",
    }
    filed |= {"caller_name": "赵某", "caller_phone": "13800009001", "signatures": 120}
    order = community.act("intake", "file_order", Role.CLERK, COMMUNITY, **filed)["order_no"]

    issue = community.order(order)["issue_id"]
    seen = community.ask("intake", "get_issue", Role.CLERK, COMMUNITY, issue_id=issue)
    assert (seen["listing_reason"], seen["people"], seen["order_nos"]) == ("group", 120, [order])
    asked = {"order_no": order, "verified": 97, "reason": "逐户核实"}
    assert community.act("intake", "verify_signatures", Role.CLERK, COMMUNITY, **asked)["verified_signatures"] == 97
    assert community.ask("intake", "get_issue", Role.CLERK, COMMUNITY, issue_id=issue)["people"] == 97


def test_a_daughter_calls_for_her_mother_and_who_calls_back_reads_both(community):
    caller = {"name": "李梅", "phone": "13800009002"}
    for_her = caller | {"relation": "女儿", "concerned_name": "李桂兰", "concerned_phone": "13800009003"}
    first = community.filed("联名新村三号楼道堆物", COMMUNITY, caller=for_her)
    again = community.filed("联名新村三号楼道堆物", COMMUNITY, caller={"name": "李桂兰", "phone": "13800009003"})

    assert community.order(again)["first_order_no"] == first
    asked = {"order_no": first, "reason": "call_back", "idempotency_key": "reads-both"}
    read = community.ask("intake", "read_order", Role.CALLBACK_AGENT, DISTRICT, **asked)
    assert (read["caller_name"], read["relation"], read["concerned_name"]) == ("李梅", "女儿", "李桂兰")
