"""Where commits are kept: what every log promises, whatever it is made of.

A log holds any number of webinars; a webinar is a row of commits numbered 1, 2, 3 … without a gap. What a commit says
(`body`) is none of the log's business. All methods but `now` block, and may be called from any native thread. Those of
a `native` log may not be called from the socket loop's own thread while it serves: a slow disk would stall all clients.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
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


class LogGone(LogConflict):
    """The webinar was erased or rewritten by another worker: whoever holds a fold of it must read anew."""


class LogUnavailable(LogError):
    """The log cannot be used now (disk full, not writable, locked, damaged). What was to be appended is not in it."""


class LogFrozen(LogUnavailable):
    """The webinar is read only for a moment, because it is being copied."""


class LogUncertain(LogUnavailable):
    """The log went away while it took an append, and cannot be asked whether it has it.

    The caller repeats the same append, with the same `seq`, `at` and `body`, until it returns (the commit is in the
    log, once) or raises something other than LogUncertain (it is not). Only then may it answer whoever waits.
    """


class LogLost(LogError):
    """The log that was opened is gone or was replaced: its epoch is another one. Nothing can be appended any more."""


class DataInUse(LogError):
    """Another server works on the same data."""


class News(msgspec.Struct, frozen=True):
    """What `follow` found."""

    commits: dict[str, list[Commit]] = {}
    """New commits by webinar, in order; also those that this worker appended itself."""
    webinars: list[str] | None = None
    """All slugs, in order of creation, where that was looked at."""
    stale: frozenset[str] = frozenset()
    """Webinars whose commits were replaced: read them anew from the beginning."""


@runtime_checkable
class Log(Protocol):
    """An append-only log of commits. Instants are integer milliseconds since the Unix epoch."""

    native: bool
    """Whether its calls block the thread. If not, they wait as green sockets do, and belong on the socket loop."""
    shared: bool
    """Whether others may append to it at the same time: then it must be followed."""

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

    def follow(self, known: Mapping[str, int], timeout: float) -> News:
        """Wait up to `timeout` seconds for commits later than `known` (slug: seq). None if it is not shared."""

    def adopt(self, webinar: str, commits: Iterable[Commit]) -> int:
        """Take over a whole webinar from another log, all or nothing; its newest seq. LogConflict if it exists."""

    def frozen(self, webinar: str) -> AbstractContextManager[None]:
        """Inside, nobody appends to this webinar: what is sent meanwhile waits, or is `unavailable`."""

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
