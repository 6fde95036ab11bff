"""The way in: tells text, tables, sheets, calendars and JSON apart, and refuses what is no programme."""

from __future__ import annotations

import re
from datetime import date
from pathlib import PurePath
from typing import Any

from .dates import known_zone
from .json_file import drafts_of, read_day, read_json, zone_of
from .model import MAX_BYTES, Findings, Programme, ProgrammeError, ProgrammeSlot, clean, clean_lines, slug_of
from .plan import Draft, Head, build
from .table import find_table, read_rows
from .text import read_lines

DEFAULT_ZONE = "Europe/Brussels"
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "This is a PDF: copy the programme out of it and paste it as text"),
    (
        b"\xd0\xcf\x11\xe0",
        "This is an old Office file (.xls or .doc): save it as .xlsx, or paste the programme as text",
    ),
    (b"{\\rtf", "This is an RTF file: paste the programme as text"),
    (b"\x89PNG", "This is a picture: a programme is needed as text"),
    (b"\xff\xd8\xff", "This is a picture: a programme is needed as text"),
    (b"GIF8", "This is a picture: a programme is needed as text"),
    (b"\x1f\x8b", "This is a packed file: unpack it first"),
    (b"SQLite format 3", "This is a database, not a programme"),
)


def read_bytes(data: bytes, filename: str | None, today: date, default_zone: str = DEFAULT_ZONE) -> Programme:
    """A programme of a file: text, CSV (comma, semicolon, tab), XLSX, iCalendar or JSON, told by its content.

    `filename` gives the title when the file has none. Raises ProgrammeError, a few lines, for everything else.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise ProgrammeError("The file is empty")
    if len(data) > MAX_BYTES:
        raise ProgrammeError(
            f"The file is too large for a programme: {len(data) / 1e6:.1f} MB, at most {MAX_BYTES // 1_000_000} MB"
        )
    for magic, message in _MAGIC:
        if data.startswith(magic):
            raise ProgrammeError(message)
    findings = Findings()
    if data.startswith(b"PK"):
        from .xlsx import read_xlsx

        head, drafts, own = read_xlsx(data, findings, today)
        _name_after(head, filename, findings)
        return build(head, drafts, findings, today, _checked(default_zone), exact=own)
    suffix = PurePath(filename or "").suffix.lower()
    return _read(_decode(data, findings), findings, today, default_zone, filename, suffix)


def read_text(text: str, today: date, default_zone: str = DEFAULT_ZONE) -> Programme:
    """A programme of pasted text: lines, a table (tabs, bars, aligned columns), CSV, iCalendar or JSON.

    Raises ProgrammeError with the number of each line that cannot be understood.
    """
    if len(text) > MAX_BYTES:
        raise ProgrammeError("The text is too long for a programme")
    return _read(text, Findings(), today, default_zone, None, "")


def read_slots(
    slots: list[dict[str, Any]], date: str | date, timezone: str, first_at: int | None = None
) -> list[ProgrammeSlot]:
    """The slots of `agenda:replace`, in the format of the JSON file, on the ISO day `date`.

    `first_at` (epoch ms) is when the first slot begins if it names no start. Raises ProgrammeError, whose problems
    carry the path of the field ("slots[0].duration_s").
    """
    findings = Findings()
    head = Head(title="agenda", zone=zone_of(timezone, findings))
    head.day = read_day(date, "date") if isinstance(date, str) else date
    drafts = drafts_of(slots)
    if drafts[0].start is None and drafts[0].at is None and first_at is not None:
        drafts[0].at = first_at
    return build(head, drafts, findings, head.day, timezone, exact=True).slots


def _checked(zone: str) -> str:
    if not known_zone(zone):
        raise ProgrammeError(f"“{zone[:40]}” is not a time zone")
    return zone


def _read(
    text: str, findings: Findings, today: date, default_zone: str, filename: str | None, suffix: str
) -> Programme:
    default_zone = _checked(default_zone)
    text = text.removeprefix("\ufeff")
    start = text.lstrip()
    if not start:
        raise ProgrammeError("There is no text")
    exact = False
    drafts: list[Draft]
    if (start[0] in "{[" and not re.match(r"\[[\s\d]", start)) or suffix == ".json":
        head, drafts = read_json(text, findings)
        exact = True
    elif re.match(r"BEGIN:VCALENDAR", start, re.I):
        from .calendar_file import read_calendar

        head, drafts, exact = read_calendar(start, findings, default_zone)
    elif re.match(r"<(?:!doctype|html|\?xml)", start, re.I):
        raise ProgrammeError("This is a web page or XML: copy the programme out of it and paste it as text")
    else:
        head, drafts, exact = _read_plain(text, findings, today, suffix)
    _name_after(head, filename, findings)
    return build(head, drafts, findings, today, default_zone, exact=exact)


def _read_plain(text: str, findings: Findings, today: date, suffix: str) -> tuple[Head, list[Draft], bool]:
    lines = clean_lines(text)
    if not any(c.isalnum() for line in lines[:20_000] for c in line[:200]):
        raise ProgrammeError("There is no text")
    table = find_table("\n".join(lines), lines)
    if table is not None:
        rows, at, columns = table
        return read_rows(rows, at, columns, findings, today)
    if suffix in (".csv", ".tsv"):
        raise ProgrammeError(
            "No column headings found: a table needs a first row such as "
            "Start, Duration (min), Type, Title, Speaker, Affiliation"
        )
    head, drafts = read_lines(lines, findings, today)
    return head, drafts, False


def _name_after(head: Head, filename: str | None, findings: Findings) -> None:
    if head.title or not filename:
        return
    stem = clean(PurePath(filename.replace("\\", "/")).stem)
    words = re.sub(r"[-_.\s]+", " ", stem).strip()
    if not any(c.isalpha() for c in words):
        return
    head.title = words[0].upper() + words[1:]
    head.slug = head.slug or slug_of(stem)
    findings.note(f"No title given: “{head.title}”, after the file.")


def _decode(data: bytes, findings: Findings) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                raise ProgrammeError("This file is not text") from None
    if b"\x00" in data:
        raise ProgrammeError("This file is not text: a programme is text, CSV, XLSX, iCalendar or JSON")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        odd = sum(data.count(byte) for byte in range(0x20) if byte not in (9, 10, 11, 12, 13)) + data.count(0x7F)
        if odd > len(data) // 200:
            raise ProgrammeError("This file is not text: a programme is text, CSV, XLSX, iCalendar or JSON") from None
        text = data.decode("cp1252", "replace")
        findings.note("The file is not UTF-8: it is read as Windows-1252.")
    return text
