"""How far the log was acknowledged, noted beside it, so that a log that ends too early is noticed when it is opened.

A log cannot know that its end is missing: a write-ahead log that was cut, or a backup put back, is whole in itself. So
the newest commit of each webinar is noted in `DATA/log.acked` after it is durable and before anybody is told. The note
is one write of one line, not synced: that costs microseconds, survives `kill -9` of everything, and the system brings
it to the disk within seconds. It is never ahead of an honest disk. One that is absent, damaged or cannot be written is
no reason to refuse anything: then nothing is said.

The file is lines of JSON, each padded to `LINE` bytes, so that it is written in place and no line lies across two
sectors: first the epoch of the log, then a webinar each. Behind the JSON stands its CRC-32.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from moderator.log.sqlite_file import sync_directory

FILE = "log.acked"
LINE = 256
_BLANK = b" " * (LINE - 1) + b"\n"


class Newest(NamedTuple):
    """A webinar's newest commit."""

    seq: int
    at: int
    """Milliseconds since the Unix epoch, on the log's clock."""


class Noted(NamedTuple):
    """What a file says."""

    epoch: str
    newest: dict[str, Newest]
    """By webinar, in the order of the file."""


class _Head(msgspec.Struct, frozen=True):
    epoch: str


class _Entry(msgspec.Struct, frozen=True):
    webinar: str
    seq: int
    at: int


_Facts = TypeVar("_Facts", _Head, _Entry)


def encode(epoch: str, newest: Mapping[str, Newest]) -> bytes:
    """The whole file. A webinar whose name does not fit is left out."""
    lines = [_line(_Head(epoch)), *(_line(_Entry(slug, *one)) for slug, one in newest.items())]
    return b"".join(line for line in lines if line is not None)


def decode(raw: bytes) -> Noted | None:
    """What a file says, without the lines that are damaged; None if it does not even name its log."""
    head = _read(raw[:LINE], _Head)
    if head is None:
        return None
    entries = (_read(raw[at : at + LINE], _Entry) for at in range(LINE, len(raw), LINE))
    return Noted(head.epoch, {entry.webinar: Newest(entry.seq, entry.at) for entry in entries if entry is not None})


def missing(log: Path, noted: Noted | None, epoch: str, there: Mapping[str, Newest]) -> list[str]:
    """What was acknowledged and is not in the log at this path: a sentence for the operator for each loss.

    `epoch`, `there`: what the log is and holds.
    """
    if noted is None or not noted.newest:
        return []
    if noted.epoch != epoch:
        until = max(one.at for one in noted.newest.values())
        held = ", ".join(f"{slug} up to commit {one.seq}" for slug, one in noted.newest.items())
        return [
            f"{log} is not the log that was served here until {_time(until)}, which held {held}: stop the server and "
            "put that one or its backup back, or go on, and what was acknowledged in it alone is lost."
        ]
    said = []
    for slug, one in noted.newest.items():
        last = there.get(slug, Newest(0, 0))
        if last.seq < one.seq:
            which = f"commits {last.seq + 1} to {one.seq}" if last.seq + 1 < one.seq else f"commit {one.seq}"
            when = f"between {_time(last.at)} and {_time(one.at)}" if last.seq else f"until {_time(one.at)}"
            said.append(
                f"{log} lacks {which} of {slug}, acknowledged {when}: stop the server and put a backup back that has "
                "them, or go on, and what people sent in that time is lost."
            )
    return said


class Mark:
    """The file of a log that is open for writing. One thread at a time; nothing in here raises OSError."""

    def __init__(self, path: Path) -> None:
        """`path`: the file, which need not be there."""
        self._path = path
        self._file = -1
        self._places: dict[str, int] = {}
        self._end = LINE

    def read(self) -> Noted | None:
        """What it says now."""
        try:
            return decode(self._path.read_bytes())
        except OSError:
            return None

    def begin(self, epoch: str, newest: Mapping[str, Newest]) -> None:
        """Say what the log holds, and nothing else, from now on; synced."""
        self.close()
        wanted = encode(epoch, newest)
        with suppress(OSError):
            if not self._path.exists() or self._path.read_bytes() != wanted:
                self._replace(wanted)
            self._file = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        noted = decode(wanted)
        slugs = noted.newest if noted is not None else ()
        self._places = {slug: LINE * number for number, slug in enumerate(slugs, 1)}
        self._end = len(wanted)

    def _replace(self, wanted: bytes) -> None:
        part = self._path.with_name(self._path.name + ".part")
        try:
            file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            try:
                os.write(file, wanted)
                os.fsync(file)
            finally:
                os.close(file)
            os.replace(part, self._path)
            sync_directory(self._path.parent)
        finally:
            part.unlink(missing_ok=True)

    def put(self, webinar: str, seq: int, at: int) -> None:
        """This commit is durable, and somebody is going to be told."""
        line = _line(_Entry(webinar, seq, at))
        if self._file < 0 or line is None:
            return
        place = self._places.get(webinar)
        if place is None:
            place = self._places[webinar] = self._end
            self._end += LINE
        with suppress(OSError):  # a note less; the commit is safe
            os.pwrite(self._file, line, place)

    def drop(self, webinar: str) -> None:
        """This webinar is about to be erased; synced, so that it is not missed after a power cut."""
        place = self._places.pop(webinar, None)
        if self._file >= 0 and place is not None:
            with suppress(OSError):
                os.pwrite(self._file, _BLANK, place)
            self.sync()

    def sync(self) -> None:
        """Bring it to the disk."""
        if self._file >= 0:
            with suppress(OSError):
                os.fsync(self._file)

    def close(self) -> None:
        """Sync it and let go of it; may be called twice."""
        if self._file >= 0:
            self.sync()
            os.close(self._file)
            self._file = -1


def _line(facts: _Head | _Entry) -> bytes | None:
    said = msgspec.json.encode(facts)
    line = b"%s %08x" % (said, zlib.crc32(said))
    return line.ljust(LINE - 1) + b"\n" if len(line) < LINE else None


def _read(line: bytes, kind: type[_Facts]) -> _Facts | None:
    said, _, crc = line.rstrip().rpartition(b" ")
    if crc != b"%08x" % zlib.crc32(said):
        return None
    try:
        return msgspec.json.decode(said, type=kind)
    except msgspec.DecodeError:
        return None


def _time(at: int) -> str:
    try:
        return datetime.fromtimestamp(at / 1000).astimezone().isoformat(sep=" ", timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return str(at)
