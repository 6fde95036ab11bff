"""A webinar as a file: the agenda in formats that can be imported again, with questions and report where they fit."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ..domain.state import Webinar
from .report import report

if TYPE_CHECKING:
    from flask import Response

    from ..live.room import Room
    from ..programme import Programme

TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ics": "text/calendar; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}
_COLUMNS = (
    "n", "text", "name", "to", "state", "votes", "asked_at", "slot", "aloud", "labels", "starred", "answer", "reason",
    "air_s", "source", "merged_into",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_room(room: Room, form: str, *, what: str = "agenda", attachment: bool = True) -> Response:
    """The file as an HTTP answer."""
    from flask import Response

    response = Response(export_bytes(room.state, room.now(), form, what), content_type=TYPES[form])
    if attachment:
        response.headers["Content-Disposition"] = f'attachment; filename="{room.slug}.{form}"'
    if form == "ics":
        response.headers["Cache-Control"] = "public, max-age=60"
    return response


def export_bytes(state: Webinar, now: int, form: str, what: str = "agenda") -> bytes:
    """`form`: json, csv, xlsx, ics or md. CSV is one table: the agenda, or the questions."""
    if form == "json":
        return _json(state, now)
    if form == "md":
        return _markdown(state, now).encode()
    if form == "csv" and what == "questions":
        return _csv(_rows(state, now))
    if form == "ics":
        return _calendar(state, now)
    from ..programme import write

    made: bytes = write(programme_of(state), form)
    return _with_sheets(made, state, now) if form == "xlsx" else made


def programme_of(state: Webinar) -> Programme:
    """The agenda as planned."""
    from ..programme import Programme, ProgrammeSlot, ProgrammeSpeaker

    zone = ZoneInfo(state.timezone)
    return Programme(
        title=state.title,
        date=datetime.fromtimestamp(state.starts_at / 1000, zone).date().isoformat(),
        timezone=state.timezone,
        subtitle=state.subtitle,
        summary=state.summary,
        slug=state.slug,
        slots=[
            ProgrammeSlot(
                id=slot.id,
                title=slot.title,
                kind=slot.kind,
                start_at=slot.planned_start_at,
                duration_s=slot.duration_s,
                speakers=[
                    ProgrammeSpeaker(one.name, one.affiliation, one.title)
                    for one in (state.speakers[id] for id in slot.speakers if id in state.speakers)
                ],
                flex=slot.flex,
                fixed=slot.fixed,
                min_s=slot.min_s,
                skip=slot.skip,
                warn_s=slot.warn_s,
                danger_s=slot.danger_s,
                links=[(link.title, link.url) for link in slot.links],
            )
            for slot in state.agenda()
        ],
    )


def _json(state: Webinar, now: int) -> bytes:
    from ..programme import write

    whole = {"agenda": json.loads(write(programme_of(state), "json")), **report(state, now)}
    return json.dumps(whole, ensure_ascii=False, indent=2).encode() + b"\n"


def _calendar(state: Webinar, now: int) -> bytes:
    """The slots as they are expected now, so that a subscribed calendar follows when the plan moves."""
    from msgspec.structs import replace

    from ..live import views
    from ..programme import write

    projection = views.project(state, now)
    programme = programme_of(state)
    slots = []
    for slot in programme.slots:
        here = projection.slots[slot.id or ""]
        if here.state == "skipped" or slot.skip:
            continue
        start = here.actual_start_at if here.actual_start_at is not None else here.expected_start_at
        end = here.actual_end_at if here.actual_end_at is not None else here.expected_end_at
        slots.append(replace(slot, start_at=start, duration_s=max(1, (end - start) // 1000)))
    made: bytes = write(replace(programme, slots=slots or programme.slots), "ics")
    return made


# ---- questions -------------------------------------------------------------------------------------------------------


def _rows(state: Webinar, now: int) -> Iterator[list[Any]]:
    """The questions as a table, the first row its headings."""
    zone = ZoneInfo(state.timezone)
    yield list(_COLUMNS)
    for one in report(state, now)["questions"]:
        one["asked_at"] = datetime.fromtimestamp(one["asked_at"] / 1000, zone).isoformat(timespec="seconds")
        one["slot"] = state.slots[one["slot"]].title if one.get("slot") in state.slots else ""
        yield [_cell(one.get(column, "")) for column in _COLUMNS]


def _cell(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        value = ", ".join(str(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else ""
    return value


def _csv(rows: Iterable[list[Any]]) -> bytes:
    """What somebody typed never becomes a formula in a spreadsheet program."""
    text = io.StringIO(newline="")
    guarded = (
        ["'" + cell if isinstance(cell, str) and cell.startswith(_FORMULA) else cell for cell in row] for row in rows
    )
    csv.writer(text).writerows(guarded)
    return b"\xef\xbb\xbf" + text.getvalue().encode()  # the mark by which spreadsheet programs know UTF-8


def _with_sheets(made: bytes, state: Webinar, now: int) -> bytes:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(made))
    sheet = book.create_sheet("Questions")
    for row in _rows(state, now):
        sheet.append(row)
        for cell in sheet[sheet.max_row]:
            if cell.data_type == "f":  # typed text that begins with "=" is text
                cell.data_type = "s"
    sheet = book.create_sheet("Report")
    for name, value in _facts(report(state, now), ZoneInfo(state.timezone)):
        sheet.append([name, value])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# ---- Markdown --------------------------------------------------------------------------------------------------------

_FACTS = {
    "began_at": "Began", "ended_at": "Ended", "planned_end_at": "Planned end", "attendees": "Attendees who took part",
    "questions": "Questions", "askers": "People who asked", "votes": "Votes", "answered_air": "Answered on air",
    "answered_written": "Answered in writing",
}  # fmt: skip


def _facts(found: dict[str, Any], zone: ZoneInfo) -> Iterator[tuple[str, Any]]:
    for key, name in _FACTS.items():
        if key in found["facts"]:
            value = found["facts"][key]
            if key.endswith("_at") or key == "planned_end_at":
                value = datetime.fromtimestamp(value / 1000, zone).strftime("%Y-%m-%d %H:%M")
            yield name, value


def _markdown(state: Webinar, now: int) -> str:
    zone = ZoneInfo(state.timezone)
    found = report(state, now)

    def time(at: int | None) -> str:
        return datetime.fromtimestamp(at / 1000, zone).strftime("%H:%M") if at is not None else ""

    day = datetime.fromtimestamp(state.starts_at / 1000, zone).date().isoformat()
    lines = [f"# {_md(state.title)}", ""]
    lines += [f"{_md(text)}\n" for text in (state.subtitle, state.summary) if text]
    lines += [f"{day}, {time(state.starts_at)}–{time(state.ends_at)} ({state.timezone})", "", "## Agenda", ""]
    lines += ["| planned | began | title | speakers | minutes | ran |", "|---|---|---|---|---|---|"]
    for slot in found["slots"]:
        ran = f"{slot['ran_s'] / 60:.0f}" if "ran_s" in slot else ""
        lines.append(
            f"| {time(slot['planned_start_at'])} | {time(slot.get('actual_start_at'))} | {_md(slot['title'])} "
            f"| {_md(', '.join(slot['speakers']))} | {slot['duration_s'] / 60:.0f} | {ran} |"
        )
    lines += ["", "## How it went", ""]
    lines += [f"- {name}: {value}" for name, value in _facts(found, zone)]
    lines += ["", "## Questions", ""]
    for one in found["questions"]:
        who = f", {_md(one['name'])}" if one.get("name") else ""
        to = f" to {_md(', '.join(one['to']))}" if one["to"] else ""
        lines.append(f"{one['n']}. {_md(one['text'])} ({one['state']}, votes: {one['votes']}{who}{to})")
        lines += [f"   - Answer: {_md(one['answer'])}"] if one.get("answer") else []
        lines += [f"   - Reason: {_md(one['reason'])}"] if one.get("reason") else []
    if not found["questions"]:
        lines.append("None was asked.")
    return "\n".join(lines) + "\n"


def _md(text: str) -> str:
    """Typed text as Markdown shows it, on one line: nothing in it becomes markup."""
    text = " ".join(text.split())
    return "".join("\\" + letter if letter in "\\`*_{}[]<>#|!~" else letter for letter in text)
