"""Programmes in Excel sheets. A sheet is data from outside: its size is checked before anything is unpacked."""

from __future__ import annotations

import io
import warnings
import zipfile
from datetime import date

from .cells import cell_text, unguard
from .model import MAX_LINES, Findings, ProgrammeError, clean
from .plan import Draft, Head
from .table import Row, read_heading, read_rows
from .text import read_lines

_MAX_UNPACKED = 12_000_000
_MAX_MEMBERS = 300
_MAX_COLUMNS = 60
BROKEN = "This Excel file cannot be opened: save it again as .xlsx, or paste the programme as text"


def read_xlsx(data: bytes, findings: Findings, today: date) -> tuple[Head, list[Draft], bool]:
    """The first sheet that holds a programme: by its column headings, else line by line.

    Raises ProgrammeError for what is broken, too large when unpacked, or no programme.
    """
    _check(data)
    import openpyxl  # takes 0.2 s: only when a sheet is read

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            sheets = {name: _rows(book[name]) for name in book.sheetnames[:20] if hasattr(book[name], "iter_rows")}
            book.close()
    except ProgrammeError:
        raise
    except Exception:  # a broken sheet fails in a dozen ways inside openpyxl; all of them mean the same to the user
        raise ProgrammeError(BROKEN) from None
    about = _about(sheets.pop("Webinar", []))
    for rows in sheets.values():
        for n, (_, cells) in enumerate(rows[:60]):
            if columns := read_heading(cells):
                head, drafts, own = read_rows(rows, n, columns, findings, today)
                return _with(head, about), drafts, own
    for rows in sheets.values():
        if rows:
            lines = [""] * rows[-1][0]
            for number, cells in rows:
                lines[number - 1] = "\t".join(clean(cell) for cell in cells if cell.strip())
            head, drafts = read_lines(lines, findings, today)
            return _with(head, about), drafts, False
    raise ProgrammeError("This Excel file holds no programme: no cells with text")


def _check(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if "word/document.xml" in names or any(name.startswith("ppt/") for name in names):
                raise ProgrammeError("This is a Word or PowerPoint file: paste the programme as text")
            if "content.xml" in names and "mimetype" in names:
                raise ProgrammeError("This is an OpenDocument file: save it as .xlsx or .csv")
            if "xl/workbook.xml" not in names:
                raise ProgrammeError("This is an archive, not a programme: send text, CSV, XLSX, iCalendar or JSON")
            if len(members) > _MAX_MEMBERS or sum(member.file_size for member in members) > _MAX_UNPACKED:
                raise ProgrammeError("This Excel file is too large when unpacked: this is no programme")
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    content = archive.read(member)
                    # No sheet declares entities; in UTF-16 the mark would be spread over two bytes a letter.
                    if any(mark in content for mark in (b"<!DOCTYPE", b"<!ENTITY", b"<\x00!\x00", b"\x00<\x00!")):
                        raise ProgrammeError(BROKEN)
    except ProgrammeError:
        raise
    except Exception:  # bad archives, bad checksums, odd compressions: the same to the user
        raise ProgrammeError(BROKEN) from None


def _rows(sheet: object) -> list[Row]:
    rows: list[Row] = []
    for number, values in enumerate(
        sheet.iter_rows(max_row=MAX_LINES, max_col=_MAX_COLUMNS, values_only=True),  # type: ignore[attr-defined]
        1,
    ):
        cells = [cell_text(value)[:5_000] for value in values]
        if any(cell.strip() for cell in cells):
            rows.append((number, cells))
    return rows


def _about(rows: list[Row]) -> dict[str, str]:
    return {clean(cells[0]).casefold(): cells[1].strip() for _, cells in rows if len(cells) > 1}


def _with(head: Head, about: dict[str, str]) -> Head:
    head.title = unguard(about.get("title", "")) or head.title
    head.subtitle = unguard(about.get("subtitle", "")) or head.subtitle
    head.summary = unguard(about.get("summary", "")) or head.summary
    head.slug = about.get("slug") or head.slug
    return head
