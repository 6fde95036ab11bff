"""One server per data directory, and a lock between native threads."""

from __future__ import annotations

import fcntl
import os
import socket
import time

# The C class itself: where `queue` and `threading` are patched for green threads, their locks do not hold between
# native threads; this one does.
from _queue import SimpleQueue
from datetime import datetime
from pathlib import Path
from types import TracebackType

import msgspec

from moderator.log.base import DataInUse, LogUnavailable


class NativeLock:
    """A mutex between native threads, patched or not. Not reentrant."""

    __slots__ = ("_token",)

    def __init__(self) -> None:
        self._token: SimpleQueue[None] = SimpleQueue()
        self._token.put(None)

    def __enter__(self) -> None:
        self._token.get()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._token.put(None)


class Holder(msgspec.Struct, frozen=True):
    """The server that works on a data directory."""

    pid: int
    host: str
    since: int
    """Wall clock, milliseconds since the Unix epoch."""
    url: str = ""
    """Where it answers, once it does; other commands go through it."""

    def __str__(self) -> str:
        since = datetime.fromtimestamp(self.since / 1000).astimezone().isoformat(sep=" ", timespec="seconds")
        where = f" on {self.host}" if self.host != socket.gethostname() else ""
        return f"process {self.pid}{where}, since {since}"


class DataLock:
    """The right to write to a data directory, held through `DATA/lock` until closed or until the process dies."""

    def __init__(self, data_dir: Path, wait_s: float = 0.5) -> None:
        """Take it. DataInUse says who has it; LogUnavailable if the directory cannot be used.

        `wait_s`: how long to try, because `holder()` of another command takes a glance at the lock.
        """
        self._path = data_dir / "lock"
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise LogUnavailable(f"The data directory {data_dir} cannot be used: {error.strerror}.") from error
        give_up = time.monotonic() + wait_s
        while not _try(self._file, fcntl.LOCK_EX):
            if time.monotonic() >= give_up:
                who = _read(self._file)
                os.close(self._file)
                self._file = -1
                raise DataInUse(
                    f"Another server uses the data in {data_dir} ({who or 'unknown process'}). "
                    "Stop it, or give this one another --data directory."
                )
            time.sleep(0.02)
        self._holder = Holder(os.getpid(), socket.gethostname(), time.time_ns() // 1_000_000)
        self._write(self._holder)

    def announce(self, url: str) -> None:
        """Say where this server answers, for commands that go through it."""
        self._holder = msgspec.structs.replace(self._holder, url=url)
        self._write(self._holder)

    def close(self) -> None:
        """Give it back; the file stays, because deleting it would let two servers lock two files of one name."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _write(self, holder: Holder) -> None:
        # A full disk must not keep a server from starting that could still serve what it has.
        try:
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, msgspec.json.encode(holder) + b"\n", 0)
        except OSError:
            return


def holder(data_dir: Path) -> Holder | None:
    """Which server works on this data now, if one does."""
    try:
        file = os.open(data_dir / "lock", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        if _try(file, fcntl.LOCK_SH):
            return None
        return _read(file) or Holder(0, "", 0)
    finally:
        os.close(file)


def _try(file: int, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _read(file: int) -> Holder | None:
    try:
        return msgspec.json.decode(os.pread(file, 4096, 0), type=Holder)
    except (OSError, msgspec.DecodeError):
        return None
