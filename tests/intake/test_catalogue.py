"""The category catalogue: what words say about a text, and what is wrong with a faulty file."""

import csv
import tomllib
from pathlib import Path

import pytest

from services.intake.domain.catalogue import Catalogue, Category
from services.intake.domain.catalogue_file import SHIPPED_FILE, catalogue_from, read_catalogue
from services.intake.domain.wording import Wording
from shared.contracts.vocabulary import Disposition, SlaClass
from shared.toml_file import BadTomlFile, TomlFile

REAL_MESSAGES = Path(__file__).resolve().parents[3] / "shared" / "data" / "complaints"


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("楼下麻将馆噪音扰民", "noise"),
        ("小区停车位不够", "parking"),
        ("物业公司乱收费", "property_management"),
        ("暖气不热", "heating"),
        ("停水三天了", "water_supply"),
        ("停电没人管", "power_supply"),
        ("楼顶违章建筑何时拆除", "illegal_building"),
        ("老旧小区改造进度太慢", "old_compound"),
        ("希望加装电梯", "elevator"),
        ("有人遛狗不拴绳", "pets"),
        ("拖欠农民工工资", "labour"),
        ("你好", "other"),
    ],
)
def test_a_title_says_what_a_complaint_is_about(title, code):
    assert read_catalogue().category_of("", title, "").code == code


def test_a_category_the_hotline_named_counts_more_than_any_word():
    assert read_catalogue().category_of("gas", "楼下麻将馆噪音扰民", "").code == "gas"


def test_a_category_nobody_knows_is_found_by_words():
    assert read_catalogue().category_of("no_such_code", "楼下麻将馆噪音扰民", "").code == "noise"


def test_a_telling_word_counts_more_than_another():
    noise = Category("noise", "噪音", SlaClass.GENERAL, words=("噪音",))
    parking = Category("parking", "停车", SlaClass.GENERAL, telling=("停车",))
    catalogue = Catalogue(read_catalogue().matching, [noise, parking], [])

    assert catalogue.category_of("", "噪音和停车", "").code == "parking"


def test_the_title_counts_more_than_the_content():
    assert read_catalogue().category_of("", "停车难", "学校学生老师").code == "parking"


def test_only_the_longest_of_words_that_contain_each_other_is_seen():
    wording = Wording(["停车", "停车场", "车场"])

    assert list(wording.words_in("停车场和停车")) == ["停车场", "停车"]


def test_already_in_hand_is_never_found_by_words():
    with pytest.raises(BadTomlFile, match="already_in_hand"):
        catalogue_from(a_file(_shipped(title_of_already_in_hand=["正在办理"])))


def test_every_fault_in_a_file_is_named_at_once():
    content = _shipped()
    content["categories"][0]["sla_class"] = "soon"
    content["categories"][1]["words"] = ["停"]
    content["matching"].pop("title_weight")

    with pytest.raises(BadTomlFile) as caught:
        catalogue_from(a_file(content))

    text = str(caught.value)
    assert "categories.0.sla_class" in text
    assert "categories.1.words.0" in text
    assert "matching.title_weight" in text


@pytest.mark.parametrize("part", ["matching", "categories", "dispositions"])
def test_what_is_left_out_of_a_file_is_named_field_by_field(part):
    content = _shipped()
    several = isinstance(content[part], list)
    entry = content[part][0] if several else content[part]
    wanted = [name for name in entry if name not in ("telling", "words", "title")]
    for name in wanted:
        del entry[name]

    with pytest.raises(BadTomlFile) as caught:
        catalogue_from(a_file(content))

    path = f"{part}.0" if several else part
    assert wanted
    assert [name for name in wanted if f"{path}.{name}" not in str(caught.value)] == []


def test_the_least_of_a_file_is_taken_and_less_is_named():
    content = _shipped()
    content["matching"]["likeness_least_characters"] = 1
    content["dispositions"][0]["name"] = "答"
    catalogue_from(a_file(content))
    content["matching"]["likeness_least_characters"] = 0
    content["dispositions"][0]["name"] = ""

    with pytest.raises(BadTomlFile, match=r"(?s)likeness_least_characters.*dispositions\.0\.name"):
        catalogue_from(a_file(content))


@pytest.mark.parametrize("missing", ["other", Disposition.UNLAWFUL.value])
def test_the_catch_all_and_all_six_classes_must_be_there(missing):
    content = _shipped()
    for part in ("categories", "dispositions"):
        content[part] = [one for one in content[part] if one["code"] != missing]

    with pytest.raises(BadTomlFile, match=missing):
        catalogue_from(a_file(content))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadTomlFile, match=r"absent\.toml"):
        read_catalogue(tmp_path / "absent.toml")


def test_councils_meet_at_once_on_the_deliberative_categories_only():
    catalogue = read_catalogue()

    deliberative = {code for code in catalogue.codes if catalogue.find(code).deliberative}

    assert deliberative == {"old_compound", "elevator", "public_space", "pets"}
    assert catalogue.find("water_supply").sla_class is SlaClass.UTILITIES


@pytest.mark.skipif(not REAL_MESSAGES.exists(), reason="the real messages are not here")
def test_few_real_messages_are_answered_on_the_spot_and_few_are_about_nothing_we_know():
    catalogue = read_catalogue()
    with (REAL_MESSAGES / "messages_2019.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    answered = sum(catalogue.disposition_of(row["title"]) is not None for row in rows)
    unknown = sum(catalogue.category_of("", row["title"], row["content"]).code == "other" for row in rows)

    assert answered < 0.03 * len(rows)
    assert unknown < 0.05 * len(rows)


def a_file(content: dict) -> TomlFile:
    return TomlFile(Path("mine.toml"), content, lines={})


def _shipped(title_of_already_in_hand: list[str] | None = None) -> dict:
    content = tomllib.loads(SHIPPED_FILE.read_text(encoding="utf-8"))
    for one in content["dispositions"]:
        if one["code"] == Disposition.ALREADY_IN_HAND and title_of_already_in_hand:
            one["title"] = title_of_already_in_hand
    return content
