"""Clients that are cut off in the middle of a sentence, and sockets that wait."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
from typing import Any, Literal

from tests.support.crowd import frame, split, upgrade

How = Literal["fin", "rst"]
WAIT_S = 15.0
"""A deadline, not an expectation."""


def dial(port: int) -> socket.socket:
    """A connection to 127.0.0.1."""
    made = socket.create_connection(("127.0.0.1", port), timeout=WAIT_S)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def hang_up(sock: socket.socket, how: How) -> None:
    """End a connection in order, or as when a machine loses power and is asked again. A FIN leaves it to be closed."""
    if how == "fin":
        with contextlib.suppress(OSError):  # the other side was quicker
            sock.shutdown(socket.SHUT_WR)
    else:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()


def drain(sock: socket.socket) -> bytes:
    """What the other side still says before it hangs up too; TimeoutError if it does not."""
    said = bytearray()
    try:
        while data := sock.recv(1 << 16):
            said += data
    except ConnectionError:
        pass
    finally:
        sock.close()
    return bytes(said)


class Caller:
    """A client on a bare websocket that waits for what it asked."""

    def __init__(self, port: int, auth: dict[str, Any]) -> None:
        """Connect, and read until the first snapshot or patch."""
        self.sock = dial(port)
        self._came = bytearray()
        self._payloads: list[bytes] = []
        self._number = 0
        self.sock.sendall(upgrade(port))
        while b"\r\n\r\n" not in self._came:
            self._receive()
        head, _, self._came = self._came.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 "), bytes(head)
        self.until(b"0")
        self.sock.sendall(frame("40" + json.dumps(auth)))
        first = self.until(b"42", b"44")
        assert first.startswith(b"42"), first

    def _receive(self) -> None:
        data = self.sock.recv(1 << 18)
        assert data, "cut instead of answered"
        self._came += data

    def until(self, *starts: bytes) -> bytes:
        """The next message that starts like one of these, others left aside."""
        while True:
            while not self._payloads:
                self._payloads = split(self._came) or []
                if not self._payloads:
                    self._receive()
            payload = self._payloads.pop(0)
            if payload == b"2":
                self.sock.sendall(frame("3"))
            elif payload.startswith(starts):
                return payload

    def command(self, event: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Its ack."""
        self._number += 1
        self.sock.sendall(command(self._number, event, payload))
        told = self.until(b"43%d[" % self._number)
        ack: dict[str, Any] = json.loads(told[told.index(b"[") :])[0]
        return ack

    def close(self) -> None:
        """Leave in order."""
        self.sock.close()


def command(number: int, event: str, payload: dict[str, Any]) -> bytes:
    """The bytes of a command with an ack of this number."""
    return frame(f"42{number}{json.dumps([event, payload])}")
