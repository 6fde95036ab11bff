"""A network between a browser and the server that delays, by different times there and back."""

from __future__ import annotations

import random
import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from urllib.parse import urlsplit


class Delay:
    """A TCP relay on 127.0.0.1: holds every piece back for `mean_ms` ± `spread_ms`, in order, each way by itself."""

    def __init__(self, base: str, mean_ms: float, spread_ms: float, seed: int = 1) -> None:
        """`base`: the address of the server, as in `Server.base`."""
        self._target = ("127.0.0.1", urlsplit(base).port or 80)
        self._mean, self._spread = mean_ms / 1000, spread_ms / 1000
        self._random = random.Random(seed)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._open = True
        self._sockets: list[socket.socket] = []
        self.base = f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def __enter__(self) -> Delay:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        for one in [self._door, *self._sockets]:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        while self._open:
            try:
                near, _ = self._door.accept()
                far = socket.create_connection(self._target)
            except OSError:
                return
            self._sockets += [near, far]
            for one, other in ((near, far), (far, near)):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._carry(one, other)

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        pieces: list[tuple[float, bytes]] = []
        there = threading.Condition()

        def read() -> None:
            last = 0.0
            piece = b"."
            while piece:
                try:
                    piece = one.recv(65536)
                except OSError:
                    piece = b""
                held = self._mean + self._random.uniform(-self._spread, self._spread)
                last = max(last, time.monotonic() + held)  # a stream keeps its order
                with there:
                    pieces.append((last, piece))
                    there.notify()

        def write() -> None:
            while True:
                with there:
                    there.wait_for(lambda: pieces)
                    due, piece = pieces.pop(0)
                time.sleep(max(0.0, due - time.monotonic()))
                try:
                    if not piece:
                        other.shutdown(socket.SHUT_WR)
                        return
                    other.sendall(piece)
                except OSError:
                    return

        threading.Thread(target=read, daemon=True).start()
        threading.Thread(target=write, daemon=True).start()
