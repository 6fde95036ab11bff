"""REST over the same commands and views, for programs: JSON in, JSON out, errors as acks."""

from __future__ import annotations

import heapq
from typing import Any

import msgspec
from flask import Blueprint, Response, abort, jsonify, request

from ..config import Mistake
from ..domain.events import KeysRotated
from ..domain.refusal import N_, Refused
from ..domain.state import VISIBLE, Question
from ..links import links_of
from ..live import views
from ..log.base import LogConflict, LogError
from ..programme import FORMATS, ProgrammeError
from . import access
from .errors import ack_response, refusal, say
from .export import export_room
from .house import house

api = Blueprint("api", __name__, url_prefix="/api/v1")

PAGE = 50
MOST = 200
PROGRAMME_BYTES = 2_000_000
ROTATABLE = frozenset({"moderator", "speaker", "screen"})


def body() -> dict[str, Any] | None:
    """The request's JSON object, None when it is something else. No body is an empty object."""
    raw = request.get_data(cache=False)
    if not raw.strip():
        return {}
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def unreadable() -> Response:
    return ack_response(refusal("invalid", say(N_("Send one JSON object."))))


@api.get("/openapi.json")
def openapi() -> Response:
    from .openapi import document

    return jsonify(document())


@api.get("/webinars")
def webinars() -> Response:
    """The public facts of every webinar, oldest first."""
    rooms = house().rooms
    found = []
    for slug in rooms.slugs():
        state = rooms.get(slug).state
        found.append({
            "slug": slug, "title": state.title, "subtitle": state.subtitle, "timezone": state.timezone,
            "starts_at": state.starts_at, "ends_at": state.ends_at, "phase": state.timer.phase, "url": f"/w/{slug}",
            **({"rehearsal": True} if state.rehearsal else {}),
        })  # fmt: skip
    return jsonify({"webinars": found})


@api.post("/webinars")
def create() -> Response:
    """A new webinar of a programme: `{"text"}` or the JSON format itself, with `slug`? and `rehearsal`? (true).

    201 with its links.
    """
    from ..store import check_slug, programme_of

    request.max_content_length = PROGRAMME_BYTES
    given = body()
    if given is None:
        return unreadable()
    slug, rehearsal = given.pop("slug", None), given.pop("rehearsal", False) is True
    if slug is not None and not isinstance(slug, str):
        return ack_response(refusal("invalid", say(N_("The name is letters, digits and hyphens.")), field="slug"))
    try:
        programme = programme_of(house().config, given)
        made = house().rooms.create(programme, check_slug(slug) if slug else None, rehearsal=rehearsal)
    except ProgrammeError as error:
        return ack_response(refusal("invalid", str(error), field="programme"))
    except Mistake as mistake:
        return ack_response(refusal("invalid", str(mistake), field="slug"))
    except Refused as refused:
        return ack_response(refusal(refused.code, say(refused.message, **refused.params)))
    except LogConflict as error:
        return ack_response(refusal("conflict", error.message, field="slug"))
    except LogError as error:
        return ack_response(refusal("unavailable", error.message))
    from .pages import address

    links = links_of(house().rooms.get(made).state, house().identities, address())
    return ack_response({"ok": True, **links.as_json(), "notes": programme.notes}, 201)


@api.get("/webinars/<slug>")
def view(slug: str) -> Response:
    """The view of the caller's role: the same object as the `view` of the socket's snapshot."""
    return jsonify(access.here().view(access.me()))


@api.delete("/webinars/<slug>")
def erase(slug: str) -> Response:
    """Delete the webinar for good; `?personal_data=1` takes out only who said and did what."""
    try:
        house().rooms.erase(slug, personal_data_only=request.args.get("personal_data") in ("1", "true"))
    except LogError as error:
        return ack_response(refusal("unavailable", error.message))
    return jsonify({"ok": True})


@api.post("/webinars/<slug>/rotate")
def rotate(slug: str) -> Response:
    """`{"role"}`: new links for moderator, speaker or screen; the old ones and their cookies stop working."""
    given = body()
    if given is None:
        return unreadable()
    role = given.get("role")
    if role not in ROTATABLE:
        return ack_response(refusal("invalid", say(N_("The role is moderator, speaker or screen.")), field="role"))
    room = access.here()
    try:
        room.record(KeysRotated(role))
    except LogError as error:
        return ack_response(refusal("unavailable", error.message))
    from .pages import address

    identities = house().identities
    response = jsonify({"ok": True, "seq": room.seq, **links_of(room.state, identities, address()).as_json()})
    if role == "moderator" and access.me().role == "moderator":  # whoever does it here stays in
        key = identities.key(slug, "moderator", None, room.state.generations.get("moderator", 0))
        access.give_cookie(response, key, slug, "moderator")
    return response


@api.post("/webinars/<slug>/join")
def join(slug: str) -> Response:
    """`{"attendee": token}`: a new attendee. Needs no body."""
    return jsonify({"ok": True, "attendee": access.mint(access.here())})


@api.post("/webinars/<slug>/commands")
def command(slug: str) -> Response:
    """A command, `{"type": "question:approve", …}`; answers with the ack."""
    given = body()
    if given is None:
        return unreadable()
    return ack_response(access.here().submit(access.me(), given))


@api.get("/webinars/<slug>/questions")
def questions(slug: str) -> Response:
    """More questions than a view holds: `{"questions": [{"id", …}], "next"?: id}`.

    `sort=votes|recent`, `q=` words that all occur in it, `limit` up to 200, `after=` the `next` of the page before.
    Moderators get all of them (`state=` narrows), everybody else the public ones.
    """
    state = access.here().state
    moderator = access.me().role == "moderator"
    sort = request.args.get("sort", "votes")
    if sort not in ("votes", "recent"):
        return ack_response(refusal("invalid", say(N_("Sort by votes or recent.")), field="sort"))
    limit = request.args.get("limit", str(PAGE))
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:6]) <= MOST):
        return ack_response(refusal("invalid", say(N_("The limit is a number from 1 to {n}."), n=MOST), field="limit"))
    wanted = request.args.get("state")
    words = request.args.get("q", "")[:200].casefold().split()
    key = views.popular_key if sort == "votes" else views.recent_key
    start: tuple[int, ...] | None = None
    after = request.args.get("after")
    if after:
        mark = state.questions.get(after)
        if mark is None or not (moderator or mark.state in VISIBLE):
            return ack_response(refusal("not_found", say(N_("There is no such question.")), field="after"))
        start = key(mark)

    def fits(question: Question) -> bool:
        if not moderator and question.state not in VISIBLE:
            return False
        if wanted is not None and question.state != wanted:
            return False
        if start is not None and key(question) <= start:
            return False
        return all(word in question.text.casefold() for word in words)

    found = heapq.nsmallest(int(limit) + 1, (one for one in state.questions.values() if fits(one)), key=key)
    page = found[: int(limit)]
    shown = [views.moderated_view(state, one) if moderator else views.question_view(one) for one in page]
    answer: dict[str, Any] = {"questions": [{"id": one.id, **view} for one, view in zip(page, shown, strict=True)]}
    if len(found) > len(page):
        answer["next"] = page[-1].id
    return jsonify(answer)


@api.get("/webinars/<slug>/export.ics")
def export_ics(slug: str) -> Response:
    return _export("ics")


@api.get("/webinars/<slug>/export.<form>")
def export(slug: str, form: str) -> Response:
    if form not in FORMATS:
        abort(404)
    return _export(form)


def _export(form: str) -> Response:
    from .pages import address

    return export_room(access.here(), form, address())
