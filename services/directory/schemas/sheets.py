"""The sheets of a directory's workbook, or its CSV files: a kind each, with a column for every fact.

The Chinese names are written; both they and the names that the code has are read.
"""

from dataclasses import dataclass
from enum import StrEnum

from services.directory.schemas import words
from services.directory.schemas.words import Words
from shared.files.tables import plain


class Cell(StrEnum):
    """How a cell is read and written. Of several values in one, ； or 、 stands between them."""

    TEXT = "text"
    TEXTS = "texts"
    CODE = "code"
    CODES = "codes"
    COUNT = "count"
    NUMBER = "number"
    YES_NO = "yes_no"
    DAY = "day"
    DAYS = "days"
    TIME = "time"
    WEEKDAYS = "weekdays"
    WORD = "word"
    WORDS = "words"
    HOURS = "hours"
    NAMED = "named"
    """Another entry of the kind `of`, by its id, or by its name where only one has it."""
    ALL_NAMED = "all_named"


@dataclass(frozen=True)
class Column:
    """A column of a sheet. `field` is the fact's name, and that of the column in English."""

    field: str
    title: str
    cell: Cell = Cell.TEXT
    also: tuple[str, ...] = ()
    needed: bool = False
    of: str = ""
    words: Words | None = None
    width: int = 14


@dataclass(frozen=True)
class Sheet:
    """A sheet and its columns. Some of them are no facts, but help to say who or what is meant."""

    kind: str
    title: str
    columns: tuple[Column, ...]
    also: tuple[str, ...] = ()

    def column(self, field: str) -> Column:
        return next(column for column in self.columns if column.field == field)

    def has(self, field: str) -> bool:
        return any(column.field == field for column in self.columns)

    @property
    def names(self) -> dict[str, str]:
        """The field that each name of a column stands for."""
        return {
            plain(name).casefold(): column.field
            for column in self.columns
            for name in (column.title, column.field, *column.also)
        }


ID = Column("id", "编号", Cell.CODE, ("代码",), width=26)
STARTS = ("起始日期", "开始日期", "生效日期", "任期开始", "任期自", "起")
ENDS = ("截止日期", "终止日期", "结束日期", "到期日期", "任期结束", "任期至", "止")
PERIOD = (
    Column("valid_from", "有效自", Cell.DAY, STARTS, width=12),
    Column(
        "valid_to",
        "有效至",
        Cell.DAY,
        ("截止日期", "终止日期", "结束日期", "到期日期", "任期结束", "任期至", "止"),
        width=12,
    ),
    Column("replaced_by", "接续", Cell.TEXTS, ("由…接续", "接续单位"), width=18),
)
UNIT = Column("unit", "单位", Cell.NAMED, ("所属单位", "unit_code"), needed=True, of="unit", width=30)
NAME = Column("name", "名称", needed=True, width=26)
PERSON_NAME = Column("person_name", "姓名", needed=True, width=10)
PERSON_ID = Column("person", "人员编号", Cell.CODE, width=26)
PHONE = Column("phone", "手机", Cell.CODE, ("联系电话", "手机号"), width=15)
PLACE = Column("place", "场所", Cell.NAMED, ("所在场所",), of="place", width=20)
ALIASES = Column("aliases", "别名", Cell.TEXTS, width=20)
CONTACT = Column("contact", "联系方式", Cell.CODE, ("联系电话", "电话"), width=16)


def _organisation(needed: bool = True) -> Column:
    return Column("organisation", "机构", Cell.NAMED, ("所属机构",), needed=needed, of="organisation", width=26)


def _kind(of: Words) -> Column:
    return Column("kind", "类型", Cell.WORD, ("类别",), needed=True, words=of, width=14)


SHEETS = (
    Sheet(
        "unit",
        "单位",
        (
            Column("id", "代码", Cell.CODE, ("编号", "单位代码", "code"), needed=True, width=16),
            NAME,
            _kind(words.UNIT_KINDS),
            Column("parent", "上级单位", Cell.NAMED, ("上级",), of="unit", width=26),
            ALIASES,
            Column("other_codes", "其他代码", Cell.CODES, width=16),
            Column("population", "人口", Cell.COUNT, width=10),
            Column("households", "户数", Cell.COUNT, width=10),
            Column("is_rural", "农村", Cell.YES_NO, ("是否农村",), width=8),
            *PERIOD,
        ),
        ("units",),
    ),
    Sheet(
        "place",
        "场所",
        (
            ID,
            NAME,
            _kind(words.PLACE_KINDS),
            Column("units", "单位", Cell.ALL_NAMED, ("所属单位",), needed=True, of="unit", width=30),
            Column("within", "属于", Cell.NAMED, ("所属场所", "上级场所"), of="place", width=20),
            ALIASES,
            Column("address", "地址", width=30),
            Column("households", "户数", Cell.COUNT, width=10),
            *PERIOD,
        ),
        ("places",),
    ),
    Sheet(
        "organisation",
        "机构",
        (
            ID,
            NAME,
            _kind(words.ORGANISATION_KINDS),
            Column("standing", "办理方式", Cell.WORD, words=words.STANDINGS, width=10),
            UNIT,
            Column("serves", "服务单位", Cell.ALL_NAMED, of="unit", width=30),
            ALIASES,
            PLACE,
            CONTACT,
            *PERIOD,
        ),
        ("organisations",),
    ),
    Sheet("person", "人员", (ID, Column("name", "姓名", needed=True, width=10), UNIT, PHONE, *PERIOD), ("people",)),
    Sheet(
        "staff",
        "工作人员",
        (
            ID,
            PERSON_NAME,
            PERSON_ID,
            _organisation(),
            UNIT,
            Column("post", "职务", width=16),
            Column("login", "登录名", Cell.CODE, width=14),
            Column("roles", "角色", Cell.WORDS, words=words.ROLES, width=18),
            PHONE,
            *PERIOD,
        ),
        ("staffs",),
    ),
    Sheet(
        "deputy",
        "议事代表",
        (
            ID,
            PERSON_NAME,
            PERSON_ID,
            UNIT,
            Column("role", "身份", Cell.WORD, words=words.DEPUTY_ROLES, width=10),
            Column("category", "类别", Cell.WORD, ("代表类别", "领域"), needed=True, width=24),
            PHONE,
            *PERIOD,
        ),
        ("deputies", "experts", "议事能手"),
    ),
    Sheet(
        "resident",
        "居民",
        (
            ID,
            PERSON_NAME,
            PERSON_ID,
            UNIT,
            Column("residence", "类别", Cell.WORD, ("居住类别",), needed=True, words=words.RESIDENCES, width=10),
            PLACE,
            Column("area_m2", "面积(平方米)", Cell.NUMBER, ("面积",), width=14),
            Column("share", "份额", Cell.NUMBER, width=8),
            PHONE,
            *PERIOD,
        ),
        ("residents",),
    ),
    Sheet(
        "desk",
        "岗位",
        (
            ID,
            NAME,
            _organisation(),
            UNIT,
            Column("categories", "诉求类别", Cell.TEXTS, width=24),
            Column("leader", "责任领导", Cell.NAMED, of="person", width=12),
            CONTACT,
            *PERIOD,
        ),
        ("desks",),
    ),
    Sheet(
        "shift",
        "值班",
        (
            ID,
            Column("desk", "岗位", Cell.NAMED, needed=True, of="desk", width=24),
            Column("person", "人员", Cell.NAMED, ("值班人员", "姓名"), needed=True, of="person", width=14),
            Column("days", "日子", Cell.WEEKDAYS, ("值班日",), width=16),
            Column("starts", "开始", Cell.TIME, ("开始时间",), width=9),
            Column("ends", "结束", Cell.TIME, ("结束时间",), width=9),
            *PERIOD,
        ),
        ("shifts", "值班表"),
    ),
    Sheet(
        "acting",
        "代理",
        (
            ID,
            Column("person", "被代理人", Cell.NAMED, needed=True, of="person", width=14),
            Column("acting", "代理人", Cell.NAMED, needed=True, of="person", width=14),
            Column("desk", "岗位", Cell.NAMED, of="desk", width=24),
            Column("reason", "原因", width=20),
            *PERIOD,
        ),
        ("actings",),
    ),
    Sheet(
        "contract",
        "合同",
        (
            ID,
            _organisation(),
            Column("place", "场所", Cell.NAMED, needed=True, of="place", width=20),
            Column("subject", "内容", width=24),
            *PERIOD,
        ),
        ("contracts",),
    ),
    Sheet(
        "hall",
        "议事厅",
        (
            ID,
            NAME,
            UNIT,
            _kind(words.HALL_KINDS),
            Column("address", "地址", needed=True, width=32),
            Column("opening_hours", "开放时间", Cell.HOURS, needed=True, width=40),
            Column("closed_on", "不开放日", Cell.DAYS, width=24),
            Column("contact", "联系方式", Cell.CODE, ("联系电话", "电话", "联系人"), needed=True, width=16),
            Column("capacity", "可容纳人数", Cell.COUNT, ("座位数",), width=11),
            Column("longitude", "经度", Cell.NUMBER, width=11),
            Column("latitude", "纬度", Cell.NUMBER, width=11),
            Column("link", "网址", width=30),
            PLACE,
            *PERIOD,
        ),
        ("halls",),
    ),
    Sheet(
        "duty",
        "职责清单",
        (
            ID,
            Column("category", "诉求类别", Cell.CODE, needed=True, width=20),
            Column("tier", "层级", Cell.WORD, needed=True, words=words.TIERS, width=8),
            Column("lead", "主协办", Cell.WORD, needed=True, words=words.LEADS, width=9),
            Column("organisation", "机构", needed=True, width=26),
            Column("rank", "次序", Cell.COUNT, needed=True, width=8),
            *PERIOD,
        ),
        ("duties",),
    ),
)
"""In the order in which one entry may name another: what is named comes first."""

BY_KIND = {sheet.kind: sheet for sheet in SHEETS}
REMARKS = frozenset({"备注", "说明", "remarks", "序号", "no."})
"""Columns and sheets of these names are for those who keep the file, and not read."""


def sheet_named(title: str) -> Sheet | None:
    """The sheet that a title means: its own name, or a longer one with it, such as 八里庄议事厅2026."""
    asked = plain(title).casefold()
    names = {plain(name).casefold(): sheet for sheet in SHEETS for name in (sheet.title, sheet.kind, *sheet.also)}
    if asked in names:
        return names[asked]
    inside = [name for name in names if name in asked]
    longest = [name for name in inside if not any(name != other and name in other for other in inside)]
    found = {names[name].kind: names[name] for name in longest}
    return next(iter(found.values())) if len(found) == 1 else None


def is_remark(name: str) -> bool:
    return plain(name).casefold() in REMARKS
