"""The register 名册 of households or owners in a file: XLSX or CSV, a row for each flat, with whoever holds it.

Three columns are read, by their names; whatever else the file says of people is left in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from services.deliberation.domain.electorate import AREA_UNITS, Dwelling
from services.deliberation.domain.errors import UnreadableRegister
from shared.files.faults import BadFile, Fault, SheetFault
from shared.files.reading import RowReading
from shared.files.sheets import KnownSheet, RawSheet, known_sheet, raw_sheets
from shared.files.uploads import uploaded

TITLES = {"dwelling": "房号", "holders": "权利人", "area_m2": "面积(平方米)"}
NEEDED = ("dwelling", "holders")
ALSO = {
    "dwelling": ("房屋", "门牌", "门牌号", "房屋坐落", "dwelling"),
    "holders": ("产权人", "业主", "户主", "权利人编号", "产权人编号", "业主编号", "户主编号", "holders"),
    "area_m2": ("面积", "建筑面积", "专有部分面积", "建筑面积(平方米)", "专有部分面积(平方米)", "area_m2"),
}
NAMES = {name: one for one, title in TITLES.items() for name in (title, *ALSO[one])}
RIGHT = {
    "dwelling": "a row of its own for each flat",
    "holders": "each holder once, several with 、 between them",
    "area_m2": "a number like 89.5",
}
LONGEST_ID, MOST_HOLDERS, LARGEST_AREA = 120, 20, 1_000_000


@dataclass(eq=False)
class RegisterRow:
    """A row as it was read, and where it stands."""

    sheet: str
    reading: RowReading
    dwelling: Dwelling

    def note(self, column: str, wrong: str) -> None:
        self.reading.note(column, wrong, RIGHT[column])


@dataclass
class Register:
    """All rows, and the faults that are no single row's."""

    rows: list[RegisterRow] = field(default_factory=list)
    faults: list[SheetFault] = field(default_factory=list)

    @property
    def dwellings(self) -> list[Dwelling]:
        return [one.dwelling for one in self.rows]

    def all_faults(self) -> list[SheetFault]:
        return [*self.faults, *(SheetFault(row.sheet, fault) for row in self.rows for fault in row.reading.faults)]


def read_register(name: str, content: str, *, most: int) -> Register:
    """Of a file by its name, and its bytes in base64. Raises UnreadableRegister, in whose fields stands why."""
    try:
        with uploaded(name, content) as file:
            sheets = [(raw, known_sheet(raw, NAMES)) for raw in raw_sheets(file)]
    except BadFile as fault:
        raise _unreadable(str(fault)) from None
    found = Register()
    for raw, known in sheets:
        if known is not None:
            _read_sheet(found, raw, known)
    if sheets and all(known is None for _, known in sheets):
        right = f"a row with the names of the columns: {'、'.join(TITLES.values())}"
        found.faults.append(SheetFault(sheets[0][0].name, Fault(1, "", sheets[0][0].name, "has no header", right)))
    if len(found.rows) > most:
        raise _unreadable(f"has {len(found.rows)} rows; at most {most}: split the electorate")
    if not (found.rows or found.faults):
        raise _unreadable("has no rows below its headers")
    return found


def _read_sheet(found: Register, raw: RawSheet, known: KnownSheet) -> None:
    faults = [*_faults_of_header(known), *known.table.faults]
    found.faults += [SheetFault(raw.name, fault) for fault in faults]
    if all(name in known.columns for name in NEEDED):
        for row in known.table.rows:
            named = {known.columns[place]: cell for place, cell in row.cells.items()}
            reading = RowReading(row.number, named, TITLES | known.columns)
            found.rows.append(RegisterRow(raw.name, reading, _dwelling(reading)))


def _faults_of_header(known: KnownSheet) -> Iterator[Fault]:
    for name in NEEDED:
        if name not in known.columns:
            yield Fault(known.header_row, TITLES[name], "", "is missing", f"a column 「{TITLES[name]}」")
    for name in known.twice:
        yield Fault(known.header_row, name, name, "stands there twice", "one column of this meaning")


def _dwelling(reading: RowReading) -> Dwelling:
    """What a row says, as far as it can be read; the rest is noted in it."""
    dwelling, holders = reading.code("dwelling"), reading.codes("holders")
    for name, some in (("dwelling", [dwelling] if dwelling else []), ("holders", holders)):
        if not (some or reading.faults):
            reading.note(name, "is empty", f"{TITLES[name]} in every row")
        longest = max(map(len, some), default=0)
        if longest > LONGEST_ID:
            reading.note(name, f"has {longest} characters", f"at most {LONGEST_ID}")
    if len(holders) > MOST_HOLDERS:
        reading.note("holders", f"names {len(holders)} holders", f"{MOST_HOLDERS} at most")
    return Dwelling(dwelling, tuple(holders), _area(reading))


def _area(reading: RowReading) -> int:
    """In hundredths of a square metre; 0 where there is none, or a fault."""
    before = len(reading.faults)
    text = reading.text("area_m2").replace(",", "").replace("，", "")
    if not text or len(reading.faults) > before:
        return 0
    try:
        area = float(text)
    except ValueError:
        area = -1.0
    if not 0 <= area <= LARGEST_AREA or "_" in text:
        reading.note("area_m2", "is no number", RIGHT["area_m2"])
        return 0
    return round(area * AREA_UNITS)


def _unreadable(wrong: str) -> UnreadableRegister:
    return UnreadableRegister(f"the file {wrong}", {"content": [wrong]})
