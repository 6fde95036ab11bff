"""The pages, and the few files that belong to a webinar: its calendar, its QR code."""

from __future__ import annotations

import io
import re
import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import segno
from babel.dates import format_date, format_time
from flask import Blueprint, Response, abort, g, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from ..domain.commands import Role
from ..domain.refusal import N_, Refused
from ..domain.state import Webinar
from ..links import join_url, links_of, qr_content
from ..live.room import Room
from ..log.base import LogError
from . import access
from .errors import Gone, ack_response, refusal, say
from .house import house
from .preview import preview
from .report import report

pages = Blueprint("pages", __name__)

_CODE = re.compile(r"[^0-9A-Za-z]")
# A form of a page with no referrer at all says "Origin: null", and some browsers give no other proof of their origin.
REFERRER = "same-origin"
_THEMES = frozenset({"light", "dark"})
_STYLES = frozenset({"bar", "block"})
_HOME: dict[str, str] = {"moderator": "moderator", "speaker": "speaker", "screen": "screen"}
_ELSEWHERE: dict[str, frozenset[str]] = {
    "moderator": frozenset({"moderator", "report", "screen", "overlay", "greenroom"}),
    "speaker": frozenset({"greenroom"}),
    "screen": frozenset({"screen", "overlay", "greenroom"}),
}


def show(template: str, role: str = "", state: Webinar | None = None, **facts: Any) -> Response:
    """A page with the facts that every page gets, see docs/architecture.md."""
    caller = g.get("caller")
    given: dict[str, Any] = {
        "role": role,
        "held": caller.role if caller is not None else role,
        "slot": None,
        "theme": request.args.get("theme") if request.args.get("theme") in _THEMES else None,
        "webinar": webinar_facts(state) if state is not None else None,
        "rehearsal": house().config.now is not None or (state is not None and state.rehearsal),
        "when": when(state) if state is not None else "",
    }
    response = Response(render_template(template, **{**given, **facts}))
    if "referrer" in facts:
        response.headers["Referrer-Policy"] = facts["referrer"]
    return response


def webinar_facts(state: Webinar) -> dict[str, Any]:
    return {
        "slug": state.slug,
        "title": state.title,
        "subtitle": state.subtitle,
        "summary": state.summary,
        "timezone": state.timezone,
        "starts_at": state.starts_at,
        "ends_at": state.ends_at,
        "join_code": state.join_code,
        "join_url": join_url(address(), state.join_code),
        "languages": list(state.languages),
    }


def address() -> str:
    """What links start with, as far as this visitor can use them: the public address, else the one they came by."""
    return house().config.public_url or request.host_url.rstrip("/")


def when(state: Webinar) -> str:
    """Date and times in words, in the webinar's zone."""
    zone = ZoneInfo(state.timezone)
    begins = datetime.fromtimestamp(state.starts_at / 1000, zone)
    ends = datetime.fromtimestamp(state.ends_at / 1000, zone)
    locale = "en_GB" if g.lang == "en" else g.lang.replace("-", "_")  # as the scripts write dates
    date = format_date(begins, "full", locale=locale)
    times = "–".join(format_time(at, "HH:mm", tzinfo=zone, locale=locale) for at in (begins, ends))
    return f"{date}, {times} ({state.timezone})"


# ---- the first page and the ways in ----------------------------------------------------------------------------------


@pages.get("/")
def home() -> Response:
    return _home()


def _home(code: str = "", error: str = "", status: int = 200) -> Response:
    rooms = house().rooms
    listed = []
    for slug in rooms.slugs():
        state = rooms.get(slug).state
        listed.append({
            "slug": slug, "title": state.title, "subtitle": state.subtitle, "when": when(state),
            "phase": state.timer.phase, "url": f"/w/{slug}",
        })  # fmt: skip
    response = show("home.html", webinars=listed, code=code, code_error=error)
    response.status_code = status
    return response


@pages.get("/j")
@pages.get("/J")
def typed_code() -> AnyResponse:
    """Where the first page's box sends the code."""
    code = clean_code(request.args.get("code", ""))
    if not code:
        return redirect("/", 303)
    return join_code(code)


@pages.get("/j/<code>")
@pages.get("/J/<code>")
def join_code(code: str) -> AnyResponse:
    """Codes are taken in any case: QR codes hold upper-case links, and people type as they like."""
    cleaned = clean_code(code)
    slug = house().rooms.by_code(cleaned)
    if slug is None:
        return _home(cleaned, say(N_("No webinar has this code. Check it with the host.")), 404)
    query = request.query_string.decode("ascii", "ignore") if "code" not in request.args else ""
    return redirect(f"/w/{slug}" + (f"?{query}" if query else ""), 303)


def clean_code(text: str) -> str:
    return _CODE.sub("", text[:40]).upper()


@pages.get("/k/<key>")
@pages.get("/K/<key>")
def exchange_key(key: str) -> AnyResponse:
    """A secret link becomes a cookie, and the key leaves the address bar. `?to=` names another page of that role."""
    rooms = house().rooms
    found = (
        house().identities.holder(key, [rooms.get(slug).state for slug in rooms.slugs()]) if len(key) <= 100 else None
    )
    if found is None or found.role not in _HOME:
        raise Gone
    to = request.args.get("to", "")
    path = f"/w/{found.webinar}/" + (to if to in _ELSEWHERE[found.role] else _HOME[found.role])
    if found.slot is not None and path.endswith("/speaker"):
        path += f"/{found.slot}"
    rest = [(name, value) for name, value in request.args.items(multi=True) if name != "to"]
    response = redirect(path + (f"?{urlencode(rest)}" if rest else ""), 303)
    access.give_cookie(response, key, found.webinar, found.role, found.slot)
    return response


# ---- a webinar's pages -----------------------------------------------------------------------------------------------


@pages.get("/w/<slug>")
def attendee(slug: str) -> Response:
    room = access.here()
    _, token = access.admit(room)
    if request.args.get("plain"):
        from .plain import plain_page

        response = plain_page(room)
    else:
        response = show(
            "attendee.html", "attendee", room.state,
            plain_url=f"/w/{slug}?plain=1", form_id=secrets.token_urlsafe(12), referrer=REFERRER,
        )  # fmt: skip
    if token is not None:
        access.give_cookie(response, token, slug, "attendee")
    return response


@pages.get("/w/<slug>/moderator")
def moderator(slug: str) -> Response:
    return show("moderator.html", "moderator", access.here().state)


@pages.get("/w/<slug>/speaker")
def speaker(slug: str) -> AnyResponse:
    """To the one slot that the browser has a link of; a list where there are several."""
    room = access.here()
    held = list(room.state.order) if access.me().role == "moderator" else access.held_slots(room)
    if len(held) == 1:
        return redirect(f"/w/{slug}/speaker/{held[0]}", 303)
    entries = [
        {"title": room.state.slots[slot].title, "url": f"/w/{slug}/speaker/{slot}", "who": _who(room.state, slot)}
        for slot in held
    ]
    return show("links_plain.html", "speaker", room.state, entries=entries)


def _who(state: Webinar, slot: str) -> str:
    return ", ".join(state.speakers[id].name for id in state.slots[slot].speakers if id in state.speakers)


@pages.get("/w/<slug>/speaker/<slot>")
def speaker_slot(slug: str, slot: str) -> Response:
    room = access.here()
    if slot not in room.state.slots:
        abort(404)
    _own_slot(slot)
    return show("speaker.html", "speaker", room.state, slot=slot)


def _own_slot(slot: str) -> None:
    caller = access.me()
    if caller.role == "speaker" and caller.slot != slot and access.holder(access.here(), "speaker", slot) is None:
        abort(403)


@pages.get("/w/<slug>/greenroom")
def greenroom(slug: str) -> Response:
    """All slots at a glance. It connects as the speaker who opened it, else as a screen."""
    caller = access.me()
    role: Role = "speaker" if caller.role == "speaker" else "screen"
    return show("greenroom.html", role, access.here().state, slot=caller.slot)


@pages.get("/w/<slug>/screen")
def screen(slug: str) -> Response:
    return show("screen.html", "screen", access.here().state)


@pages.get("/w/<slug>/overlay")
def overlay(slug: str) -> Response:
    style = request.args.get("style", "bar")
    return show("overlay.html", "screen", access.here().state, style=style if style in _STYLES else "bar")


@pages.get("/w/<slug>/report", endpoint="report")
def report_page(slug: str) -> Response:
    room = access.here()
    return show("report.html", "moderator", room.state, report=report_of(room))


@pages.get("/w/<slug>/report.json")
def report_json(slug: str) -> Response:
    return jsonify(report_of(access.here()))


def report_of(room: Room) -> dict[str, Any]:
    return report(room.state, room.now(), room.audience.attendees_peak)


# ---- what belongs to them --------------------------------------------------------------------------------------------


@pages.get("/w/<slug>/moderator/links.json")
def links(slug: str) -> Response:
    """The links of every role, for the dashboard's dialog; the same as `links --json`, with titles and the overlay."""
    found = links_of(access.here().state, house().identities, address())
    return jsonify({
        **found.as_json(),
        "titles": found.slots,
        "overlay": f"{found.screen}?to=overlay",
        "greenroom": f"{found.screen}?to=greenroom",
        "report": f"{found.base}/w/{slug}/report",
    })  # fmt: skip


@pages.post("/w/<slug>/moderator/preview-programme")
def preview_programme(slug: str) -> Response:
    """What a pasted programme would change, before it does."""
    return preview(access.here())


@pages.post("/w/<slug>/moderator/wipe-rehearsal")
def wipe_rehearsal(slug: str) -> Response:
    """What a rehearsal left is gone; the agenda is as it was planned, links and join code stay. The ack has `seq`."""
    try:
        seq = house().rooms.wipe(slug)
    except Refused as refused:
        return ack_response(refusal(refused.code, say(refused.message, **refused.params)))
    except LogError as error:
        return ack_response(refusal("unavailable", error.message))
    return ack_response({"ok": True, "seq": seq})


@pages.get("/w/<slug>/agenda.ics")
def agenda_ics(slug: str) -> Response:
    from .export import export_room

    return export_room(access.here(), "ics", address(), attachment=False)


@pages.get("/w/<slug>/qr.svg")
def qr(slug: str) -> Response:
    """The join link as a QR code: four modules of quiet zone, dark on white whatever the theme."""
    link = qr_content(join_url(address(), access.here().state.join_code))
    picture = io.BytesIO()
    code = segno.make(link, error="m", boost_error=False, micro=False)
    code.save(picture, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, svgns=True, omitsize=True)
    response = Response(picture.getvalue(), content_type="image/svg+xml; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=60"
    return response
