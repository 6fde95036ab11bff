"""Exports: JSON, CSV, XLSX, iCalendar and Markdown of a webinar. Pure functions of one plain dict."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal

import msgspec

from .dates import from_instant, to_instant
from .model import ProgrammeSlot
from .read import read_slots
from .table import QUESTIONS_MARK

Format = Literal["json", "csv", "xlsx", "ics", "md"]
FORMATS: tuple[Format, ...] = ("json", "csv", "xlsx", "ics", "md")
CONTENT_TYPES: dict[Format, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ics": "text/calendar; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
AGENDA_COLUMNS = (
    "Date", "Start", "End", "Duration (min)", "Type", "Title", "Speaker", "Affiliation", "Speaker title", "Flex",
    "Fixed", "Skip", "min_s", "warn_s", "danger_s", "Links", "Time zone", "Id", "Expected start", "Expected end",
    "Actual start", "Actual end", "State", "Webinar",
)  # fmt: skip
QUESTION_COLUMNS = (
    "N", "Question", "Name", "To", "State", "Votes", "Asked at", "During", "Answer", "Reason", "Answered at",
    "On air (s)",
)  # fmt: skip


def write(data: Mapping[str, Any], format: Format) -> bytes:
    """An export in one of FORMATS. Raises ValueError for another format.

    `data`: `{"webinar": {slug, title, subtitle, summary, timezone, starts_at, ends_at, public_url?}, "agenda": {the
    JSON format of a programme, slots with `id`}, "slots": [{id, title, kind, speakers: [name], planned_start_at,
    duration_s, expected_start_at, expected_end_at, actual_start_at?, actual_end_at?, state, skip}], "questions":
    [{n, text, name?, to: [names], state, votes, asked_at, slot?, answer?, reason?, answered_at?, air_s?}],
    "sequence": int, "updated_at": ms}`.
    `slot` of a question is the title or the id of the slot in which it was asked.
    """
    if format == "json":
        return _json(data)
    if format == "csv":
        return _csv(data)
    if format == "xlsx":
        return _xlsx(data)
    if format == "ics":
        from .calendar_file import write_calendar

        return write_calendar(data)
    if format == "md":
        return _markdown(data)
    raise ValueError(f"unknown format {format!r}: one of {', '.join(FORMATS)}")


def agenda_of(title: str, timezone: str, slots: Sequence[ProgrammeSlot], **more: str) -> dict[str, Any]:
    """The JSON format of a programme, of slots in their order. `more`: subtitle, summary, slug, where not empty.

    Every slot has `start`, in the shortest form that reads back as the same instant; one whose planned start
    lies before the end of the slot above it (the order was changed during the show) has none, and follows that slot.
    """
    day = from_instant(slots[0].start_at, timezone).date() if slots else date(1970, 1, 1)
    agenda: dict[str, Any] = {"title": title}
    agenda.update({name: value for name, value in more.items() if value})
    agenda.update({"date": day.isoformat(), "timezone": timezone, "slots": []})
    last_start, last_end = None, None
    for slot in slots:
        entry: dict[str, Any] = {"id": slot.id} if slot.id else {}
        entry |= {"title": slot.title, "kind": slot.kind}
        start_at = slot.start_at
        if last_end is not None and start_at < last_end:
            start_at = last_end
        else:
            entry["start"], day = _start_text(start_at, timezone, day, last_start)
        entry["duration_s"] = slot.duration_s
        entry["speakers"] = [
            {k: v for k, v in (("name", p.name), ("affiliation", p.affiliation), ("title", p.title)) if v}
            for p in slot.speakers
        ]
        entry["flex"] = slot.flex
        if slot.fixed:
            entry["fixed"] = True
        if slot.skip:
            entry["skip"] = True
        if slot.min_s is not None:
            entry["min_s"] = slot.min_s
        entry |= {"warn_s": slot.warn_s, "danger_s": slot.danger_s}
        if slot.links:
            entry["links"] = [{"title": title, "url": url} for title, url in slot.links]
        agenda["slots"].append(entry)
        last_start, last_end = start_at, start_at + slot.duration_s * 1000
    return agenda


def _start_text(at: int, zone: str, day: date, last_start: int | None) -> tuple[str, date]:
    """ "08:40", or a full instant where a time of day would be read as another; and the day that follows from it."""
    local = from_instant(at, zone)
    ms = ((local.hour * 60 + local.minute) * 60 + local.second) * 1000 + local.microsecond // 1000
    read = to_instant(day, ms, zone)
    if last_start is not None and read <= last_start:
        day += timedelta(days=1)
        read = to_instant(day, ms, zone)
    if read != at or (
        last_start is not None
        and local.date() != from_instant(last_start, zone).date()
        and read - last_start > 6 * 3600_000
    ):
        return local.isoformat(timespec="milliseconds" if ms % 1000 else "seconds"), local.date()
    return _clock(ms), day


def _clock(ms: int) -> str:
    text = f"{ms // 3600000:02d}:{ms // 60000 % 60:02d}"
    if ms % 60000:
        text += f":{ms // 1000 % 60:02d}"
    return text + (f".{ms % 1000:03d}" if ms % 1000 else "")


def guard(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula; `unguard` in `table` is its inverse."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if _FORMULA.match(text) else text


def _json(data: Mapping[str, Any]) -> bytes:
    body = {name: data[name] for name in ("webinar", "agenda", "slots", "questions") if name in data}
    body |= {name: data[name] for name in data if name not in body}
    return msgspec.json.format(msgspec.json.encode(body), indent=2) + b"\n"


def _instant_text(at: object, zone: str) -> str:
    return from_instant(int(at), zone).strftime("%Y-%m-%d %H:%M:%S") if isinstance(at, (int, float)) else ""


def _agenda_rows(data: Mapping[str, Any]) -> list[list[str]]:
    agenda, zone = data["agenda"], data["agenda"]["timezone"]
    shown = {slot["id"]: slot for slot in data.get("slots", [])}
    rows = []
    for slot in read_slots(agenda["slots"], agenda["date"], zone) if agenda["slots"] else []:
        starts, ends = from_instant(slot.start_at, zone), from_instant(slot.end_at, zone)
        state = shown.get(slot.id, {})
        whole = slot.duration_s % 60 == 0
        length = str(slot.duration_s // 60) if whole else str(timedelta(seconds=slot.duration_s))
        rows.append([
            starts.date().isoformat(),
            _start_text(slot.start_at, zone, starts.date(), None)[0],
            ends.strftime("%H:%M:%S" if ends.second else "%H:%M"),
            length,
            slot.kind,
            slot.title,
            "\n".join(p.name for p in slot.speakers),
            "\n".join(p.affiliation for p in slot.speakers),
            "\n".join(p.title for p in slot.speakers),
            "yes" if slot.flex else "no",
            "yes" if slot.fixed else "no",
            "yes" if slot.skip else "no",
            "" if slot.min_s is None else str(slot.min_s),
            str(slot.warn_s),
            str(slot.danger_s),
            "\n".join(f"{title} <{url}>" for title, url in slot.links),
            zone,
            slot.id or "",
            _instant_text(state.get("expected_start_at"), zone),
            _instant_text(state.get("expected_end_at"), zone),
            _instant_text(state.get("actual_start_at"), zone),
            _instant_text(state.get("actual_end_at"), zone),
            str(state.get("state") or ""),
            data["webinar"]["title"],
        ])  # fmt: skip
    return rows


def _question_rows(data: Mapping[str, Any]) -> list[list[Any]]:
    zone = data["webinar"]["timezone"]
    titles = {slot["id"]: slot["title"] for slot in data.get("slots", [])}
    rows = []
    for question in data.get("questions", []):
        slot = question.get("slot")
        rows.append([
            question.get("n", ""),
            question.get("text", ""),
            question.get("name") or "",
            "; ".join(question.get("to") or []),
            question.get("state", ""),
            question.get("votes", 0),
            _instant_text(question.get("asked_at"), zone),
            titles.get(slot, slot) or "",
            question.get("answer") or "",
            question.get("reason") or "",
            _instant_text(question.get("answered_at"), zone),
            question["air_s"] if question.get("air_s") is not None else "",
        ])  # fmt: skip
    return rows


def _csv(data: Mapping[str, Any]) -> bytes:
    """The agenda, an empty line, then the questions under their own headings; UTF-8 with a mark, for Excel."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(AGENDA_COLUMNS)
    writer.writerows([[guard(cell) for cell in row] for row in _agenda_rows(data)])
    if data.get("questions"):
        writer.writerow([])
        writer.writerow([QUESTIONS_MARK])
        writer.writerow(QUESTION_COLUMNS)
        writer.writerows([[guard(cell) for cell in row] for row in _question_rows(data)])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what a sheet's XML cannot hold


def _sheet_cell(cell: object) -> str | int | float:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return cell
    return _ILLEGAL.sub("", guard(cell))[:32_767]


def _xlsx(data: Mapping[str, Any]) -> bytes:
    import openpyxl
    from openpyxl.styles import Alignment, Font

    webinar = data["webinar"]
    book = openpyxl.Workbook()
    agenda = book.active
    agenda.title = "Agenda"
    questions = book.create_sheet("Questions")
    about = book.create_sheet("Webinar")
    tables: tuple[tuple[Any, Sequence[str], list[list[Any]]], ...] = (
        (agenda, AGENDA_COLUMNS, _agenda_rows(data)),
        (questions, QUESTION_COLUMNS, _question_rows(data)),
        (
            about,
            ("", ""),
            [[name, webinar.get(name) or ""] for name in ("title", "subtitle", "summary", "slug", "timezone")],
        ),
    )
    wide = {"Title": 44, "Question": 70, "Speaker": 28, "Affiliation": 36, "Answer": 50, "Links": 30}
    for sheet, columns, rows in tables:
        if any(columns):
            sheet.append(list(columns))
            for cell in sheet[1]:
                cell.font = Font(bold=True)
            sheet.freeze_panes = "A2"
        for row in rows:
            sheet.append([_sheet_cell(cell) for cell in row])
        for cells in sheet.iter_rows():
            for cell in cells:
                cell.alignment = Alignment(vertical="top", wrap_text=True)
                if isinstance(cell.value, str):
                    cell.data_type = "s"  # never a formula, whatever it begins with
        for n, name in enumerate(columns, 1):
            sheet.column_dimensions[openpyxl.utils.get_column_letter(n)].width = wide.get(name, 16)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&$^=:@])")


def escape(text: object) -> str:
    """Text that Markdown shows as it is: every mark escaped, one line, no HTML."""
    one_line = re.sub(r"\s+", " ", str(text)).strip()
    return _MARKS.sub(r"\\\1", one_line).replace("\\<", "&lt;").replace("\\>", "&gt;").replace("\\&", "&amp;")


def _markdown(data: Mapping[str, Any]) -> bytes:
    webinar, zone = data["webinar"], data["webinar"]["timezone"]
    starts, ends = from_instant(int(webinar["starts_at"]), zone), from_instant(int(webinar["ends_at"]), zone)
    lines = [f"# {escape(webinar['title'])}", ""]
    if webinar.get("subtitle"):
        lines += [escape(webinar["subtitle"]), ""]
    lines += [f"{starts.day} {starts:%B %Y, %H:%M}–{ends:%H:%M} ({escape(zone)})", ""]
    if webinar.get("summary"):
        lines += [escape(webinar["summary"]), ""]
    lines += ["## Agenda", "", "| Start | Length | Title | Who | State |", "| --- | --- | --- | --- | --- |"]
    for slot in data.get("slots", []):
        at = from_instant(int(slot["planned_start_at"]), zone)
        minutes, seconds = divmod(int(slot["duration_s"]), 60)
        length = f"{minutes} min" + (f" {seconds} s" if seconds else "")
        who = ", ".join(escape(name) for name in slot.get("speakers") or [])
        lines.append(f"| {at:%H:%M} | {length} | {escape(slot['title'])} | {who} | {escape(slot.get('state', ''))} |")
    questions = data.get("questions") or []
    lines += ["", f"## Questions ({len(questions)})", ""]
    for question in questions:
        votes = int(question.get("votes") or 0)
        facts = [
            escape(question.get("name") or "no name"),
            escape(question.get("state", "")),
            f"{votes} {'vote' if votes == 1 else 'votes'}",
        ]
        if question.get("to"):
            facts.insert(1, "to " + ", ".join(escape(name) for name in question["to"]))
        lines += [f"{int(question.get('n') or 0)}. {escape(question.get('text', ''))}", f"   ({'; '.join(facts)})"]
        for name, word in (("answer", "Answer"), ("reason", "Reason")):
            if question.get(name):
                lines += ["", f"   {word}: {escape(question[name])}"]
        lines.append("")
    return ("\n".join(lines).rstrip() + "\n").encode("utf-8", "replace")
