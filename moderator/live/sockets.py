"""The socket side: a role is settled at the handshake, then every event goes through the room's one gate."""

from __future__ import annotations

import logging
import os
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import msgspec
from flask import Flask
from flask_socketio import SocketIO
from socketio.exceptions import ConnectionRefusedError as Refusal

from ..domain.commands import RULES
from ..domain.refusal import N_, Refused
from ..domain.text import clean
from . import engine, fanout
from .audience import Member, Since
from .gate import refusal_ack
from .identity import Caller, Identities, cookie_name
from .loop import spawn
from .packets import RESERVED, cut, engine_logger, guard
from .room import Room
from .rooms import Rooms, UnknownWebinar
from .wire import MAX_FRAME_BYTES

if TYPE_CHECKING:
    from ..config import Config

log = logging.getLogger("moderator.sockets")

PING_INTERVAL_S = 10
PING_TIMEOUT_S = 5
MOST_EARLY = 100  # commands that wait for their sender to be let in
_FORBIDDEN = Refused("forbidden", N_("You may not do this."))
_decode = msgspec.json.Decoder(list).decode
_encode = msgspec.json.Encoder().encode
_Early = tuple[int | None, str, list[Any]]
"""A command: the number of its answer, its name, its arguments."""


class Handshake(msgspec.Struct):
    """What a client says of itself when it connects. Unknown keys are left aside."""

    webinar: str
    role: Literal["attendee", "moderator", "speaker", "screen"]
    key: str | None = None
    attendee: str | None = None
    slot: str | None = None
    since: Since | None = None
    lang: str = "en"
    name: str = ""


class Json:
    """The JSON module that socket.io is given: fast, and able to carry what was encoded before."""

    _encoder = msgspec.json.Encoder()
    _decoder = msgspec.json.Decoder()

    @classmethod
    def dumps(cls, value: Any, **_: Any) -> str:
        return cls._encoder.encode(value).decode()

    @classmethod
    def loads(cls, text: str | bytes, **_: Any) -> Any:
        try:
            return cls._decoder.decode(text)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise ValueError(str(error)) from None


class SocketWire:
    """Carries frames through the socket.io server, broadcasts straight to the sockets unless `stock` is asked for."""

    def __init__(self, server: Any, *, stock: bool) -> None:
        self._server = server
        self._stock = stock
        self._groups = fanout.Groups(server)
        self._engine_sid: dict[str, str] = {}  # of those who joined; the server's own table takes ten times as long

    def join(self, sid: str, group: str) -> None:
        if self._stock:
            self._server.enter_room(sid, group)
            return
        eio_sid = self._server.manager.eio_sid_from_sid(sid, "/")
        if eio_sid is not None:
            self._engine_sid[sid] = eio_sid
            self._groups.join(group, sid, eio_sid)

    def leave(self, sid: str, group: str) -> None:
        self._engine_sid.pop(sid, None)
        self._groups.leave(group, sid)

    def broadcast(self, group: str, event: str, data: msgspec.Raw) -> float:
        if self._stock:
            self._server.emit(event, data, room=group)
            return 0.0
        # "2" is a socket.io event packet on the default namespace.
        return self._groups.broadcast(group, f'2["{event}",{bytes(data).decode()}]')

    def send(self, sid: str, event: str, data: msgspec.Raw) -> None:
        if self._stock:
            self._server.emit(event, data, to=sid)
            return
        eio_sid = self._engine_sid.get(sid) or self._server.manager.eio_sid_from_sid(sid, "/")
        if eio_sid is not None:
            fanout.send(self._server, eio_sid, f'2["{event}",{bytes(data).decode()}]')

    def cut(self, sid: str) -> None:
        # The transport is closed, not the namespace: a client comes back by itself after the former only.
        eio_sid = self._server.manager.eio_sid_from_sid(sid, "/")
        if eio_sid is not None:
            cut(self._server, eio_sid)


def attach(app: Flask, rooms: Rooms, identities: Identities, config: Config) -> SocketIO:
    """Put the socket server beside the pages."""
    socketio = SocketIO(
        app,
        async_mode="eventlet",
        json=Json,
        cors_allowed_origins=lambda origin, environ: origin_allowed(origin, environ, config),
        ping_interval=PING_INTERVAL_S,
        ping_timeout=PING_TIMEOUT_S,
        max_http_buffer_size=MAX_FRAME_BYTES,
        http_compression=False,
        manage_session=False,
        allow_upgrades=True,
        logger=engine_logger(),
        engineio_logger=engine_logger(),
    )
    guard(socketio.server)
    stock = os.environ.get("MODERATOR_FANOUT") == "stock"
    if not stock:
        engine.install(socketio.server)
    Sockets(socketio.server, rooms, identities, stock=stock)
    return socketio


def origin_allowed(origin: str | None, environ: dict[str, Any], config: Config) -> bool:
    """An absent Origin is a program, not a page; a page must be ours, or one that the host named."""
    if origin is None:
        return True
    if origin in config.allow_origins or origin == config.public_url.rstrip("/"):
        return True
    own = environ.get("HTTP_HOST", "")
    return bool(own) and urlsplit(origin).netloc == own and urlsplit(origin).scheme in ("http", "https")


class Sockets:
    def __init__(self, server: Any, rooms: Rooms, identities: Identities, *, stock: bool) -> None:
        self._server = server
        self._rooms = rooms
        self._identities = identities
        self._stock = stock
        self._wire = SocketWire(server, stock=stock)
        self._room_of: dict[str, Room] = {}
        self._members: dict[str, tuple[Room, Member]] = {}  # by engine.io sid
        self._entering: tuple[str, Room, Caller, Since | None] | None = None
        self._early: dict[str, list[_Early]] = {}  # by engine.io sid: what came from those who cannot enter yet
        # Not through Flask-SocketIO's decorators: they push a request context per event, for nothing here.
        server.on("connect", self._connect)
        server.on("disconnect", self._disconnect)
        server.on("*", self._event)
        if not stock:
            self._direct()

    def _direct(self) -> None:
        """Handle packets where they are read: nothing here waits, so no greenthread and no switch is needed for one.

        A client's commands are taken in the order in which they came; an answer is sent when it is known.
        """
        server = self._server
        read, connect = server.eio.handlers["message"], server._handle_connect

        def message(eio_sid: str, data: Any) -> None:
            if not self._command(eio_sid, data):
                read(eio_sid, data)

        def handle_connect(eio_sid: str, namespace: str, data: Any) -> None:
            connect(eio_sid, namespace, data)
            # The first frame goes out after the handshake's answer, and before any later patch.
            entering, self._entering = self._entering, None
            if entering is None:
                return
            _, room, _, since = entering
            if since is not None and _is_ahead(room, since):
                self._early[eio_sid] = []
                spawn(self._enter_late, eio_sid, *entering)
            else:
                self._enter(*entering)

        def handle_event(eio_sid: str, namespace: str | None, id: int | None, data: list[Any]) -> None:
            self._answer(eio_sid, id, data[0], data[1:])

        server.eio.on("message", message)
        server._handle_connect = handle_connect
        server._handle_event = handle_event

    def _command(self, eio_sid: str, data: Any) -> bool:
        """Carry out an ordinary command, `2<id>["name",{…}]`; False: it is something else."""
        if not isinstance(data, str) or data[:1] != "2":
            return False
        start = data.find("[", 1, 20)
        number = data[1:start]
        if start < 0 or not (start == 1 or (number.isascii() and number.isdigit())):
            return False
        try:
            parts = _decode(data[start:])
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return False
        if len(parts) != 2 or not isinstance(parts[0], str) or parts[0] in RESERVED:
            return False
        self._answer(eio_sid, int(number) if number else None, parts[0], parts[1:])
        return True

    def _answer(self, eio_sid: str, id: int | None, event: str, args: list[Any]) -> None:
        """Carry out a command and send its answer when it is known."""

        def reply(ack: Any) -> None:
            if id is not None:
                fanout.send(self._server, eio_sid, f"3{id}[{_encode(ack).decode()}]")

        found = self._members.get(eio_sid)
        if found is None:
            early = self._early.get(eio_sid)
            if early is not None and len(early) < MOST_EARLY:
                early.append((id, event, args))
                return
            sid = self._server.manager.sid_from_eio_sid(eio_sid, "/")
            if sid is not None and self._server.manager.is_connected(sid, "/"):
                reply(refusal_ack(_FORBIDDEN, self._rooms.translations.gettext, "en"))
            return
        room, member = found
        if len(args) != 1 or not isinstance(args[0], dict):
            reply(_one_object(room, member.caller, event))
        else:
            room.send(member.caller, event, args[0], reply)

    def _connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        lang = "en"
        try:
            hello = self._hello(auth)
            lang = hello.lang
            room = self._room(hello.webinar)
            caller = self._caller(sid, room, hello, environ)
        except Refused as refused:
            error = refusal_ack(refused, self._rooms.translations.gettext, lang)["error"]
            raise Refusal(error["message"], {"code": error["code"], "message": error["message"]}) from None
        self._room_of[sid] = room
        if self._stock:
            spawn(self._enter, sid, room, caller, hello.since)
        else:
            self._entering = (sid, room, caller, hello.since)

    def _enter(self, sid: str, room: Room, caller: Caller, since: Since | None) -> None:
        if self._room_of.get(sid) is room:
            room.audience.enter(sid, caller, since, self._wire)
            self._members[self._server.manager.eio_sid_from_sid(sid, "/")] = (room, room.audience.members[sid])

    def _enter_late(self, eio_sid: str, sid: str, room: Room, caller: Caller, since: Since) -> None:
        """Enter somebody who saw more on another worker, once this one has read as far: nobody's `seq` falls."""
        room.reach(since.seq)
        early = self._early.pop(eio_sid, None)
        if early is None:  # gone meanwhile
            return
        if room.closed:
            self._wire.cut(sid)
            return
        self._enter(sid, room, caller, since)
        for one in early:
            self._answer(eio_sid, *one)

    @staticmethod
    def _hello(auth: Any) -> Handshake:
        if not isinstance(auth, dict):
            raise Refused("invalid", N_("Say which webinar and which role."))
        try:
            return msgspec.convert({k: v for k, v in auth.items() if v is not None}, Handshake)
        except msgspec.ValidationError as error:
            if "since" in str(error):  # whoever cannot say what it holds gets a snapshot
                return Sockets._hello({k: v for k, v in auth.items() if k != "since"})
            raise Refused("invalid", N_("This cannot be read: {detail}"), detail=str(error)) from None

    def _room(self, slug: str) -> Room:
        try:
            return self._rooms.get(slug)
        except UnknownWebinar:
            raise Refused("not_found", N_("There is no such webinar.")) from None

    def _caller(self, sid: str, room: Room, hello: Handshake, environ: dict[str, Any]) -> Caller:
        lang = self._rooms.translations.choose(hello.lang, ())
        cookies = _cookies(environ)
        if hello.role == "attendee":
            token = hello.attendee or cookies.get(cookie_name(room.slug, "attendee"), "")
            attendee = self._identities.attendee(room.slug, token)
            if attendee is None:
                raise Refused("forbidden", N_("Open the webinar's page to take part."))
            return Caller(room.slug, "attendee", attendee, lang=lang, connection=sid[:8])
        holder = self._holder(room, hello, cookies)
        if holder is None:
            raise Refused("forbidden", N_("This link is no longer valid. Ask the host for a new one."))
        slot = hello.slot if hello.role == "speaker" else None
        if holder.role == "speaker":
            slot = holder.slot
        if hello.role == "speaker" and slot is not None and slot not in room.state.slots:
            raise Refused("not_found", N_("This slot is not in the agenda."))
        actor = hello.role if slot is None else f"speaker:{slot}"
        name = clean(hello.name[:400], limit=400, field="name", required=False)[:80]
        return Caller(room.slug, hello.role, actor, slot, lang=lang, name=name, connection=sid[:8], key_of=holder.role)

    def _holder(self, room: Room, hello: Handshake, cookies: dict[str, str]) -> Caller | None:
        """Whose key or cookie lets this client in. Moderators may also be screens and speakers; nobody else swaps."""
        candidates = (
            [hello.key]
            if hello.key
            else [
                cookies.get(cookie_name(room.slug, hello.role, hello.slot if hello.role == "speaker" else None)),
                cookies.get(cookie_name(room.slug, "moderator")),
            ]
        )
        for key in candidates:
            holder = self._identities.holder(key, [room.state]) if key else None
            if holder is None or holder.webinar != room.slug:
                continue
            if holder.role == hello.role and hello.slot in (None, holder.slot):
                return holder
            if holder.role == "moderator" and hello.role in ("screen", "speaker"):
                return holder
        return None

    def _disconnect(self, sid: str, *_: Any) -> None:
        room = self._room_of.pop(sid, None)
        eio_sid = self._server.manager.eio_sid_from_sid(sid, "/")
        self._members.pop(eio_sid, None)
        self._early.pop(eio_sid, None)
        if room is not None:
            room.audience.leave(sid)

    def _event(self, event: str, sid: str, *args: Any) -> Any:
        room = self._room_of.get(sid)
        member = room.audience.members.get(sid) if room is not None else None
        if room is None or member is None:
            return refusal_ack(_FORBIDDEN, self._rooms.translations.gettext, "en")
        if len(args) != 1 or not isinstance(args[0], dict):
            return _one_object(room, member.caller, event)
        return room.submit(member.caller, {**args[0], "type": event})


def _is_ahead(room: Room, since: Since) -> bool:
    """Whether a client holds more than this worker does, of the same log."""
    return room.log.shared and since.epoch == room.epoch and since.seq > room.seq


def _one_object(room: Room, caller: Caller, event: str) -> dict[str, Any]:
    """The answer to a command that came with no object, or with more than one."""
    rule = RULES.get(event)
    refused = Refused("invalid", N_("A command takes one object."))
    if rule is not None and caller.role not in rule.roles:
        refused = _FORBIDDEN
    return refusal_ack(refused, room.translate, caller.lang)


def _cookies(environ: dict[str, Any]) -> dict[str, str]:
    try:
        jar = SimpleCookie(environ.get("HTTP_COOKIE", ""))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}
