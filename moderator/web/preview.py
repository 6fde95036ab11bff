"""What a pasted programme would become, before anything is changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, jsonify, request

from ..domain.refusal import N_
from ..live.room import Room
from .errors import ack_response, refusal, say


def preview(room: Room) -> Response:
    """`{"ok", "slots": [{title, kind, start_at, start, duration_s, speakers: [{name, …}], …}], "notes": [text]}`.

    When it cannot be read: the `invalid` ack with `problems: [{line?, message, text}]`. The body is `{"text"}`.
    """
    from ..programme import ProgrammeError, read_text
    from .api import PROGRAMME_BYTES, body, unreadable

    request.max_content_length = PROGRAMME_BYTES
    given = body()
    text = given.get("text") if given is not None else None
    if not isinstance(text, str):
        return unreadable()
    zone = ZoneInfo(room.state.timezone)
    day = datetime.fromtimestamp(room.state.starts_at / 1000, zone).date()
    try:
        programme = read_text(text, day, room.state.timezone)
    except ProgrammeError as error:
        problems = [
            {key: value for key, value in (("line", one.line), ("message", one.message), ("text", one.text)) if value}
            for one in error.problems
        ]
        ack = refusal("invalid", say(N_("The programme cannot be read.")), field="text")
        return ack_response({**ack, "problems": problems})
    return jsonify({
        "ok": True,
        "slots": [_slot(slot, zone) for slot in programme.slots],
        "notes": programme.notes,
    })  # fmt: skip


def _slot(slot: Any, zone: ZoneInfo) -> dict[str, Any]:
    found = {
        "title": slot.title,
        "kind": slot.kind,
        "start_at": slot.start_at,
        "start": datetime.fromtimestamp(slot.start_at / 1000, zone).strftime("%H:%M"),
        "duration_s": slot.duration_s,
        "flex": slot.flex,
        "fixed": slot.fixed,
        "skip": slot.skip,
        "speakers": [{"name": one.name, "affiliation": one.affiliation, "title": one.title} for one in slot.speakers],
    }
    if slot.id is not None:
        found["id"] = slot.id
    return found
