"""Workbooks put together by hand, so that they can be odd, broken or hostile."""

import io
import zipfile
from collections.abc import Iterable

from tables.reading import Limits, read_sheet

TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="' + TYPES + '"'


def relations(*related: tuple[str, str, str]) -> str:
    listed = "".join(f'<Relationship Id="{id}" Type="{TYPES}/{kind}" Target="{to}"/>' for id, kind, to in related)
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{listed}</Relationships>'
    )


def sheet(*rows: str, before: str = "") -> str:
    return f"<worksheet {MAIN}>{before}<sheetData>{''.join(rows)}</sheetData></worksheet>"


def inline(*cells: str) -> str:
    """A row of texts that stand in the sheet itself."""
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells) + "</row>"


def workbook(
    *sheets: str,
    shared: str = "",
    styles: str = "",
    states: Iterable[str] = (),
    properties: str = "",
    extra: dict[str, bytes] | None = None,
) -> bytes:
    """The bytes of an XLSX file with these sheets, called Sheet1, Sheet2 and so on."""
    numbers = range(1, len(sheets) + 1)
    shown = [*states, *["visible"] * len(sheets)]
    listed = "".join(
        f'<sheet name="Sheet{n}" sheetId="{n}" state="{state}" r:id="s{n}"/>'
        for n, state in zip(numbers, shown, strict=False)
    )
    parts: dict[str, str | bytes] = {
        "_rels/.rels": relations(("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f"<workbook {MAIN}>{properties}<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(
            *[(f"s{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers],
            ("t", "sharedStrings", "sharedStrings.xml"),
            ("f", "styles", "styles.xml"),
        ),
        **{f"xl/worksheets/sheet{n}.xml": text for n, text in zip(numbers, sheets, strict=True)},
    }
    if shared:
        parts["xl/sharedStrings.xml"] = f"<sst {MAIN}>{shared}</sst>"
    if styles:
        parts["xl/styles.xml"] = f"<styleSheet {MAIN}>{styles}</styleSheet>"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**parts, **(extra or {})}.items():
            archive.writestr(name, text)
    return file.getvalue()


def cells_of(raw: bytes, *, name: str = "list.xlsx", limits: Limits | None = None) -> list[list[str]]:
    """The header and the rows below it."""
    read = read_sheet(name, raw, limits=limits)
    return [list(read.columns), *[record.cells for record in read.rows()]]
