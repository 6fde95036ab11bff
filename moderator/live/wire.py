"""One client's bytes: in place of engineio's queue, writer and reader once a client is on a websocket.

Stock, such a client costs three greenthreads, every delivery wakes one of them and is framed anew, every incoming
packet is given two more, and what a client does not read piles up without bound. A `Connection` is called by the hub
when bytes came, handles them then and there, and writes without blocking; what the kernel will not take is kept (at
most `BOUND` bytes), and a client that reads too slowly is cut. It comes back and gets a snapshot.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import time
from collections.abc import Callable
from typing import Any, Protocol

from engineio import packet as eio
from eventlet.hubs import get_hub
from eventlet.hubs.hub import READ, WRITE
from eventlet.queue import Queue

from .. import metrics
from .frames import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, BadFrameError, frame, framed, split

BOUND = 1_000_000  # bytes that may wait for one client, besides the frame that it began to wait with
MAX_FRAME_BYTES = 1_200_000  # a pasted programme fits, a flood does not
MAX_PARTS = 1_000  # fragments of one message
SEND_BUFFER = 128 * 1024  # what the kernel keeps for a client that does not read; it would take megabytes
READ_SIZE = 16 * 1024
_NOOP = eio.Packet(eio.NOOP)
_GOODBYE = framed(CLOSE, b"\x03\xe8")  # 1000: normal

log = logging.getLogger("moderator.wire")


class Place(Protocol):
    """A client's place in a group: see `fanout.Seat`."""

    owner: Any

    @property
    def behind(self) -> bool: ...

    def catch_up(self) -> None: ...


def frame_of(packet: Any) -> bytes:
    """A packet's frame, made once however many clients it goes to."""
    made: bytes | None = getattr(packet, "frame_", None)
    if made is None:
        made = packet.frame_ = framed(BINARY, packet.encode()) if packet.binary else frame(packet.encode())
    return made


class WireQueue(Queue):  # type: ignore[misc]
    """The queue of a client on polling: engineio's, with a bound."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.seat: Place | None = None
        self._bytes = 0

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        seat = self.seat
        if seat is not None and item is not None:
            if seat.behind:
                seat.catch_up()
            if self._bytes > BOUND and not seat.owner.closing:
                metrics.SLOW_READERS.inc()
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

    __slots__ = (
        "_bound",
        "_ended",
        "_ending",
        "_fileno",
        "_parts",
        "_reading",
        "_recv",
        "_rest",
        "_send",
        "_size",
        "_slow",
        "_sock",
        "_stage",
        "_waiting",
        "_writing",
        "dead",
        "engine",
        "gone",
        "moved_at",
        "owner",
        "seat",
    )

    def __init__(self, owner: Any, sock: socket.socket, slow: set[Connection], gone: Callable[[], None]) -> None:
        """`sock`: the bare, non-blocking socket. `slow`: who has bytes waiting. `gone` is called when it is closed."""
        self.owner = owner
        self.engine = owner.server
        self.gone = gone
        self.seat: Place | None = None
        self.dead = False
        self.moved_at = 0.0  # when bytes that wait last moved
        self._sock = sock
        self._send = sock.send
        self._recv = sock.recv
        self._fileno = sock.fileno()
        self._slow = slow
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
        if seat is not None and seat.behind:
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
                metrics.SLOW_READERS.inc()
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
            self._slow.add(self)
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
        self._slow.discard(self)
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
            if sum(map(len, self._parts)) > MAX_FRAME_BYTES or len(self._parts) > MAX_PARTS:
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
        elif self._stage == "upgrade" and text == "5" and not self.owner.upgraded:
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
