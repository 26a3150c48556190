"""A resident files an order or proposal online, and follows it; what was typed is never lost."""

import re
from datetime import UTC, datetime

import pytest

from shared.auth import Role
from shared.errors import BadRequest, NotFound, Unavailable

DUE = datetime(2026, 3, 9, 1, tzinfo=UTC)
TYPED = {
    "kind": "complaint",
    "title": "楼道灯坏了",
    "content": "三号楼二单元的灯坏了两周。",
    "unit": "110105015",
    "address": "甘露园南里",
    "caller_name": "王女士",
    "caller_phone": "13800000000",
}
FILED = {"order_no": "W-20260302-0001", "check_code": "K7M2PQ9XDR", "state": "accepted", "title": "照明"}
FILED |= {"unit_code": "110105015", "category": "lighting", "due_at": DUE.isoformat()}


@pytest.fixture
def visitor(visitor):
    """`post` sends a form as a browser does that has one of our pages open: with its mark and its key."""
    page = visitor.get("/file/order").text
    marks = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("csrf", "form_key")}
    send = visitor.post
    visitor.post = lambda address, data: send(address, data=marks | data)
    return visitor


@pytest.fixture
def filing(services):
    """The call by which orders are filed answers."""
    services.answers["intake.file_order"] = FILED
    services.answers["intake.file_proposal"] = FILED
    return services


def test_what_was_typed_is_shown_before_it_is_sent(visitor, filing):
    page = visitor.post("/file/order", data=TYPED | {"step": "check"}).text

    assert filing.asked == []
    assert all(TYPED[name] in page for name in ("title", "content", "address", "caller_name", "caller_phone"))
    assert "八里庄街道" in page


def test_open_issues_that_sound_like_it_are_shown_first(visitor, filing):
    alike = visitor.post("/file/order", data=TYPED | {"title": "水管漏水", "step": "check"}).text
    other = visitor.post("/file/order", data=TYPED | {"step": "check"}).text

    assert "是不是其中一件" in alike
    assert "5 号楼水管老化漏水" in alike
    assert "是不是其中一件" not in other


def test_it_is_sent_as_a_resident_who_has_no_login(visitor, filing):
    page = visitor.post("/file/order", data=TYPED | {"step": "send", "secret": "yes"}).text
    asked = filing.asked[0]

    assert (FILED["order_no"] in page, FILED["check_code"] in page) == (True, True)
    assert asked.by.roles == {Role.RESIDENT}
    assert asked.request["unit_codes"] == ["110105015"]
    assert asked.request["is_confidential"] is True
    assert asked.request["request_kind"] == "complaint"


def test_sending_the_form_again_is_the_same_request_by_the_same_one(visitor, filing):
    for _ in range(2):
        visitor.post("/file/order", data=TYPED | {"step": "send"})

    assert filing.asked[0] == filing.asked[1]


def test_each_form_has_a_key_of_its_own(visitor):
    pages = [visitor.get("/file/order").text for _ in range(2)]

    assert len({re.search(r'name="form_key" value="([^"]+)"', page)[1] for page in pages}) == 2


def test_a_proposal_goes_by_its_own_call(visitor, filing):
    visitor.post("/file/proposal", data=TYPED | {"kind": "idea", "step": "send"})

    assert [asked.call for asked in filing.asked] == ["intake.file_proposal"]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("title", "", "请用一句话写明是什么事"),
        ("title", "长" * 61, "标题请不超过 60 个字"),
        ("content", " ", "请写明情况"),
        ("unit", "110105", "请选择在哪个街道乡"),
        ("kind", "idea", "请选择是哪一类"),
        ("address", "长" * 201, "这一项太长了"),
    ],
)
def test_a_fault_stands_beside_its_field_and_on_top_and_nothing_typed_is_lost(visitor, filing, name, value, told):
    page = visitor.post("/file/order", data=TYPED | {name: value, "step": "send"}).text

    assert filing.asked == []
    assert page.count(told) == 2
    assert f'href="#{name}"' in page
    assert all(TYPED[kept] in page for kept in ("caller_name", "caller_phone") if kept != name)


def test_who_goes_back_to_change_finds_what_was_typed(visitor, filing):
    page = visitor.post("/file/order", data=TYPED | {"step": "change"}).text

    assert TYPED["content"] in page
    assert "有几处需要改" not in page


def test_what_intake_can_not_read_is_said_and_kept(visitor, filing):
    filing.answers["intake.file_order"] = BadRequest("bad", {"caller_phone": ["Too long."]})
    page = visitor.post("/file/order", data=TYPED | {"step": "send"}).text

    assert "没有提交成功" in page
    assert TYPED["content"] in page
    assert "Too long" not in page


def test_while_intake_is_away_nothing_typed_is_lost(visitor, filing):
    filing.answers["intake.file_order"] = Unavailable()
    answer = visitor.post("/file/order", data=TYPED | {"step": "send"})

    assert answer.status_code == 503
    assert TYPED["content"] in answer.text
    assert int(answer.headers["Retry-After"]) > 0


def test_there_is_no_third_thing_to_file(visitor):
    assert visitor.get("/file/else").status_code == 404


FOLLOWED = {
    "order_no": "W-1",
    "first_order_no": "",
    "state": "replied",
    "request_kind": "complaint",
    "title": "照明 · 八里庄街道",
    "category": "lighting",
    "unit_code": "110105015",
    "unit_name": "八里庄街道",
    "filed_at": "2026-03-01T01:00:00+00:00",
    "due_at": DUE.isoformat(),
    "extended_because": "等待材料",
    "disposition": "",
    "reply": "灯已换好。",
    "is_interim": False,
    "replied_at": "2026-03-02T00:00:00+00:00",
    "outcome": "",
    "closed_at": None,
    "matters": [],
}


def test_an_order_is_followed_by_its_number_and_check_code(visitor, services):
    services.answers["intake.read_by_check_code"] = FOLLOWED
    page = visitor.post("/my-order", data={"number": "W-1", "code": "k7m2"}).text

    assert services.asked[0].request == {"order_no": "W-1", "check_code": "K7M2"}
    assert services.asked[0].by is None
    assert "灯已换好。" in page
    assert "等待材料" in page


def test_each_matter_of_an_order_is_shown_with_its_own_answer(visitor, services):
    matter = {"order_no": "W-1/2", "category": "parking", "state": "linked", "due_at": DUE.isoformat()}
    matters = [matter | {"reply": "车位已划线。", "outcome": ""}]
    services.answers["intake.read_by_check_code"] = FOLLOWED | {"matters": matters}

    assert "车位已划线。" in visitor.post("/my-order", data={"number": "W-1", "code": "k"}).text


def test_a_wrong_code_and_an_unknown_number_are_told_alike(visitor, services):
    services.answers["intake.read_by_check_code"] = NotFound("no such order")
    page = visitor.post("/my-order", data={"number": "W-9", "code": "x"}).text

    assert "编号和查询码对不上" in page
    assert "W-9" in page


def test_number_and_code_are_both_needed(visitor, services):
    page = visitor.post("/my-order", data={"number": "", "code": ""}).text

    assert services.asked == []
    assert page.count("请填写查询码") == 2


def test_without_a_board_its_pages_say_that_they_can_not_be_read_now(visitor):
    object.__setattr__(visitor.application.extensions["gongshang"], "board", None)

    assert visitor.get("/").status_code == 503
