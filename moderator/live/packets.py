"""Whatever a client sends, and not only what its library would: read with care, refused without a word in the log.

python-socketio and engineio raise on packets that no client library makes, and say so with a traceback per packet. Here
an event that cannot be read is answered like any other command that is not understood, and a client that sends no
packets at all is cut.
"""

from __future__ import annotations

import contextlib
import logging
from typing import Any

from engineio.exceptions import EngineIOError
from engineio.payload import Payload
from socketio import packet

from .loop import spawn

NOTHING: list[Any] = [""]  # the event of no name, which is answered `invalid`
RESERVED = frozenset({"connect", "disconnect"})  # what the server tells itself; from a client they are unknown events
MAX_ATTACHMENTS = 4  # no command takes any; a few are taken in, to be refused with an answer
PACKETS_PER_POST = 1000  # a polling client sends all that waits at once; the body's size is the bound


class Malformed(ValueError):
    """Not a packet that a client may send."""


class Packet(packet.Packet):  # type: ignore[misc]
    """A packet of a client, or one for a client."""

    def decode(self, encoded_packet: Any) -> int:
        """How many binary attachments follow. Raises Malformed."""
        if not isinstance(encoded_packet, str):
            raise Malformed("bytes without a packet")
        try:
            count = super().decode(encoded_packet)
        except (ValueError, RecursionError):
            if self.packet_type not in (packet.EVENT, packet.CONNECT):
                raise Malformed("unreadable") from None
            count, self.data = 0, None
        kind = self.packet_type
        if kind == packet.EVENT:
            self.data = _event(self.data)
        elif kind in (packet.BINARY_EVENT, packet.BINARY_ACK):
            if not 1 <= count <= MAX_ATTACHMENTS or self.namespace not in (None, "/"):
                raise Malformed("attachments")
        elif kind == packet.ACK:
            if not isinstance(self.data, list) or self.id is None:
                raise Malformed("an answer to nothing")
        elif kind not in (packet.CONNECT, packet.DISCONNECT):
            raise Malformed("no such packet")
        return int(count)

    @classmethod
    def reconstruct_binary(cls, data: Any, attachments: list[Any]) -> list[Any]:
        """The event with its attachments in their places."""
        try:
            return _event(super().reconstruct_binary(data, attachments))
        except (IndexError, TypeError, RecursionError):
            return NOTHING


def _event(data: Any) -> list[Any]:
    """`[name, argument, …]`, or the event of no name."""
    if isinstance(data, list) and data and isinstance(data[0], str) and data[0] not in RESERVED:
        return data
    return NOTHING


def guard(server: Any) -> None:
    """Let this socket.io server take whatever comes."""
    read = server._handle_eio_message

    def message(eio_sid: str, data: Any) -> None:
        early = isinstance(data, str) and data[:1] in ("5", "6") and eio_sid not in server._binary_packet
        try:
            if not data:
                raise Malformed("empty")
            if early and server.manager.sid_from_eio_sid(eio_sid, "/") is None:
                raise Malformed("attachments before the connection")
            read(eio_sid, data)
        except Malformed:
            cut(server, eio_sid)

    server.packet_class = Packet
    server.eio.disconnect = lambda sid: _close(server.eio, sid)  # it calls this itself for bodies that are too large
    server.eio.on("message", message)


def cut(server: Any, eio_sid: str) -> None:
    """Close a client's transport, soon."""
    spawn(_close, server.eio, eio_sid)


def _close(engine: Any, eio_sid: str) -> None:
    """engineio's own `disconnect` waits until the client has taken everything, which a polling one may never do."""
    found = engine.sockets.pop(eio_sid, None)
    if found is not None:
        with contextlib.suppress(EngineIOError):
            found.close(wait=False, reason=engine.reason.SERVER_DISCONNECT)


def engine_logger() -> logging.Logger:
    """For socket.io and engine.io: errors of ours, never what clients say, in the one place where logs go."""
    logger = logging.getLogger("moderator.engine")
    logger.setLevel(logging.ERROR)  # below that they write down every packet with what is in it
    if not logger.filters:
        logger.addFilter(_ours)
    return logger


def _ours(record: logging.LogRecord) -> bool:
    """Is this a fault of ours? A body that is no payload and a session that is gone are not."""
    if record.exc_info and record.exc_info[1] is not None:
        return not (isinstance(record.exc_info[1], ValueError | LookupError) and "post request" in record.getMessage())
    return False


Payload.max_decode_packets = PACKETS_PER_POST
