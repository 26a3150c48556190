"""Where a matter is."""

import pytest

from services.intake.domain.place import locate
from shared.contracts.vocabulary import Doubt
from shared.directory.dated import DatedUnits
from tests.told import shipped

UNITS = shipped()
NOTHING = ["", ""]


def where(codes, texts, units=UNITS):
    """The unit of an order that is in no doubt, and whether it is clear."""
    located = locate(codes, texts, units)
    assert located.doubt is None
    return located.unit_code, located.is_clear


def doubt(codes, texts, units=UNITS):
    """Why it is in doubt, whose desk settles it, and which unit is suggested."""
    located = locate(codes, texts, units)
    return located.doubt, located.unit_code, located.suggested


def test_one_code_is_that_unit_and_clear():
    assert where(["110105017036"], []) == ("110105017036", True)


def test_several_places_are_covered_by_the_lowest_unit_above_them():
    assert where(["110105017036", "110105017037"], []) == ("110105017", True)


def test_places_in_different_streets_go_to_the_district_which_relays():
    assert where(["110105017036", "110105016059"], []) == ("110105", False)


def test_an_unknown_code_is_the_districts_to_settle_and_what_is_known_beside_it_is_suggested():
    located = locate(["110105017036", "110105999", "110105998"], [], UNITS)

    assert located[2:] == (Doubt.UNKNOWN_UNIT, "110105017036", ("Unknown unit: 110105999.", "Unknown unit: 110105998."))
    assert (located.unit_code, located.is_clear) == ("110105", False)


def test_of_an_unknown_code_alone_the_address_is_suggested_and_the_district_where_that_says_nothing():
    assert doubt(["110105999"], ["劲松街道某处", ""]) == (Doubt.UNKNOWN_UNIT, "110105", "110105017")
    assert doubt(["110105999"], ["", "路灯不亮"]) == (Doubt.UNKNOWN_UNIT, "110105", "110105")


@pytest.mark.parametrize(
    ("written", "code"),
    [("110105017000", "110105017"), ("156110105017", "110105017"), ("110105400", "110105020")],
)
def test_a_code_that_others_write_differently_is_read_as_the_unit_it_means(written, code):
    assert where([written], []) == (code, True)


def test_a_neighbours_code_is_told_from_an_unknown_one():
    assert locate(["110108011"], NOTHING, UNITS).named == ("Not ours: 110108011 is in 中关村街道.",)
    assert locate(["110105998"], NOTHING, UNITS).named == ("Unknown unit: 110105998.",)


def test_an_order_of_two_districts_is_in_doubt_with_ours_suggested_and_one_of_another_alone_would_be_returned():
    assert doubt(["110105017036", "110108011"], []) == (Doubt.ELSEWHERE, "110105", "110105017036")
    assert doubt(["110108011"], ["劲松街道某处", ""]) == (Doubt.ELSEWHERE, "110105", "")


def test_without_codes_the_address_is_read():
    assert where([], ["劲松街道某处", "路灯不亮"]) == (UNITS.find_in_text("劲松街道").code, True)


def test_without_an_address_the_text_is_read():
    assert where([], ["", "劲松街道的路灯不亮"]) == (UNITS.find_in_text("劲松街道").code, True)


def test_a_place_nobody_names_is_the_districts_to_relay():
    assert where([], ["", "路灯不亮"]) == ("110105", False)


def test_an_address_and_a_text_that_contradict_each_other_are_for_the_desk_that_covers_both():
    in_two_streets = doubt([], ["劲松街道某处", "潘家园社区停车难"])
    in_one_street = doubt([], ["劲松一区社区", "劲松东社区停车难"])

    assert in_two_streets == (Doubt.CONTRADICTION, "110105", "110105017")
    first = UNITS.find_in_text("劲松一区社区").code
    assert in_one_street == (Doubt.CONTRADICTION, "110105017", first)


def test_an_address_elsewhere_with_a_text_of_ours_is_for_the_district_and_would_be_returned():
    assert doubt([], ["海淀区中关村街道", "劲松一区社区的路灯"]) == (Doubt.CONTRADICTION, "110105", "")


def test_a_text_inside_the_place_of_its_address_is_no_contradiction():
    assert where([], ["劲松街道某处", "劲松一区社区的路灯"]) == ("110105017", True)


def test_an_address_that_names_no_more_than_the_district_is_told_more_by_the_text():
    found = where([], ["北京市朝阳区", "劲松一区社区的路灯"])

    assert found == (UNITS.find_in_text("劲松一区社区").code, True)


@pytest.mark.parametrize(
    "address", ["海淀区八里庄街道", "河北省高碑店市", "吉林省长春市朝阳区", "昌平区高井村", "丰台区和平东街"]
)
def test_what_lies_elsewhere_is_no_place_here_and_would_be_returned(address):
    assert doubt([], [address, ""]) == (Doubt.ELSEWHERE, "110105", "")


def test_codes_hold_whatever_address_and_text_say():
    assert where(["110105017036"], ["海淀区中关村", "潘家园社区"]) == ("110105017036", True)


SPLIT = DatedUnits(shipped(), {}, {"110105017900": ["110105017036", "110105017037"], "110105017901": ["110105017900"]})


def test_a_unit_that_ended_stands_for_the_one_that_came_after_it():
    renumbered = DatedUnits(shipped(), {}, {"110105017900": ["110105017036"]})

    assert where(["110105017900"], [], renumbered) == ("110105017036", True)


@pytest.mark.parametrize("code", ["110105017900", "110105017901"])
def test_of_two_that_came_after_a_unit_the_place_decides(code):
    assert where([code], ["劲松东社区居委会门口"], SPLIT) == ("110105017037", True)


def test_a_unit_that_ended_without_a_successor_is_settled_by_the_one_above_and_its_place_is_suggested():
    ended = DatedUnits(shipped(), {}, {"110105017900": []})

    assert doubt(["110105017900"], ["小区门口"], ended) == (Doubt.UNIT_ENDED, "110105017", "110105017")
    assert doubt(["110105017900"], ["劲松东社区居委会门口"], ended)[2] == "110105017037"
    assert doubt(["110105017900", "110105999"], NOTHING, ended)[:2] == (Doubt.UNKNOWN_UNIT, "110105")


def test_where_the_place_does_not_say_which_of_two_the_unit_above_relays():
    assert where(["110105017900"], ["小区门口"], SPLIT) == ("110105017", False)


def test_a_community_that_lies_in_another_street_now_is_covered_by_that():
    moved = DatedUnits(shipped(), {"110105017036": "110105018"}, {})

    assert where(["110105017036", "110105018065"], [], moved) == ("110105018", True)
