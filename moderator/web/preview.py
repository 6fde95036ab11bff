"""What a pasted programme would become, before anything is changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, g, jsonify, request

from ..domain import evolve, timer
from ..domain.commands import AgendaReplace
from ..domain.decide import decide
from ..domain.questions import Context
from ..domain.refusal import N_, Refused
from ..live.birth import new_slot
from ..live.gate import refusal_ack
from ..live.room import Room
from .errors import ack_response, refusal, say


def preview(room: Room) -> Response:
    """`{"ok", "slots": [{title, kind, start_at, start, duration_s, speakers: [{name, …}], …}], "notes": [text],
    "changes", "becomes": [{id, title, kind, planned_start_at, duration_s, speakers: [name]}], "ends_at",
    "end_expected_at"}`.

    `slots` is what was read, `becomes` the agenda that replacing would lead to as things stand, `changes` whether it
    would change anything. The body is `{"text"}`. When that cannot be read: the `invalid` ack with
    `problems: [{line?, message, text}]`.
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
    try:
        becomes = _becomes(room, text, programme.slots)
    except Refused as refused:
        return ack_response(refusal_ack(refused, room.translate, str(g.get("lang", "en"))))
    return jsonify({
        "ok": True,
        "slots": [_slot(slot, zone) for slot in programme.slots],
        "notes": programme.notes,
        **becomes,
    })  # fmt: skip


def _becomes(room: Room, text: str, slots: list[Any]) -> dict[str, Any]:
    """The agenda after `agenda:replace`, by the rules of that very command. Raises Refused."""
    state, now = room.state, room.now()
    context = Context(now, state.seq + 1, "moderator", "moderator")
    made, _ = decide(state, "agenda:replace", AgendaReplace(text=text), context, [new_slot(one) for one in slots])
    after, _ = evolve.evolve_all(state, made, state.seq + 1)
    agenda = after.agenda()
    return {
        "changes": bool(made),
        "becomes": [
            {
                "id": slot.id,
                "title": slot.title,
                "kind": slot.kind,
                "planned_start_at": slot.planned_start_at,
                "duration_s": slot.duration_s,
                "speakers": [after.speakers[id].name for id in slot.speakers],
            }
            for slot in agenda
        ],
        "ends_at": after.ends_at,
        "end_expected_at": timer.project(agenda, after.timer, after.ends_at, now).end_expected_at,
    }


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
