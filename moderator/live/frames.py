"""Websocket frames, RFC 6455 section 5: made for clients, and read from what they send. Pure."""

from __future__ import annotations

import struct

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
_KNOWN = frozenset({CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG})

Frame = tuple[int, bool, bytes]  # opcode, is it the message's last, payload without its mask


class BadFrameError(ValueError):
    """Not what a client may send: the connection is failed."""


def frame(text: str) -> bytes:
    """A final, unmasked text frame."""
    return framed(TEXT, text.encode())


def framed(opcode: int, data: bytes) -> bytes:
    """A final, unmasked frame."""
    size = len(data)
    if size < 126:
        return struct.pack("!BB", 0x80 | opcode, size) + data
    if size < 65_536:
        return struct.pack("!BBH", 0x80 | opcode, 126, size) + data
    return struct.pack("!BBQ", 0x80 | opcode, 127, size) + data


def unmask(data: bytes, mask: bytes) -> bytes:
    """`data` without its mask of 4 bytes: one exclusive or of two long numbers, no step per byte."""
    size = len(data)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(data, "little") ^ int.from_bytes(key, "little")).to_bytes(size, "little")


def split(data: bytes, most: int) -> tuple[list[Frame], bytes]:
    """The whole frames at the beginning of `data`, and the rest. Raises BadFrameError, also for one above `most`."""
    found: list[Frame] = []
    at, end = 0, len(data)
    while end - at >= 2:
        first, size = data[at], data[at + 1]
        opcode = first & 0x0F
        # No extension was agreed upon, so the reserved bits are 0; clients mask whatever they send.
        if first & 0x70 or opcode not in _KNOWN or not size & 0x80:
            raise BadFrameError
        size &= 0x7F
        if opcode >= CLOSE and (size > 125 or not first & 0x80):
            raise BadFrameError
        body = at + 2
        if size == 126:
            if end < body + 2:
                break
            size = int.from_bytes(data[body : body + 2])
            body += 2
        elif size == 127:
            if end < body + 8:
                break
            size = int.from_bytes(data[body : body + 8])
            body += 8
        if size > most:
            raise BadFrameError
        if end < body + 4 + size:
            break
        mask = data[body : body + 4]
        body += 4
        payload = data[body : body + size]
        # A mask of zeros is a mask: benches send it, and what is one exclusive or the less.
        found.append((opcode, bool(first & 0x80), unmask(payload, mask) if any(mask) else payload))
        at = body + size
    return found, data[at:] if at else data
