"""Where a matter is."""

import pytest

from services.intake.domain.place import PlaceUnknown, locate
from shared.directory.dated import DatedUnits
from tests.told import shipped

UNITS = shipped()


def test_one_code_is_that_unit_and_clear():
    assert locate(["110105017036"], [], UNITS) == ("110105017036", True)


def test_several_places_are_covered_by_the_lowest_unit_above_them():
    assert locate(["110105017036", "110105017037"], [], UNITS) == ("110105017", True)


def test_places_in_different_streets_go_to_the_district_which_relays():
    assert locate(["110105017036", "110105016059"], [], UNITS) == ("110105", False)


def test_every_unknown_code_is_named():
    with pytest.raises(PlaceUnknown) as caught:
        locate(["110105017036", "110105999", "110105998"], [], UNITS)

    assert caught.value.messages == ["Unknown unit: 110105999.", "Unknown unit: 110105998."]


@pytest.mark.parametrize(
    ("written", "code"),
    [("110105017000", "110105017"), ("156110105017", "110105017"), ("110105400", "110105020")],
)
def test_a_code_that_others_write_differently_is_read_as_the_unit_it_means(written, code):
    assert locate([written], [], UNITS) == (code, True)


def test_a_neighbours_code_is_told_from_an_unknown_one():
    with pytest.raises(PlaceUnknown) as caught:
        locate(["110105017036", "110108011", "110105998"], [], UNITS)

    assert caught.value.messages == ["Not ours: 110108011 is in 中关村街道.", "Unknown unit: 110105998."]


def test_without_codes_the_address_says_more_than_the_text():
    assert locate([], ["劲松街道某处", "麦子店街道"], UNITS).unit_code == UNITS.find_in_text("劲松街道").code


def test_without_an_address_the_text_is_read():
    assert locate([], ["", "劲松街道的路灯不亮"], UNITS) == (UNITS.find_in_text("劲松街道").code, True)


def test_a_place_nobody_names_is_the_districts_to_relay():
    assert locate([], ["", "路灯不亮"], UNITS) == ("110105", False)


def test_an_address_and_a_text_that_contradict_each_other_go_by_the_address_and_the_district_relays():
    assert locate([], ["劲松街道某处", "潘家园社区停车难"], UNITS) == ("110105017", False)


def test_a_text_inside_the_place_of_its_address_is_no_contradiction():
    assert locate([], ["劲松街道某处", "劲松一区社区的路灯"], UNITS) == ("110105017", True)


def test_an_address_that_names_no_more_than_the_district_is_told_more_by_the_text():
    found = locate([], ["北京市朝阳区", "劲松一区社区的路灯"], UNITS)

    assert found == (UNITS.find_in_text("劲松一区社区").code, True)


@pytest.mark.parametrize("address", ["海淀区八里庄街道", "河北省高碑店市", "吉林省长春市朝阳区", "昌平区高井村"])
def test_what_lies_elsewhere_is_the_districts_to_see_and_no_place_here(address):
    assert locate([], [address, ""], UNITS) == ("110105", False)


def test_codes_hold_whatever_address_and_text_say():
    assert locate(["110105017036"], ["海淀区中关村", "潘家园社区"], UNITS) == ("110105017036", True)


SPLIT = DatedUnits(shipped(), {}, {"110105017900": ["110105017036", "110105017037"], "110105017901": ["110105017900"]})


def test_a_unit_that_ended_stands_for_the_one_that_came_after_it():
    renumbered = DatedUnits(shipped(), {}, {"110105017900": ["110105017036"]})

    assert locate(["110105017900"], [], renumbered) == ("110105017036", True)


@pytest.mark.parametrize("code", ["110105017900", "110105017901"])
def test_of_two_that_came_after_a_unit_the_place_decides(code):
    assert locate([code], ["劲松东社区居委会门口"], SPLIT) == ("110105017037", True)


def test_where_the_place_does_not_say_which_of_two_the_unit_above_relays():
    assert locate(["110105017900"], ["小区门口"], SPLIT) == ("110105017", False)


def test_a_community_that_lies_in_another_street_now_is_covered_by_that():
    moved = DatedUnits(shipped(), {"110105017036": "110105018"}, {})

    assert locate(["110105017036", "110105018065"], [], moved) == ("110105018", True)
