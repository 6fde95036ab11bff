"""Bytes to sockets at the price of the system call: the one module that knows engineio and eventlet from inside.

Stock, every delivery wakes a writer greenthread per client (63 % of the time), goes through a queue (26 %), is framed
again for each client, and piles up without bound for a client that does not read. Here:

- `WireQueue` takes the place of an engineio socket's queue. Once the client is on a websocket and nothing waits, what
  is put into it is written at once; otherwise it is queued as ever, and the writer greenthread sends it. Clients on
  polling are left to the stock path.
- `Outlet` takes the place of the websocket's TCP socket: it writes without blocking, keeps what the kernel will not
  take (at most `BOUND` bytes, sent on by one greenthread in one piece), and cuts a client that reads too slowly. It
  comes back and gets a snapshot.
- A broadcast is framed once: frames from server to client are unmasked, so they are the same bytes for everybody.
- permessage-deflate is refused (150 kB and 70 µs per client), and incoming frames are unmasked as one number, not byte
  by byte in Python.

`install(server)` puts it in; MODERATOR_FANOUT=stock leaves it out, and the same tests pass.
"""

from __future__ import annotations

import contextlib
import errno
import socket
import struct
from collections.abc import Iterable
from typing import Any

import eventlet
from engineio import packet as eio
from engineio.async_drivers import eventlet as driver
from eventlet.hubs import trampoline
from eventlet.queue import Queue
from eventlet.websocket import RFC6455WebSocket

BOUND = 1_000_000  # bytes that may wait for one client
STALL_S = 15.0  # a client that takes nothing for so long is gone
MAX_FRAME_BYTES = 1_200_000  # a pasted programme fits, a flood does not
_PACKETS = frozenset("0123456")
_AGAIN = (errno.EAGAIN, errno.EWOULDBLOCK)


def frame(text: str) -> bytes:
    """A final, unmasked websocket text frame. RFC 6455, section 5.2."""
    data = text.encode()
    size = len(data)
    if size < 126:
        return struct.pack("!BB", 0x81, size) + data
    if size < 65_536:
        return struct.pack("!BBH", 0x81, 126, size) + data
    return struct.pack("!BBQ", 0x81, 127, size) + data


def frame_of(packet: Any) -> bytes:
    """A packet's frame, made once however many clients it goes to."""
    made: bytes | None = getattr(packet, "frame_", None)
    if made is None:
        made = packet.frame_ = frame(packet.encode())
    return made


def unmask(data: bytes, mask: bytes) -> bytes:
    """RFC 6455, section 5.3; `mask` is turned to where `data` begins."""
    size = len(data)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(data, "little") ^ int.from_bytes(key, "little")).to_bytes(size, "little")


class Outlet:
    """All bytes to one client pass through here, in order. Stands in for the GreenSocket it wraps."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._send = sock.fd.send  # the bare, non-blocking socket
        self._waiting: list[bytes] = []
        self._size = 0
        self.dead = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def sendall(self, data: bytes, flags: int = 0) -> None:
        """Write, or keep for later; never waits. A dead client is no error here: its reader finds out."""
        if self.dead:
            return
        if not self._waiting:
            try:
                sent = self._send(data)
            except OSError as error:
                if error.errno not in _AGAIN:
                    self.cut()
                    return
                sent = 0
            if sent == len(data):
                return
            self._waiting.append(data[sent:])
            self._size = len(data) - sent
            eventlet.spawn_n(self._flush)
            return
        self._waiting.append(data)
        self._size += len(data)
        if self._size > BOUND:
            self.cut()

    send = sendall

    def _flush(self) -> None:
        while self._waiting and not self.dead:
            try:
                trampoline(self._sock.fd, write=True, timeout=STALL_S, timeout_exc=TimeoutError)
                data = b"".join(self._waiting)
                sent = self._send(data)
            except OSError as error:  # TimeoutError is one
                if error.errno in _AGAIN:
                    continue
                self.cut()
                return
            rest = data[sent:]
            # What was added since the join: nothing, for there was no switch between; the rest stands for all of it.
            self._waiting = [rest] if rest else []
            self._size = len(rest)

    def cut(self) -> None:
        """Give the client up; its reader sees the end and the engine cleans up."""
        self.dead = True
        self._waiting.clear()
        self._size = 0
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)


class WireQueue(Queue):  # type: ignore[misc]
    """An engineio socket's queue that writes to the wire where nothing is in the way."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.outlet: Outlet | None = None
        self.owner: Any = None  # the engineio socket

    def attach(self, owner: Any, outlet: Outlet) -> None:
        self.owner = owner
        self.outlet = outlet

    @property
    def direct(self) -> bool:
        """May be written to at once: on a websocket, past its handshake, and everything before it is written."""
        return self.outlet is not None and not self.unfinished_tasks and self.owner.upgraded

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        if item is not None and self.direct and not item.binary:
            assert self.outlet is not None
            self.outlet.sendall(frame_of(item))
        else:
            super().put(item, block, timeout)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        # The engine's writer takes 15 s without a packet for the end. Here it hears nothing because others write to the
        # wire, its own pings included; who is dead is found by the pongs that do not come.
        if block and self.owner is not None and self.owner.upgraded:
            timeout = None
        return super().get(block, timeout)


class _Message(RFC6455WebSocket.Message):  # type: ignore[misc]
    """A message in the making, from any number of fragments. Bounded: eventlet bounds each fragment only."""

    size = 0

    def push(self, data: bytes, final: bool = False) -> None:
        self.size += len(data)
        if self.size > MAX_FRAME_BYTES:
            raise ValueError  # the connection is failed
        super().push(data, final)


class Wire(RFC6455WebSocket):  # type: ignore[misc]
    """eventlet's websocket, with a mask that does not cost a Python step per byte, and with a client's nonsense for an
    end of the connection instead of a traceback."""

    Message = _Message

    def wait(self) -> Any:
        data = super().wait()
        # The first letter is the kind of an engine.io packet; engineio raises where it is none.
        if isinstance(data, str) and data[:1] not in _PACKETS:
            return None
        return data

    def close(self, close_data: Any = None) -> None:
        with contextlib.suppress(OSError):
            self._send_closing_frame(close_data=close_data, ignore_send_errors=True)
            self.socket.shutdown(socket.SHUT_WR)
        self.socket.close()

    @staticmethod
    def _apply_mask(data: bytes, mask: tuple[int, ...], length: int | None = None, offset: int = 0) -> bytes:
        turned = bytes(mask[(offset + i) % 4] for i in range(4))
        return unmask(data, turned)


class _Input:
    """What eventlet's wsgi server hands to a websocket, with an outlet in place of the socket."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet

    def get_socket(self) -> Outlet:
        return self._outlet


class WebSocketWSGI(driver.WebSocketWSGI):  # type: ignore[misc]
    """The upgrade: refuses extensions, wraps the socket, and tells the client's queue where to write."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        outlet = Outlet(environ["eventlet.input"].get_socket())
        environ["eventlet.input"] = _Input(outlet)
        owner = self.handler.__self__
        owner.queue.attach(owner, outlet)
        return super().__call__(environ, start_response)

    def _handle_hybi_request(self, environ: dict[str, Any]) -> Any:
        made = super()._handle_hybi_request(environ)
        made.__class__ = Wire
        return made


def install(server: Any) -> None:
    """Put the direct path under a python-socketio server. Its `_async` table is how engineio takes its parts."""
    engine = server.eio
    engine._async = {**engine._async, "queue": WireQueue, "websocket": WebSocketWSGI}


def broadcast(server: Any, eio_sids: Iterable[str], text: str) -> None:
    """One socket.io packet, as text, to many clients."""
    packet = eio.Packet(eio.MESSAGE, text)
    data = frame_of(packet)
    sockets = server.eio.sockets
    for sid in eio_sids:
        owner = sockets.get(sid)
        if owner is None or owner.closed:
            continue
        queue = owner.queue
        if queue.outlet is not None and not queue.unfinished_tasks and owner.upgraded:
            queue.outlet.sendall(data)
        else:
            owner.send(packet)
