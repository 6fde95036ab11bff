"""Bytes to sockets at the price of the system call: the one module that knows engineio and eventlet from inside.

Stock, a client on a websocket costs three greenthreads, every delivery wakes one of them and is framed anew, every
incoming packet is given two more, and what a client does not read piles up without bound. Here:

- `Connection` takes the place of engineio's queue, writer and reader once a client is on a websocket. It is called by
  the hub when bytes came, handles them then and there, and writes without blocking; what the kernel will not take is
  kept (at most `BOUND` bytes), and a client that reads too slowly is cut. It comes back and gets a snapshot.
- `Group` broadcasts: a frame is made once (frames from server to client are unmasked, so they are the same bytes for
  everybody) and brought to `SLICE` clients at a time, so that others get a word in between. Each client has a mark up
  to where it was served; whatever is sent to one client alone first brings it up to date, so no order changes.
- `serve` lets the HTTP server's greenthread end with the handshake: an idle client is a socket and a few objects.
- `Heart` pings everybody from one greenthread.
- permessage-deflate is refused (150 kB and 70 µs per client).

Clients on polling keep engineio's own queue, bounded. `install(server)` puts it in; MODERATOR_FANOUT=stock leaves it
out, and the same tests pass.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import logging
import socket
import time
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Any

import eventlet
import eventlet.event
import eventlet.wsgi
from engineio import packet as eio
from eventlet.greenpool import GreenPool
from eventlet.hubs import get_hub
from eventlet.hubs.hub import READ, WRITE
from eventlet.queue import Queue

from .frames import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, BadFrameError, frame, framed, split

BOUND = 1_000_000  # bytes that may wait for one client, besides the frame that it began to wait with
STALL_S = 15.0  # a client that takes nothing for so long is gone
MAX_FRAME_BYTES = 1_200_000  # a pasted programme fits, a flood does not
SLICE = 400  # clients served before the loop goes on: about 3 ms
BEAT_S = 0.25  # pings are due to within so much
SEND_BUFFER = 128 * 1024  # what the kernel keeps for a client that does not read; it would take megabytes
READ_SIZE = 16 * 1024
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_KEPT = ("HTTP_COOKIE", "REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "HTTP_USER_AGENT")  # of a connection's environ
_NOOP = eio.Packet(eio.NOOP)
_GOODBYE = framed(CLOSE, b"\x03\xe8")  # 1000: normal

log = logging.getLogger("moderator.fanout")


def frame_of(packet: Any) -> bytes:
    """A packet's frame, made once however many clients it goes to."""
    made: bytes | None = getattr(packet, "frame_", None)
    if made is None:
        made = packet.frame_ = framed(BINARY, packet.encode()) if packet.binary else frame(packet.encode())
    return made


class Group:
    """Those that get the same frames. All of them get all frames, in the order of the calls."""

    __slots__ = ("_walking", "frames", "latest", "seats", "took_s")

    def __init__(self) -> None:
        self.seats: dict[str, Seat] = {}
        self.frames: deque[tuple[bytes, Any]] = deque()  # (frame, packet), the newest is number `latest`
        self.latest = 0
        self.took_s = 0.0  # how long the last broadcast took to reach the last
        self._walking = False

    def broadcast(self, text: str) -> None:
        """One socket.io packet, as text, to everybody. The first `SLICE` at once, the others in turns with the loop."""
        packet = eio.Packet(eio.MESSAGE, text)
        self.frames.append((frame_of(packet), packet))
        self.latest += 1
        if self._walking:
            return
        started = time.monotonic()
        seats = list(self.seats.values())
        for seat in seats[:SLICE]:
            seat.catch_up()
        if len(seats) > SLICE:
            self._walking = True
            eventlet.spawn_n(self._walk, seats, SLICE, self.latest, started)
        else:
            self.took_s = time.monotonic() - started
            self.frames.clear()

    def _walk(self, seats: list[Seat], at: int, goal: int, started: float) -> None:
        try:
            while True:
                while at < len(seats):
                    eventlet.sleep(0)
                    latest = self.latest
                    for seat in seats[at : at + SLICE]:
                        if seat.served != latest:
                            seat.catch_up()
                    at += SLICE
                # Everybody has what there was when this round began.
                for _ in range(len(self.frames) - (self.latest - goal)):
                    self.frames.popleft()
                self.took_s = time.monotonic() - started
                if self.latest == goal:
                    return
                started = time.monotonic()
                seats, at, goal = list(self.seats.values()), 0, self.latest
        finally:
            self._walking = False


class Seat:
    """One client's place in a group."""

    __slots__ = ("group", "owner", "served")

    def __init__(self, group: Group, owner: Any) -> None:
        self.group = group
        self.owner = owner  # the engineio socket
        self.served = group.latest  # the newest of the group's frames that it was given

    def catch_up(self) -> None:
        """Give it the frames that it has not been given."""
        group = self.group
        missing = group.latest - self.served
        if missing <= 0:
            return
        self.served = group.latest
        frames = group.frames
        wire = self.owner.queue
        if type(wire) is Connection:
            if missing == 1:
                wire.write(frames[-1][0])
            else:
                wire.write(b"".join(data for data, _ in islice(frames, len(frames) - missing, None)))
        elif not self.owner.closed:
            for _, packet in list(islice(frames, len(frames) - missing, None)):
                self.owner.send(packet)

    def leave(self) -> None:
        """It gets nothing more."""
        self.served = 1 << 62


class WireQueue(Queue):  # type: ignore[misc]
    """The queue of a client on polling: engineio's, with a bound."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.seat: Seat | None = None
        self._bytes = 0

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        seat = self.seat
        if seat is not None and item is not None:
            if seat.served != seat.group.latest:
                seat.catch_up()
            if self._bytes > BOUND and not seat.owner.closing:
                seat.owner.close(wait=False, abort=True, reason="too slow")
                return
        super().put(item, block, timeout)

    def _put(self, item: Any) -> None:
        self._bytes += _size(item)
        super()._put(item)

    def _get(self) -> Any:
        item = super()._get()
        self._bytes -= _size(item)
        return item


def _size(item: Any) -> int:
    data = getattr(item, "data", None)
    return len(data) if isinstance(data, (str, bytes)) else 0


class Connection:
    """A client on a websocket; stands in for its engineio socket's queue. Runs on the hub, so nothing here waits."""

    __slots__ = ("_bound", "_ended", "_ending", "_fileno", "_heart", "_parts", "_reading", "_recv", "_rest", "_send")
    __slots__ += ("_size", "_sock", "_stage", "_waiting", "_writing", "dead", "engine", "gone", "moved_at", "owner")
    __slots__ += ("seat",)

    def __init__(self, owner: Any, sock: socket.socket, heart: Heart, gone: Callable[[], None]) -> None:
        """`sock`: the bare, non-blocking socket. `gone` is called when it is closed."""
        self.owner = owner
        self.engine = owner.server
        self.gone = gone
        self.seat: Seat | None = None
        self.dead = False
        self.moved_at = 0.0  # when bytes that wait last moved
        self._sock = sock
        self._send = sock.send
        self._recv = sock.recv
        self._fileno = sock.fileno()
        self._heart = heart
        self._waiting: list[bytes] = []
        self._size = 0
        self._bound = BOUND
        self._rest = b""
        self._parts: list[bytes] | None = None  # of a message that comes in fragments; the first byte is its kind
        self._stage = "open"
        self._ending = False
        self._ended = False
        self._writing: Any = None
        self._reading: Any = None

    def begin(self) -> None:
        """From here on the hub calls. A client that was on polling goes through the upgrade first."""
        owner = self.owner
        with contextlib.suppress(OSError):
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        if owner.connected:
            owner.upgrading = True
            self._stage = "probe"
        else:
            owner.connected = True
            self._take_over()
        if not self._ended:
            self._reading = self._listen(READ, self._readable)

    def _listen(self, what: str, call: Callable[[int], None]) -> Any:
        hub = get_hub()
        listener = hub.add(what, self._fileno, call, self._lost, self._forget)
        listener.greenlet = hub.greenlet  # not the one of the handshake, which would be kept
        return listener

    def _take_over(self) -> None:
        """Everything that was queued, then everything else, goes to the wire."""
        owner, old = self.owner, self.owner.queue
        self._stage = "open"
        owner.upgraded, owner.upgrading = True, False
        self.seat, old.seat = old.seat, None
        owner.queue = self
        while not old.empty():
            item = old.get(block=False)
            old.task_done()
            if item is None:
                self.finish()
            elif item.packet_type != eio.NOOP:
                self.write(frame_of(item))
        old.put(_NOOP)  # for a poll that may still wait

    # ---- out ----

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """What engineio sends: a packet, or None for the end."""
        if item is None:
            self.finish()
            return
        seat = self.seat
        if seat is not None and seat.served != seat.group.latest:
            seat.catch_up()
        self.write(frame_of(item))

    def join(self) -> None:
        """Nothing is ever unfinished here that engineio could wait for."""

    def write(self, data: bytes) -> None:
        """Write, or keep for later; never waits."""
        if self.dead:
            return
        if self._waiting:
            self._waiting.append(data)
            self._size += len(data)
            if self._size > self._bound:
                self.cut()
            return
        try:
            sent = self._send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.cut()
            return
        if sent != len(data):
            self._waiting = [data[sent:]]
            self._size = len(data) - sent
            self._bound = BOUND + self._size
            self.moved_at = time.monotonic()
            self._heart.slow.add(self)
            self._writing = self._listen(WRITE, self._writable)

    def _writable(self, _: int) -> None:
        data = self._waiting[0] if len(self._waiting) == 1 else b"".join(self._waiting)
        sent = 0
        if not self.dead:
            try:
                sent = self._send(data)
            except BlockingIOError:
                return
            except OSError:
                self.cut()
        if self.dead or sent == len(data):
            self._waiting = []
            self._size = 0
            self._stop_writing()
            if self._ending:
                self._shut()
            return
        # `data` is all that waits: nothing was added since the join.
        self._waiting = [data[sent:]]
        self._size = len(data) - sent
        self.moved_at = time.monotonic()

    def _stop_writing(self) -> None:
        self._heart.slow.discard(self)
        listener, self._writing = self._writing, None
        if listener is not None:
            get_hub().remove(listener)

    def finish(self) -> None:
        """Say goodbye once everything is written."""
        if not self._ending:
            self.write(_GOODBYE)
            self._ending = True
            if not self._waiting:
                self._shut()

    def cut(self) -> None:
        """Give the client up."""
        self._waiting = []
        self._size = 0
        self._shut()

    def _shut(self) -> None:
        """No more bytes; the hub calls with the end of the stream, and `end` cleans up."""
        self.dead = True
        self._stop_writing()
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    # ---- in ----

    def _readable(self, _: int) -> None:
        try:
            data = self._recv(READ_SIZE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.end()
            return
        try:
            frames, self._rest = split(self._rest + data if self._rest else data, MAX_FRAME_BYTES)
            for opcode, last, payload in frames:
                if opcode == TEXT and last and self._parts is None:
                    self._message(payload.decode())
                else:
                    self._frame(opcode, last, payload)
                if self._ended:
                    return
        except (BadFrameError, UnicodeDecodeError):
            self.end()
        except Exception:
            log.exception("What a client sent could not be handled")
            self.end()

    def _frame(self, opcode: int, last: bool, payload: bytes) -> None:
        if opcode == PING:
            self.write(framed(PONG, payload))
        elif opcode == CLOSE:
            self.finish()
            self.end()
        elif opcode != PONG:
            if (opcode == CONTINUATION) == (self._parts is None):
                raise BadFrameError
            if self._parts is None:
                self._parts = [bytes((opcode,))]
            self._parts.append(payload)
            if sum(map(len, self._parts)) > MAX_FRAME_BYTES or len(self._parts) > 10_000:
                raise BadFrameError
            if last:
                parts, self._parts = self._parts, None
                whole = b"".join(parts[1:])
                if parts[0][0] == TEXT:
                    self._message(whole.decode())
                else:
                    self._deliver(whole)

    def _message(self, text: str) -> None:
        kind = text[:1]
        if self._stage != "open":
            self._upgrade(text)
        elif kind == "4":
            self._deliver(text[1:])
        elif kind == "3":
            self.owner.schedule_ping()
        elif kind == "1":
            self.owner.close(wait=False, abort=True, reason=self.engine.reason.CLIENT_DISCONNECT)
        elif kind not in ("0", "2", "5", "6"):  # these may be sent, and mean nothing here
            self.end()

    def _deliver(self, data: str | bytes) -> None:
        if not self.owner.closed:
            self.engine.handlers["message"](self.owner.sid, data)

    def _upgrade(self, text: str) -> None:
        if self._stage == "probe" and text == "2probe":
            self.write(frame("3probe"))
            self.owner.queue.put(_NOOP)  # ends the poll that waits
            self._stage = "upgrade"
        elif self._stage == "upgrade" and text == "5":
            self._take_over()
        else:
            self.end()

    # ---- the end ----

    def end(self) -> None:
        """Close the socket; the engine is told, unless the client is still on polling."""
        if self._ended:
            return
        self._ended = self.dead = True
        self._waiting = []
        self._stop_writing()
        listener, self._reading = self._reading, None
        if listener is not None:
            get_hub().remove(listener)
        with contextlib.suppress(OSError):
            self._sock.close()
        if self._stage != "open":
            self.owner.upgrading = False
        else:
            self.owner.close(wait=False, abort=True, reason=self.engine.reason.TRANSPORT_CLOSE)
            self.engine.sockets.pop(self.owner.sid, None)
        self.gone()

    def _lost(self, *_: Any) -> None:
        """The hub found the descriptor closed."""
        self.end()

    def _forget(self) -> None:
        """The hub found the descriptor taken by another socket."""
        self._reading = self._writing = None


class Heart:
    """Pings for everybody, an end for those that do not answer or do not read."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._due: deque[tuple[float, Any]] = deque()  # in order: all wait equally long
        self.slow: set[Connection] = set()
        self._beating = False
        self._looked_at = 0.0

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
                if sent % SLICE == 0:
                    eventlet.sleep(0)

    def _look(self) -> None:
        self._looked_at = time.monotonic()
        late = time.time() - self._engine.ping_timeout
        sockets = self._engine.sockets
        for sid, owner in list(sockets.items()):
            if owner.closed:
                sockets.pop(sid, None)
            elif owner.last_ping and owner.last_ping < late and not owner.closing:
                owner.check_ping_timeout()
        for one in list(self.slow):
            if self._looked_at - one.moved_at > STALL_S:
                one.cut()


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
            Connection(self._owner, bare, self.heart, gone).begin()
            return []
        over = eventlet.event.Event()  # a server that is not ours closes the socket when we return
        Connection(self._owner, green.fd, self.heart, over.send).begin()
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
    connect = engine.handlers["connect"]
    # A whole environ keeps the request's buffers alive for as long as the client stays.
    engine.on("connect", lambda sid, environ: connect(sid, {key: environ[key] for key in _KEPT if key in environ}))


class Groups:
    """The groups of a python-socketio server's clients, by name."""

    def __init__(self, server: Any) -> None:
        self._engine = server.eio
        self._groups: dict[str, Group] = {}

    def join(self, name: str, sid: str, eio_sid: str) -> None:
        """From here on this client is given the group's frames. A client is in one group at most."""
        owner = self._engine.sockets.get(eio_sid)
        if owner is not None:
            group = self._groups.setdefault(name, Group())
            group.seats[sid] = owner.queue.seat = Seat(group, owner)

    def leave(self, name: str, sid: str) -> None:
        group = self._groups.get(name)
        seat = group.seats.pop(sid, None) if group is not None else None
        if seat is not None:
            seat.leave()
            seat.owner.queue.seat = None

    def broadcast(self, name: str, text: str) -> float:
        """One socket.io packet, as text, to all in a group. How many seconds the last one took to reach the last."""
        group = self._groups.get(name)
        if group is None:
            return 0.0
        group.broadcast(text)
        return group.took_s


def send(server: Any, eio_sid: str, text: str) -> None:
    """One socket.io packet, as text, to one client."""
    owner = server.eio.sockets.get(eio_sid)
    if owner is None or owner.closed:
        return
    wire = owner.queue
    if type(wire) is Connection:
        seat = wire.seat
        if seat is not None and seat.served != seat.group.latest:
            seat.catch_up()
        wire.write(frame("4" + text))
    else:
        owner.send(eio.Packet(eio.MESSAGE, text))


def _nothing() -> None: ...


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


