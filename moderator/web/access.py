"""Who may use which route: one table, denied by default; and who somebody is.

A route whose endpoint is not in `ROUTES` is refused, whatever it does. A test walks the application's routes.
"""

from __future__ import annotations

from typing import cast

from flask import abort, g, request
from msgspec.structs import replace
from werkzeug.wrappers import Response as AnyResponse

from ..domain.commands import Role
from ..domain.refusal import N_
from ..live.identity import Caller, cookie_name
from ..live.room import Room
from ..live.rooms import UnknownWebinar
from .errors import Denied, Limited, Missing
from .house import house
from .security import SAFE_METHODS, foreign_request

YEAR_S = 31_536_000

ANYONE: frozenset[Role] | None = None
ALL: frozenset[Role] = frozenset({"attendee", "moderator", "speaker", "screen"})
MODERATORS: frozenset[Role] = frozenset({"moderator"})
SCREENS: frozenset[Role] = frozenset({"screen", "moderator"})
SPEAKERS: frozenset[Role] = frozenset({"speaker", "moderator"})
BACKSTAGE: frozenset[Role] = frozenset({"speaker", "screen", "moderator"})
ORGANISERS: frozenset[Role] = frozenset({"organiser"})
DESK: frozenset[Role] = frozenset({"moderator", "organiser"})

ROUTES: dict[str, frozenset[Role] | None] = {
    "files.static": ANYONE,
    "files.catalogue": ANYONE,
    "files.favicon": ANYONE,
    "files.robots": ANYONE,
    "health.alive": ANYONE,
    "health.ready": ANYONE,
    "health.metrics": ANYONE,
    "pages.home": ANYONE,
    "pages.typed_code": ANYONE,
    "pages.join_code": ANYONE,
    "pages.exchange_key": ANYONE,
    "pages.attendee": ANYONE,  # whoever opens it becomes an attendee
    "pages.agenda_ics": ANYONE,
    "pages.qr": ANYONE,
    "plain.ask": ANYONE,  # likewise
    "plain.vote": ANYONE,
    "pages.moderator": MODERATORS,
    "pages.links": MODERATORS,
    "pages.preview_programme": MODERATORS,
    "pages.wipe_rehearsal": MODERATORS,
    "pages.report": MODERATORS,
    "pages.report_json": MODERATORS,
    "pages.speaker": SPEAKERS,
    "pages.speaker_slot": SPEAKERS,
    "pages.greenroom": BACKSTAGE,
    "pages.screen": SCREENS,
    "pages.overlay": SCREENS,
    "api.openapi": ANYONE,
    "api.webinars": ANYONE,
    "api.join": ANYONE,
    "api.create": ORGANISERS,
    "api.erase": ORGANISERS,
    "api.rotate": DESK,
    "api.view": ALL,
    "api.questions": ALL,
    "api.command": ALL,
    "api.export_ics": ANYONE,
    "api.export": DESK,
}

# What a browser that holds several cookies of one webinar is taken for, unless the request says `?role=`.
PREFERRED: tuple[Role, ...] = ("moderator", "speaker", "screen", "attendee")


def guard() -> None:
    """Before every request: find the webinar, settle the role, refuse what is not granted."""
    endpoint = request.endpoint
    if endpoint is None:
        return  # no such route: 404 follows
    if endpoint not in ROUTES:
        abort(403)
    if request.method == "OPTIONS":
        return
    if request.method not in SAFE_METHODS and foreign_request():
        raise Denied(N_("This request came from another site."))
    slug = (request.view_args or {}).get("slug")
    g.room = room(slug) if slug is not None else None
    roles = ROUTES[endpoint]
    g.caller = caller(g.room, roles) if roles is not None else None
    if roles is not None and g.caller is None:
        raise Denied(_whose(roles))


def _whose(roles: frozenset[Role]) -> str:
    if roles == MODERATORS:
        return N_("This page is for the moderators. Open the moderator's link that the host sent you.")
    if roles in (SPEAKERS, BACKSTAGE):
        return N_("This page is for the speakers. Open the speaker's link that the host sent you.")
    if roles == SCREENS:
        return N_("This page is for the projector. Open the projector's link that the host has.")
    if roles == ORGANISERS:
        return N_("This needs the organiser's key.")
    return N_("Join first, or send a key.")


def room(slug: str) -> Room:
    """The running webinar of that name. Raises Missing."""
    try:
        return house().rooms.get(slug)
    except UnknownWebinar:
        raise Missing from None


def here() -> Room:
    """The webinar that the request is about."""
    return cast(Room, g.room)


def me() -> Caller:
    """Who made the request."""
    return cast(Caller, g.caller)


def caller(room: Room | None, roles: frozenset[Role]) -> Caller | None:
    """Who makes this request, as one of `roles`, by bearer or else by cookie; None when nobody of these."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        return _bearer(room, roles, secret.strip()) if scheme.lower() == "bearer" else None
    if room is None:
        return None
    asked = request.args.get("role")
    for role in PREFERRED:
        if role in roles and asked in (None, role):
            found = holder(room, role, request.args.get("slot"))
            if found is not None:
                return found
    return None


def _bearer(room: Room | None, roles: frozenset[Role], secret: str) -> Caller | None:
    if not secret or len(secret) > 200:
        return None
    identities = house().identities
    found = identities.holder(secret, [room.state] if room is not None else [])
    if found is None and room is not None:
        found = _attendee(room, secret)
    if found is None or found.role not in roles:
        return None
    return with_request(found)


def _attendee(room: Room, token: str) -> Caller | None:
    actor = house().identities.attendee(room.slug, token)
    return Caller(room.slug, "attendee", actor) if actor is not None else None


def holder(room: Room, role: Role, slot: str | None = None) -> Caller | None:
    """Whose cookie of this role the browser holds; for speakers of the slot, or of the first slot held."""
    if role == "speaker":
        slots = [slot] if slot is not None else held_slots(room)
        return next((found for one in slots if (found := _by_cookie(room, role, one)) is not None), None)
    return _by_cookie(room, role, None)


def held_slots(room: Room) -> list[str]:
    """The slots whose speaker's cookie the browser holds, in the agenda's order."""
    return [slot for slot in room.state.order if _by_cookie(room, "speaker", slot) is not None]


def _by_cookie(room: Room, role: Role, slot: str | None) -> Caller | None:
    value = request.cookies.get(cookie_name(room.slug, role, slot))
    if not value or len(value) > 200:
        return None
    if role == "attendee":
        found = _attendee(room, value)
    else:
        found = house().identities.holder(value, [room.state])
    if found is None or found.role != role or found.slot != slot:
        return None
    return with_request(found)


def with_request(found: Caller) -> Caller:
    """The caller with the language and address of this request."""
    return replace(found, lang=g.get("lang", "en"), address=request.remote_addr or "")


def admit(room: Room) -> tuple[Caller, str | None]:
    """The attendee who makes this request, and the token to give them when they are new. Raises Limited."""
    known = holder(room, "attendee")
    if known is not None:
        return known, None
    token = mint(room)
    found = _attendee(room, token)
    assert found is not None
    return with_request(found), token


def mint(room: Room) -> str:
    """A new attendee's token, unless too many joined from this address just now. Raises Limited."""
    wait_s = house().join_limit.refused_for(request.remote_addr or "")
    if wait_s:
        raise Limited(wait_s)
    return house().identities.mint_attendee(room.slug)


def give_cookie(response: AnyResponse, value: str, webinar: str, role: Role, slot: str | None = None) -> None:
    """A cookie that scripts cannot read and that other sites' requests do not carry."""
    response.set_cookie(
        cookie_name(webinar, role, slot),
        value,
        max_age=YEAR_S,
        path="/",
        secure=house().config.secure,
        httponly=True,
        samesite="Lax",
    )
