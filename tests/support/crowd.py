"""Many websockets in one thread: what a test needs to be hundreds of clients on a machine that runs the servers too."""

from __future__ import annotations

import errno
import heapq
import itertools
import selectors
import socket
import struct
import time
from collections.abc import Callable
from typing import Protocol

PATH = "/socket.io/?EIO=4&transport=websocket"
_BUSY = (errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EAGAIN)


def upgrade(port: int, path: str = PATH) -> bytes:
    """The request that begins a websocket."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


def frame(text: str) -> bytes:
    """A client's text frame. Its mask is zero, which is a mask like any other and costs nothing."""
    data = text.encode()
    if len(data) < 126:
        head = struct.pack(">BB", 0x81, 0x80 | len(data))
    elif len(data) < 65536:
        head = struct.pack(">BBH", 0x81, 0x80 | 126, len(data))
    else:
        head = struct.pack(">BBQ", 0x81, 0x80 | 127, len(data))
    return head + b"\0\0\0\0" + data


def split(data: bytearray) -> list[bytes] | None:
    """The payloads of the whole text frames at the beginning, taken out of `data`; None when it says the end."""
    found: list[bytes] = []
    at = 0
    while len(data) - at >= 2:
        kind, size = data[at] & 0x0F, data[at + 1] & 0x7F
        begin = at + 2
        if size == 126:
            if len(data) - at < 4:
                break
            size, begin = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
        elif size == 127:
            if len(data) - at < 10:
                break
            size, begin = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
        if len(data) - begin < size:
            break
        assert data[at] & 0x80, "the server sent a fragment"
        if kind == 8:
            return None
        if kind == 1:
            found.append(bytes(data[begin : begin + size]))
        at = begin + size
    del data[:at]
    return found


class Owner(Protocol):
    """Whose line it is."""

    def got(self, payload: bytes) -> None:
        """A message came."""

    def lost(self) -> None:
        """The connection is over; the line is of no use any more."""


class Loop:
    """Runs lines and timers, in the thread that calls `run`."""

    def __init__(self) -> None:
        self.selector = selectors.DefaultSelector()
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._number = itertools.count()

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Call it after so many seconds."""
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._number), call))

    def run(self, until: Callable[[], bool]) -> None:
        """Until that is true; it is asked at least every 50 ms."""
        while not until():
            now = time.monotonic()
            while self._timers and self._timers[0][0] <= now:
                heapq.heappop(self._timers)[2]()
            wait = min(0.05, self._timers[0][0] - time.monotonic()) if self._timers else 0.05
            for key, mask in self.selector.select(max(0.0, wait)):
                key.data.ready(mask)

    def close(self) -> None:
        """All lines are gone."""
        self.selector.close()


class Line:
    """One websocket."""

    def __init__(self, loop: Loop, port: int, owner: Owner) -> None:
        """Begin to connect to a port of 127.0.0.1; what is sent before it stands is sent then."""
        self._loop = loop
        self._owner = owner
        self._open = False
        self._came = bytearray()
        self._out = bytearray(upgrade(port))
        self._waiting = bytearray()
        """Frames for when the websocket stands."""
        self._mask = selectors.EVENT_READ | selectors.EVENT_WRITE
        self._socket: socket.socket | None = socket.socket()
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        loop.selector.register(self._socket, self._mask, self)
        code = self._socket.connect_ex(("127.0.0.1", port))
        if code not in (0, *_BUSY):
            loop.later(0, self._end)

    def send(self, text: str) -> None:
        """Send a message."""
        if self._open:
            self._out += frame(text)
            self._write()
        else:
            self._waiting += frame(text)

    def close(self) -> None:
        """Hang up; the owner is not told."""
        if self._socket is not None:
            self._loop.selector.unregister(self._socket)
            self._socket.close()
            self._socket = None

    def ready(self, mask: int) -> None:
        """The loop's: it can be read or written."""
        if mask & selectors.EVENT_WRITE and self._socket is not None:
            self._write()
        if mask & selectors.EVENT_READ and self._socket is not None:
            self._read()

    def _end(self) -> None:
        if self._socket is not None:
            self.close()
            self._owner.lost()

    def _write(self) -> None:
        assert self._socket is not None
        try:
            while self._out:
                del self._out[: self._socket.send(self._out)]
        except OSError as error:
            if error.errno not in (*_BUSY, errno.ENOTCONN):
                self._loop.later(0, self._end)  # not from within what the owner does
                return
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._out else 0)
        if wanted != self._mask:
            self._mask = wanted
            self._loop.selector.modify(self._socket, wanted, self)

    def _read(self) -> None:
        assert self._socket is not None
        try:
            data = self._socket.recv(1 << 18)
        except OSError as error:
            if error.errno in _BUSY:
                return
            data = b""
        if not data:
            self._end()
            return
        self._came += data
        if not self._open:
            head, end, rest = self._came.partition(b"\r\n\r\n")
            if not end:
                return
            if not head.startswith(b"HTTP/1.1 101 "):
                self._end()
                return
            self._open = True
            self._came = rest
            self._out += self._waiting
            self._write()
        payloads: list[bytes] | None = split(self._came)
        for payload in payloads or ():
            if self._socket is None:  # the owner hung up
                return
            self._owner.got(payload)
        if payloads is None:
            self._end()
