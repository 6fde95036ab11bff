"""A webinar as a file: the agenda in formats that can be imported again, with its questions and how it went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..domain.state import Webinar
from ..live import views
from ..programme import CONTENT_TYPES, ProgrammeSlot, ProgrammeSpeaker, agenda_of, write
from .report import report

if TYPE_CHECKING:
    from flask import Response

    from ..live.room import Room


def export_room(room: Room, form: str, base: str, *, attachment: bool = True) -> Response:
    """The file as an HTTP answer. `form`: json, csv, xlsx, ics or md; `base`: what links start with."""
    from flask import Response

    content = export_bytes(room.state, room.now(), form, base, room.audience.attendees_peak)
    response = Response(content, content_type=CONTENT_TYPES[form])  # type: ignore[index]
    if attachment:
        response.headers["Content-Disposition"] = f'attachment; filename="{room.slug}.{form}"'
    if form == "ics":
        response.headers["Cache-Control"] = "public, max-age=60"
    return response


def export_bytes(state: Webinar, now: int, form: str, base: str = "", attendees_peak: int | None = None) -> bytes:
    """The file. A calendar follows the plan as it moves; JSON holds the report as well."""
    moved_at = state.planned_at or state.created_at
    # Nothing in a calendar may change because time passes: who subscribed to it would be told of a change again and
    # again, and its SEQUENCE would not say so.
    whole = report(state, moved_at if form == "ics" else now, attendees_peak)
    webinar = views.webinar_part(state)
    if base:
        webinar["public_url"] = f"{base}/w/{state.slug}"
    data: dict[str, Any] = {
        "webinar": webinar,
        "agenda": agenda(state),
        "slots": whole["slots"],
        "questions": whole["questions"],
        "sequence": state.planned_seq,
        "updated_at": moved_at,
    }
    if form == "json":
        data.update((key, whole[key]) for key in ("facts", "per_minute", "on_air", "ledger", "floor", "hands"))
    return write(data, form)  # type: ignore[arg-type]


def agenda(state: Webinar) -> dict[str, Any]:
    """The agenda as planned, in the JSON format that `import` reads."""
    slots = [
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
    ]
    return agenda_of(
        state.title, state.timezone, slots, subtitle=state.subtitle, summary=state.summary, slug=state.slug
    )
