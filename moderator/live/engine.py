"""engineio and eventlet with the parts of ours: `install` puts them under a socket.io server, `serve` under its HTTP.

The HTTP server's greenthread ends with the websocket's handshake, so an idle client is a socket and a few objects. One
greenthread pings everybody. permessage-deflate is refused (150 kB and 70 µs per client). Clients on polling keep
engineio's own ways. MODERATOR_FANOUT=stock leaves all of it out, and the same tests pass.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import gc
import hashlib
import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import eventlet
import eventlet.event
import eventlet.wsgi
from engineio import packet as eio
from eventlet.greenpool import GreenPool

from .. import metrics
from .wire import Connection, WireQueue

STALL_S = 15.0  # a client that takes nothing for so long is gone
BEAT_S = 0.05  # pings are due to within so much; the answers of many at once would hold up everything else
SLEPT_S = 3.0
AT_ONCE = 400  # pings sent before the loop goes on
WAVE = 200  # so many more clients are worth a freeze
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_KEPT = ("HTTP_COOKIE", "REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "HTTP_USER_AGENT")  # of a connection's environ

log = logging.getLogger("moderator.engine.parts")


class Heart:
    """Pings for everybody, an end for those that do not answer or do not read."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._due: deque[tuple[float, Any]] = deque()  # in order: all wait equally long
        self.slow: set[Connection] = set()
        self._beating = False
        self._looked_at = 0.0
        self._here = 0
        self._frozen = 0  # so many were here at the last freeze

    def task(self, target: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """In the place of the engine's `start_background_task`."""
        name = getattr(target, "__name__", "")
        if name == "_send_ping":
            self._due.append((time.monotonic() + self._engine.ping_interval, target.__self__))  # type: ignore[attr-defined]
        elif name != "_service_task":
            return type(self._engine).start_background_task(self._engine, target, *args, **kwargs)
        if not self._beating:
            self._beating = True
            eventlet.spawn_n(self._beat)
        return None

    def _beat(self) -> None:
        while True:
            eventlet.sleep(BEAT_S)
            try:
                self._ping()
                if time.monotonic() - self._looked_at > 1:
                    self._look()
            except Exception:
                log.exception("Pings failed")

    def _ping(self) -> None:
        now, at = time.monotonic(), time.time()
        sent = 0
        while self._due and self._due[0][0] <= now:
            _, owner = self._due.popleft()
            if not owner.closing and not owner.closed:
                owner.last_ping = at
                owner.send(eio.Packet(eio.PING))
                sent += 1
                if sent % AT_ONCE == 0:
                    eventlet.sleep(0)

    def _look(self) -> None:
        before, self._looked_at = self._looked_at, time.monotonic()
        if self._looked_at - before > SLEPT_S:
            return  # it was us who slept: the answers may be there, unread
        self._settle(len(self._engine.sockets))
        late = time.time() - self._engine.ping_timeout
        sockets = self._engine.sockets
        for sid, owner in list(sockets.items()):
            if owner.closed:
                sockets.pop(sid, None)
            elif owner.last_ping and owner.last_ping < late and not owner.closing:
                owner.check_ping_timeout()
        for one in list(self.slow):
            if self._looked_at - one.moved_at > STALL_S:
                metrics.SLOW_READERS.inc()
                one.cut()

    def _settle(self, here: int) -> None:
        """Keep the garbage collector off what stays: after a wave of joins, those who came are not walked again."""
        before, self._here = self._here, here
        if here >= self._frozen + WAVE and here < before + WAVE // 10:
            gc.collect(1)  # what the handshakes left behind
            gc.freeze()
            self._frozen = here
        elif here < self._frozen // 2:
            gc.unfreeze()
            self._frozen = here


class _Upgrade:
    """In the place of engineio's websocket: answers the handshake and makes a Connection of the client."""

    heart: Heart

    def __init__(self, handler: Any, server: Any) -> None:
        del server
        self._owner = handler.__self__

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "")
        if environ.get("HTTP_SEC_WEBSOCKET_VERSION") not in ("13", "8"):
            start_response("426 Upgrade Required", [("Connection", "close"), ("Sec-WebSocket-Version", "13")])
            return [b""]
        if not _is_key(key):
            start_response("400 Bad Request", [("Connection", "close")])
            return [b""]
        accept = base64.b64encode(hashlib.sha1(key.encode() + GUID, usedforsecurity=False).digest())
        # No Sec-WebSocket-Extensions: whatever was offered is refused.
        answer = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        green = environ["eventlet.input"].get_socket()
        green.sendall(answer + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        eventlet.wsgi.WSGI_LOCAL.already_handled = True
        detach = environ.get("moderator.detach")
        if detach is not None:
            bare, gone = green.fd, detach()
            green.close = _nothing  # it would close the socket when it is collected
            Connection(self._owner, bare, self.heart.slow, gone).begin()
            return []
        over = eventlet.event.Event()  # a server that is not ours closes the socket when we return
        Connection(self._owner, green.fd, self.heart.slow, over.send).begin()
        over.wait()
        eventlet.wsgi.WSGI_LOCAL.already_handled = True
        return []


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except (binascii.Error, ValueError):
        return False


def install(server: Any) -> None:
    """Put the direct path under a python-socketio server. Its `_async` table is how engineio takes its parts."""
    engine = server.eio
    heart = Heart(engine)
    upgrade = type("Upgrade", (_Upgrade,), {"heart": heart})
    engine._async = {**engine._async, "queue": WireQueue, "websocket": upgrade}
    engine.start_background_task = heart.task
    server.manager.basic_disconnect = lambda sid, namespace, **_: _strike_off(server.manager, sid, namespace)
    connect = engine.handlers["connect"]
    # A whole environ keeps the request's buffers alive for as long as the client stays.
    engine.on("connect", lambda sid, environ: connect(sid, {key: environ[key] for key in _KEPT if key in environ}))


def _nothing() -> None: ...


def _strike_off(manager: Any, sid: str, namespace: str) -> None:
    """What python-socketio's manager does when a client goes, without looking for it in the rooms of all the others.

    With 6,000 clients that takes 0.5 ms for each who goes, and a hall's network loses all of them at once. Groups are
    ours here (`fanout.Groups`), so a client is in the room of everybody and in the one of its own.
    """
    for room in (sid, None):
        manager.basic_leave_room(sid, namespace, room)
    manager.callbacks.pop(sid, None)
    for pending in (manager.pending_connect, manager.pending_disconnect):
        waiting = pending.get(namespace, [])
        if sid in waiting:
            waiting.remove(sid)
        if not waiting:
            pending.pop(namespace, None)


class _Nothing:
    """In the place of a socket that was handed on."""

    def shutdown(self, how: int) -> None: ...

    def close(self) -> None: ...


class Protocol(eventlet.wsgi.HttpProtocol):  # type: ignore[misc]
    """eventlet's HTTP, able to hand its socket on and end."""

    pool: GreenPool

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        environ["moderator.detach"] = self.detach
        return environ

    def finish(self) -> None:
        """A client that was cut in the middle of a body: its last write fails, and the file must not be kept open."""
        try:
            super().finish()
        finally:
            with contextlib.suppress(OSError):
                self.rfile.close()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: stock, what is no HTTP goes to stderr as it came, with the key that may be in it."""

    def detach(self) -> Callable[[], None]:
        """The socket is not closed with this request. To be called when it is: it then makes room for another."""
        self.conn_state[1] = self.connection = self.request = _Nothing()
        # One more place taken, which this greenthread's end gives back: the connection goes on taking one.
        semaphore = type(self).pool.sem
        semaphore.counter -= 1
        return semaphore.release  # type: ignore[no-any-return]


def serve(listener: Any, site: Any, most: int, **options: Any) -> None:
    """Serve HTTP and websockets, at most so many connections together. Blocks the greenthread."""
    pool = GreenPool(most)
    protocol = type("Protocol", (Protocol,), {"pool": pool})
    eventlet.wsgi.server(listener, site, custom_pool=pool, protocol=protocol, **options)
