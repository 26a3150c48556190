"""XLSX workbooks as strange writers write them, put together by hand: no library writes what they do."""

import io
import zipfile

FAMILY = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
)
STRICT = ("http://purl.oclc.org/ooxml/spreadsheetml/main", "http://purl.oclc.org/ooxml/officeDocument/relationships")
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HIDDEN = 'state="hidden"'
DATES = (
    "14",
    "22",
    "27",
    "31",
    "57",
    "58",
    "yyyy/m/d\\ h:mm;@",
    "[$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;",
)


def text(column, words):
    return f'<c r="{column}#" t="inlineStr"><is><t>{words}</t></is></c>'


def number(column, value, style=0):
    return f'<c r="{column}#" s="{style}"><v>{value}</v></c>'


def in_row(row, *cells):
    """A row of cells, whose references get its number."""
    inside = "".join(cells).replace('#"', f'{row}"')
    return f'<row r="{row}">{inside}</row>'


def workbook(*sheets, states=(), dimension="", number_format="14", styles="", family=FAMILY, sheets_at="worksheets"):
    """The bytes of a workbook with these sheets (表1, 表2, …). Style 1 has the number format that is given."""
    main, relations = family
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", _content_types(len(sheets)))
        book.writestr("_rels/.rels", _links(("rId1", f"{relations}/officeDocument", "xl/workbook.xml")))
        book.writestr("xl/workbook.xml", _book(main, relations, [*states, *[""] * len(sheets)][: len(sheets)]))
        links = [(f"rId{n}", f"{relations}/worksheet", f"{sheets_at}/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
        styled = ("rId98", f"{relations}/styles", "styles.xml")
        book.writestr("xl/_rels/workbook.xml.rels", _links(*links, styled))
        sheet_styles = styles or _styles(number_format)
        book.writestr("xl/styles.xml", sheet_styles.replace("<styleSheet", f'<styleSheet xmlns="{main}"'))
        says = f'<dimension ref="{dimension}"/>' if dimension else ""
        for n, rows in enumerate(sheets, start=1):
            sheet = f'<worksheet xmlns="{main}">{says}<sheetData>{rows}</sheetData></worksheet>'
            book.writestr(f"xl/{sheets_at}/sheet{n}.xml", sheet)
    return result.getvalue()


def _styles(number_format):
    own = "" if number_format.isdigit() else f'<numFmts><numFmt numFmtId="176" formatCode="{number_format}"/></numFmts>'
    used = number_format if number_format.isdigit() else "176"
    return f'<styleSheet>{own}<cellXfs><xf numFmtId="0"/><xf numFmtId="{used}"/></cellXfs></styleSheet>'


def _content_types(sheets):
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {f"worksheets/sheet{n}": "worksheet" for n in range(1, sheets + 1)} | {"styles": "styles"}
    named = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{kind}.{of}+xml"/>' for part, of in parts.items()
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{named}</Types>'
    )


def _links(*links):
    named = "".join(f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>' for name, kind, target in links)
    return f'<Relationships xmlns="{PACKAGE}/relationships">{named}</Relationships>'


def _book(main, relations, states):
    sheets = "".join(f'<sheet name="表{n}" sheetId="{n}" {state} r:id="rId{n}"/>' for n, state in enumerate(states, 1))
    return f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>{sheets}</sheets></workbook>'
