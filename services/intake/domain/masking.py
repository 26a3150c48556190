"""Finds in a text what says who somebody is or which household is meant, by rules; and masks it.

What no rule can find, a bare name above all, stays. That is why a masked text is only ever a proposal: nothing of it
gets out before a clerk has confirmed it. Names of places and organisations, bus lines, amounts, days and articles stay.
"""

import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import NamedTuple

from services.intake.domain.surnames import SURNAME


class Private(StrEnum):
    """What kind of thing was found, most telling first: where two could begin, the first of them is meant."""

    EMAIL = "email"
    ACCOUNT = "account"
    NUMBER = "number"
    PHONE = "phone"
    PLATE = "plate"
    ROOM = "room"
    NAME = "name"


class Found(NamedTuple):
    """A private piece of a text, by its kind and its first and behind-the-last character."""

    kind: Private
    start: int
    end: int


IN_WORDS = {
    Private.EMAIL: "an e-mail address",
    Private.ACCOUNT: "an account with a messenger",
    Private.NUMBER: "the number of an identity document or a bank card",
    Private.PHONE: "a phone number",
    Private.PLATE: "a number plate",
    Private.ROOM: "a room or household",
    Private.NAME: "a person's name",
}
MASKS = {
    Private.EMAIL: "某邮箱",
    Private.ACCOUNT: "某账号",
    Private.NUMBER: "某证件号",
    Private.PHONE: "某电话",
    Private.PLATE: "某车",
    Private.ROOM: "某户",
}

_NUMBER = "(?:[0-9]{1,4}|[一二三四五六七八九十百零〇]{1,5})"
_NOT_COUNTED = (
    "(?![0-9.]|\\s*(?:[元块万亿千百多余几年月日天时点分秒人名位个辆台部件张次起项级度吨米㎡平公斤路线条栋幢盏棵号伏户家]|"
    "号线))"
)
_BUILDING = f"[甲乙丙丁]?(?:{_NUMBER}|[A-Za-z])\\s*(?:号楼|号院|栋|幢|座|楼)"
_ENTRANCE = f"{_NUMBER}\\s*(?:单元|门(?!前|口|外|内))"
_FLOOR = f"{_NUMBER}\\s*(?:层|楼)"
_DOOR = "[A-Za-z]?[0-9]{3,4}"
_DOOR_IN_WORDS = "[一二三四五六七八九零〇]{3,4}"
_SUFFIX = "(?:室(?!内|外|温)|号房|房间|号|房|户)"
_ROOM = "|".join(
    [
        f"(?:{_BUILDING}\\s*[-,,、]?\\s*)?{_ENTRANCE}\\s*[-,,、]?\\s*(?:{_FLOOR}\\s*)?"
        f"(?:(?:{_DOOR}|{_DOOR_IN_WORDS}){_SUFFIX}|{_DOOR}{_NOT_COUNTED}|{_DOOR_IN_WORDS}(?![一二三四五六七八九十])|"
        f"{_NUMBER}\\s*(?:室|号房|户(?!居民)))",
        f"{_BUILDING}\\s*[-,,、]?\\s*(?:{_FLOOR}\\s*)?(?:{_DOOR}(?:室(?!内|外|温)|号房|房间|房)|{_DOOR}{_NOT_COUNTED})",
        f"(?<![0-9A-Za-z])(?:{_DOOR}|{_DOOR_IN_WORDS})\\s*(?:室(?!内|外|温)|号房|房间)",
        "(?<![0-9A-Za-z.-])[0-9]{1,3}-[0-9]{1,2}-(?!(?:19|20)[0-9]{2})[0-9]{3,4}(?![0-9-])",
        f"(?<=[楼区院园里住苑家庭])[0-9]{{1,3}}-[0-9]{{3,4}}{_NOT_COUNTED}",
        f"(?:(?<=楼上)|(?<=楼下)|(?<=隔壁)|(?<=对门)|(?<=住在)|(?<=家住))\\s*{_DOOR}"
        f"(?:室(?!内|外|温)|号房|房间|号|{_NOT_COUNTED})",
        "(?<=胡同)[甲乙丙丁]?[0-9]{1,4}号(?!院|楼|线)",
    ]
)
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
_PLATE = (
    f"[{_PROVINCES}][A-HJ-NP-Za-hj-np-z][\\s·•.-]?(?=[A-Za-z]{{0,4}}[0-9])"
    "[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳](?![A-Za-z0-9])"
    "|尾号(?:为|是)?\\s*[0-9A-Z]{3,5}(?![0-9A-Z])"
)
_PHONE = (
    "(?<![0-9])(?:\\+?86[-\\s]?)?1[3-9][0-9](?:[-\\s]?[0-9]{4}){2}(?![0-9])"
    "|(?<![0-9])(?:\\(0[0-9]{2,3}\\)|0[0-9]{2,3})[-\\s]?[2-9][0-9]{6,7}(?:[-转][0-9]{1,6})?(?![0-9])"
    "|(?:(?<=电话)|(?<=座机)|(?<=电话:)|(?<=座机:)|(?<=电话是))\\s*[2-9][0-9]{6,7}(?![0-9])"
    f"|(?<![0-9.])[5-8][0-9]{{3}}[-\\s]?[0-9]{{4}}{_NOT_COUNTED}"
)
_NUMBERS = (
    "(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])|(?<![0-9])[0-9]{15,19}(?![0-9])"
    "|(?<![0-9])[0-9]{4}(?:\\s[0-9]{4}){3}(?:\\s?[0-9]{1,3})?(?![0-9])"
)
_ACCOUNT = (
    "(?:微信|[Vv][Xx]|[Ww][Xx]|薇信|[Qq]{2})号?码?\\s*(?:是|为|:)?\\s*(?:[A-Za-z][A-Za-z0-9_-]{4,19}|[0-9]{5,12})"
    "(?![A-Za-z0-9_-])"
)
_EMAIL = "[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+"
_TITLES = (
    "女士|先生|小姐|太太|阿姨|大爷|大妈|大娘|大叔|大姐|大哥|奶奶|爷爷|叔叔|师傅|老师|主任|经理|书记|局长|处长|科长|所长|站长|"
    "校长|院长|医生|大夫|护士|律师|警官|队长|组长|楼长|会长|老板|同志|某某|某"
)
_NO_GIVEN = (
    "乡村镇街区庄园店河营里路桥站社院所局公司厂校城房会委部处科室组队办业物的是在有了和与给让被找向对说及跟由从到去来把就都也"
    "还不很太副某层期度边何时家姓叫位名同"
)
_GIVEN = f"(?:(?![{_NO_GIVEN}])[一-龥])"
_NO_NAMES = (
    "(?!周边|周围|高度|高峰|何时|任何|常年|常常|金额|方便|方面|方式|万一|许多|易燃|白天|白色|石头|马上|马路|余下|龙头)"
)
_NAME = "|".join(
    [
        f"(?P<named>{SURNAME}(?:副|{_GIVEN}{{1,2}}?)?)(?:{_TITLES})",
        f"(?:(?<=名叫)|(?<=我叫)|(?<=联系人)|(?<=联系人:)|(?<=姓名)|(?<=姓名:)){_NO_NAMES}{SURNAME}{_GIVEN}{{1,2}}",
        f"(?:(?<=业主)|(?<=居民)|(?<=住户)|(?<=租户)|(?<=房东)|(?<=邻居)|(?<=村民)|(?<=保安)){_NO_NAMES}{SURNAME}"
        f"{_GIVEN}{{1,2}}(?=反映|表示|称|说|来电|投诉|家|[,。、;]|$)",
        f"(?<=姓){SURNAME}",
        f"[老小]{SURNAME}(?=[家说的和与,。、;]|$)",
    ]
)
_PATTERNS = {
    Private.EMAIL: _EMAIL,
    Private.ACCOUNT: _ACCOUNT,
    Private.NUMBER: _NUMBERS,
    Private.PHONE: _PHONE,
    Private.PLATE: _PLATE,
    Private.ROOM: _ROOM,
    Private.NAME: _NAME,
}
_CODE = re.compile("[a-z][a-z_]*")
_ANY = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items()))
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
"""Full-width signs as plain ones, one for one, so that positions stay."""


def private_in(text: str) -> list[Found]:
    """What should not get out, in the order of the text."""
    return [found for found, _ in _matches(text)]


def faults_in(text: str) -> list[str]:
    """What must not get out, by kind and place and never in its own words: these may be told and logged."""
    return [
        f"{IN_WORDS[one.kind].capitalize()} at characters {one.start + 1} to {one.end}." for one in private_in(text)
    ]


def masked(text: str) -> str:
    """The text with everything private in it masked. Masking it again changes nothing."""
    parts, end = [], 0
    for found, match in _matches(text):
        parts += [text[end : found.start], MASKS.get(found.kind) or _masked_name(match)]
        end = found.end
    return "".join([*parts, text[end:]])


def _matches(text: str) -> Iterator[tuple[Found, re.Match[str]]]:
    for match in _ANY.finditer(text.translate(_WIDE)):
        yield Found(Private(str(match.lastgroup if match.lastgroup != "named" else Private.NAME)), *match.span()), match


def _masked_name(match: re.Match[str]) -> str:
    """王女士 becomes 某女士; a name alone, and one that ends in 某, 某人."""
    named = match["named"]
    title = "" if named is None else match[0].removeprefix(named)
    return "某" + (title if title.strip("某") else "人")


def is_code(words: str) -> bool:
    """Whether it is a word for programs, or none, and so nobody's own."""
    return not words or _CODE.fullmatch(words) is not None


def coded(words: str, known: Collection[str]) -> str:
    """Words that should be a code, as others may read them: a code is told, and what is known, all else is "other"."""
    return words if words in known or is_code(words) else "other"
