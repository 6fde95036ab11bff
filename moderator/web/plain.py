"""The webinar without scripts: plain HTML that shows what is on, asks, votes, and says what became of each question."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from ..domain.refusal import N_
from ..live.identity import Caller
from ..live.room import Room
from . import access
from .errors import STATUS, say, say_many

plain = Blueprint("plain", __name__)

SHOWN = 100  # public questions on one page

_CLOSED = {
    "wrapup": N_("Questions are closed: the webinar is wrapping up. Open ones are answered in writing here."),
    "ended": N_("Questions are closed: the webinar has ended. Open ones are answered in writing here."),
    "by_moderator": N_("Questions are closed for the moment."),
}


@plain.post("/w/<slug>/ask")
def ask(slug: str) -> AnyResponse:
    """The same rules as for every other way to ask. 303 to the page that shows it; a refusal keeps the text."""
    room = access.here()
    caller, token = access.admit(room)
    form = request.form
    typed: dict[str, Any] = {name: form.get(name, "") for name in ("text", "name", "to")}
    typed["aloud"] = "aloud" in form
    payload: dict[str, Any] = {
        "type": "question:ask",
        "text": typed["text"],
        "aloud": typed["aloud"],
        "lang": caller.lang,
    }
    if form.get("id"):
        payload["id"] = form["id"]  # the form sent twice is one question
    if typed["name"].strip():
        payload["name"] = typed["name"]
    if typed["to"]:
        payload["to"] = [typed["to"]]
    return _answer(room, caller, token, payload, typed)


@plain.post("/w/<slug>/vote")
def vote(slug: str) -> AnyResponse:
    room = access.here()
    caller, token = access.admit(room)
    how = "question:unvote" if request.form.get("how") == "unvote" else "question:vote"
    return _answer(room, caller, token, {"type": how, "question": request.form.get("question", "")}, {})


def _answer(
    room: Room, caller: Caller, token: str | None, payload: dict[str, Any], typed: dict[str, Any]
) -> AnyResponse:
    ack = room.submit(caller, payload)
    if not ack["ok"] and ack["error"].get("field") == "id":
        # Not the same form sent twice, but the page of the last question, gone back to for another one.
        told = f"{payload['id']}\n{payload.get('text', '')}".encode("utf-8", "replace")
        ack = room.submit(caller, {**payload, "id": hashlib.blake2b(told, digest_size=16).hexdigest()})
    response: AnyResponse
    if ack["ok"]:
        question = ack.get("question", {}).get("id") or payload.get("question", "")
        asked = payload["type"] == "question:ask"
        response = redirect(f"/w/{room.slug}?plain=1{'&asked=1' if asked else ''}#{quote(question)}", 303)
    else:
        response = plain_page(room, caller, typed=typed, error=ack["error"]["message"])
        response.status_code = STATUS.get(ack["error"]["code"], 400)
        if "retry_after_s" in ack["error"]:
            response.headers["Retry-After"] = str(ack["error"]["retry_after_s"])
    if token is not None:
        access.give_cookie(response, token, room.slug, "attendee")
    return response


def plain_page(
    room: Room, caller: Caller | None = None, *, typed: dict[str, Any] | None = None, error: str = ""
) -> Response:
    """The page as its attendee sees it now."""
    from .pages import REFERRER, show

    view = room.view(caller or access.admit(room)[0])
    zone = ZoneInfo(view["webinar"]["timezone"])

    def time(at: int) -> str:
        return datetime.fromtimestamp(at / 1000, zone).strftime("%H:%M")

    settings = view["webinar"]["settings"]
    mine = view["me"]["questions"]
    return show(
        "attendee_plain.html",
        "attendee",
        room.state,
        now_at=time(room.now()),
        clock=_clock(view, room.now(), time),
        agenda=_agenda(view, time),
        live=view["questions"].get(view.get("live", ""), None),
        open=view["qa"]["state"] == "open",
        closed=say(_CLOSED.get(view["qa"].get("reason", ""), _CLOSED["by_moderator"])),
        mine=[{**mine[id], "id": id, "way": _way(id, mine[id], view, time)} for id in reversed(mine)],
        others=[
            {**one, "id": id, "way": _public_way(id, one, view, time), "voted": id in view["me"]["votes"]}
            for id, one in _ranked(view["questions"])
            if id not in mine
        ],
        speakers=[{"id": id, **one} for id, one in view["speakers"].items()],
        names=settings["names"],
        max_length=settings["max_length"],
        typed=typed or {"name": view["me"].get("name", "")},
        error=error,
        asked=request.args.get("asked") == "1",
        form_id=secrets.token_urlsafe(12),
        referrer=REFERRER,
    )


def _ranked(questions: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted(questions.items(), key=lambda item: (-item[1]["votes"], item[1]["n"]))[:SHOWN]


def _clock(view: dict[str, Any], now: int, time: Any) -> dict[str, Any]:
    """What is on, until when, and what comes next, in words."""
    timer, slots = view["timer"], view["slots"]
    order = sorted(slots.items(), key=lambda item: item[1]["order"])
    following = next((slot for _, slot in order if slot["state"] == "next"), None)
    found: dict[str, Any] = {"phase": timer["phase"], "next": None, "now": None}
    if following is not None:
        found["next"] = {"title": following["title"], "at": time(following["expected_start_at"])}
    if timer.get("slot") in slots:
        left_s = (timer["deadline_at"] - timer.get("paused_at", now)) / 1000
        minutes = int(abs(left_s) // 60)
        found["now"] = {"title": slots[timer["slot"]]["title"], "until": time(timer["deadline_at"])}
        if timer["phase"] == "paused":
            found["left"] = say(N_("paused"))
        elif left_s < 0:
            found["left"] = say(N_("over time"))
        elif minutes:
            found["left"] = say_many("{n} minute left", "{n} minutes left", minutes)
        else:
            found["left"] = say(N_("less than a minute left"))
    if timer["phase"] == "ended":
        found["left"] = say(N_("The webinar has ended."))
    return found


def _agenda(view: dict[str, Any], time: Any) -> list[dict[str, Any]]:
    words = {"done": N_("done"), "now": N_("now"), "next": N_("next"), "later": "", "skipped": N_("skipped")}
    return [
        {
            "title": slot["title"],
            "state": slot["state"],
            "word": say(words[slot["state"]]) if words[slot["state"]] else "",
            "at": time(slot.get("actual_start_at", slot["expected_start_at"])),
            "who": ", ".join(view["speakers"][id]["name"] for id in slot["speakers"] if id in view["speakers"]),
            "links": slot.get("links", []) if slot["state"] in ("now", "done") else [],
        }
        for _, slot in sorted(view["slots"].items(), key=lambda item: item[1]["order"])
    ]


def _way(id: str, question: dict[str, Any], view: dict[str, Any], time: Any) -> str:
    """What became of one's own question, in one sentence."""
    state = question["state"]
    if state == "review":
        return say(N_("Received, a moderator reads it"))
    if state == "dismissed":
        reason = question.get("reason")
        return say(N_("Not taken up: “{reason}”"), reason=reason) if reason else say(N_("Not taken up"))
    if state == "withdrawn":
        return say(N_("Withdrawn"))
    if state == "merged":
        target = view["questions"].get(question.get("merged_into", ""))
        votes = target["votes"] if target else 0
        return say_many("Merged with a question that has {n} vote", "Merged with a question that has {n} votes", votes)
    if state == "live":
        return say(N_("On air: your question"))
    if state == "public":
        return say(N_("Public, others can vote"))
    return _public_way(id, question, view, time)


def _public_way(id: str, question: dict[str, Any], view: dict[str, Any], time: Any) -> str:
    state = question["state"]
    if state == "live":
        return say(N_("On air"))
    if state == "queued":
        order = view["queue"]["order"]
        return say(N_("In the queue, number {n}"), n=order.index(id) + 1) if id in order else say(N_("In the queue"))
    if state == "answered":
        if question.get("answer"):
            return say(N_("Answered in writing"))
        at = question.get("answered_at")
        return say(N_("Answered in the debate, {time}"), time=time(at)) if at else say(N_("Answered"))
    return ""
