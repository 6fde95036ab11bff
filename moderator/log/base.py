"""Where commits are kept: what every log promises, whatever it is made of.

A log holds any number of webinars; a webinar is a row of commits numbered 1, 2, 3 … without a gap. What a commit says
(`body`) is none of the log's business. All methods block and may be called from any native thread; none may be called
from the socket loop's own thread while it serves, because a slow disk would stall every client.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol, runtime_checkable

import msgspec


class Commit(msgspec.Struct, frozen=True):
    """One durable step of a webinar."""

    seq: int
    """1 for the first commit of a webinar, then one more each."""
    at: int
    """When it was appended: milliseconds since the Unix epoch, on the log's clock."""
    body: bytes
    """What happened. Opaque to the log."""


class LogError(Exception):
    """Whatever went wrong with the log; `message` is a sentence for the person who runs the server."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class LogConflict(LogError):
    """The sequence number is not the next one: somebody else appended, or the webinar exists, or it does not."""


class LogUnavailable(LogError):
    """The log cannot be used now (disk full, not writable, locked, damaged). What was to be appended is not in it."""


class LogUncertain(LogUnavailable):
    """The log went away while it took an append, and cannot be asked whether it has it.

    The caller repeats the same append, with the same `seq`, `at` and `body`, until it returns (the commit is in the
    log, once) or raises something other than LogUncertain (it is not). Only then may it answer whoever waits.
    """


class LogLost(LogError):
    """The log that was opened is gone or was replaced: its epoch is another one. Nothing can be appended any more."""


class DataInUse(LogError):
    """Another server works on the same data."""


@runtime_checkable
class Log(Protocol):
    """An append-only log of commits. Instants are integer milliseconds since the Unix epoch."""

    @property
    def epoch(self) -> str:
        """Names this log. It changes only when its history was lost or replaced."""

    @property
    def name(self) -> str:
        """One line that says what and where the log is, for start-up and health."""

    def now(self) -> int:
        """The log's clock. Cheap; may be called from the socket loop."""

    def webinars(self) -> list[str]:
        """The slugs of all webinars, in order of creation."""

    def create(self, webinar: str, body: bytes, at: int) -> None:
        """Begin a webinar with its first commit (seq 1). LogConflict if the slug is taken."""

    def append(self, webinar: str, seq: int, body: bytes, at: int) -> None:
        """Compare and append: succeeds only if `last(webinar) == seq - 1`, and is durable when it returns.

        LogConflict: `seq` is not the next one. LogUnavailable: not appended. LogUncertain: repeat it, see there.
        LogLost: the log was replaced.
        """

    def read(self, webinar: str, after: int = 0, limit: int | None = None) -> Iterator[Commit]:
        """The commits with `seq > after`, in order, at most `limit`; none for a webinar that does not exist.

        Read in pages: commits appended meanwhile may be seen. The iterator may be left at any point.
        """

    def last(self, webinar: str) -> int:
        """The newest seq; 0 for a webinar that does not exist."""

    def erase(self, webinar: str) -> None:
        """Delete a webinar and all its commits for good. Nothing happens if there is none."""

    def rewrite(self, webinar: str, bodies: Iterable[tuple[int, bytes]]) -> None:
        """Replace the bodies of the given commits (seq, body), all or none; seq and at stay.

        LogConflict if one of them does not exist. For taking out personal data; whoever holds a fold must read anew.
        """

    def health(self) -> dict[str, Any]:
        """`{"ok", "log": name, "epoch", "message"?: what is wrong and how to mend it, …numbers}`. Never raises."""

    def close(self) -> None:
        """Give everything back. May be called twice; after it the log is LogUnavailable."""
