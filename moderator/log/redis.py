"""The log in Redis: one stream per webinar, one entry per commit, any number of writers on any number of machines.

An append is one script: the stream's newest id must be exactly the one before, the log's epoch and the webinar's life
the ones this writer knows. Each entry carries its writer's nonce, so an append whose answer got lost is repeated as it
is: it finds itself, or takes its place, or learns that another entry stands there. Nothing is ever in twice.

The streams are never trimmed. What an acknowledgement is worth depends on how Redis is set up: see `redis_health`.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from moderator.log import redis_script as keys
from moderator.log.base import Commit, LogConflict, LogFrozen, LogGone, LogLost, LogUnavailable, LogUncertain, News
from moderator.log.clock import Clock, LogClock, running_ns
from moderator.log.redis_health import Persistence, ask
from moderator.log.redis_way import Way

PAGE = 500
"""Commits fetched at a time."""
LOOK_S = 2.0
"""How often a follower looks whether the log is still the one that it was."""
MEASURE_S = 10.0
"""How often Redis is asked for the time."""
FREEZE_S = 30
"""A webinar that is being copied is read only for at most this long, should the copier die."""
PART_S = 3600
"""How long what a copier that died left behind is kept."""
WAIT_AOF_MS = 2500


class _Doubt(NamedTuple):
    """An append that was sent and not answered."""

    seq: int
    at: int
    body: bytes
    nonce: bytes


class Look(NamedTuple):
    """What Redis holds at a moment."""

    epoch: str
    lives: dict[str, bytes]
    """Each webinar's life, in order of creation."""
    newest: dict[str, int]


class RedisTime:
    """Redis' clock without asking it each time: the difference to a clock of ours that never steps."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._offset = 0
        self.measured_at = 0.0

    def measure(self, times: int = 1) -> None:
        """Ask for the time; of several answers the quickest counts, which hardly waited on its way."""
        best: tuple[int, int] | None = None
        for _ in range(times):
            before = running_ns()
            seconds, micros = self._way.call("TIME")
            after = running_ns()
            there = int(seconds) * 1_000_000_000 + int(micros) * 1000
            trip = after - before
            if best is None or trip < best[0]:
                best = (trip, there - before - trip // 2)
        assert best is not None
        self._offset = best[1]
        self.measured_at = time.monotonic()

    def read(self) -> int:
        """Nanoseconds since the Unix epoch."""
        return running_ns() + self._offset


class RedisLog:
    """See `Log`. Made by `open_log`."""

    native = False  # its sockets are green where the others are; it must not run in a native thread then
    shared = True

    def __init__(self, way: Way, following: Way, clock: Clock | None, expected: str | None, waiting: bool) -> None:
        """`expected`: the epoch that must be there; `waiting`: WAITAOF after each append."""
        self._way = way
        self._following = following
        self._closed = False
        self._waiting = waiting
        self._lives: dict[str, bytes] = {}  # the life of each webinar that somebody here has a fold of
        self._seen: dict[str, int] = {}  # the newest commit known to be in the log
        self._doubts: dict[str, _Doubt] = {}
        self._looked_at = 0.0
        self._bell = b"0-0"
        way.wait_until_loaded()
        self._time = RedisTime(way)
        self._time.measure(3)
        self._clock = clock or LogClock(wall=self._time.read)
        self.persistence: Persistence = ask(way)
        self._epoch = self._enter(expected)
        rung = way.call("XREVRANGE", keys.NEWS, "+", "-", "COUNT", 1)
        if rung:
            self._bell = rung[0][0]

    def _enter(self, expected: str | None) -> str:
        found = self._way.call("GET", keys.EPOCH)
        if found is None and expected is None:
            self._way.call("SET", keys.EPOCH, secrets.token_hex(8), "NX")
            found = self._way.call("GET", keys.EPOCH)
        epoch = found.decode() if found is not None else ""
        if expected is not None and epoch != expected:
            raise LogLost(self._lost(epoch))
        return str(epoch)

    # What it is

    @property
    def epoch(self) -> str:
        """Names this log."""
        return self._epoch

    @property
    def name(self) -> str:
        """What and where."""
        return f"Redis {self.persistence.version}, {self._way.name}".replace("Redis ,", "Redis,")

    def worth(self) -> str:
        """One line for the start: what an acknowledgement is worth here."""
        return f"Log: {self.name}: {self.persistence.worth(waiting=self._waiting)}."

    def now(self) -> int:
        """Redis' clock, smoothed."""
        return self._clock.now()

    # Reading

    def webinars(self) -> list[str]:
        """The slugs, in order of creation."""
        return list(self.look().lives)

    def look(self) -> Look:
        """What Redis holds now. LogLost if that is not this log, or if its newest commits are missing."""
        seen, lives = dict(self._seen), dict(self._lives)  # before the question: others go on meanwhile
        with self._reading():
            epoch, rows, _ = self._way.script(
                keys.LOOK, (keys.EPOCH, keys.LIVES, keys.ORDER), (keys.stream(""),)
            )  # fmt: skip
        look = Look(
            epoch.decode(), {slug.decode(): life for slug, life, _ in rows}, {slug.decode(): n for slug, _, n in rows}
        )
        if look.epoch != self._epoch:
            raise LogLost(self._lost(look.epoch))
        for slug, newest in look.newest.items():
            # Only of the same life: an erased webinar's name may be in use again.
            if newest < seen.get(slug, 0) and lives.get(slug) == look.lives[slug]:
                raise LogLost(self._short(slug, newest, seen[slug]))
        return look

    def read(self, webinar: str, after: int = 0, limit: int | None = None) -> Iterator[Commit]:
        """The commits after `after`, fetched in pages."""
        if after <= 0:
            self._learn(webinar)
        left = limit
        while left is None or left > 0:
            size = PAGE if left is None else min(PAGE, left)
            with self._reading():
                rows = self._way.call("XRANGE", keys.stream(webinar), f"{max(0, after) + 1}-0", "+", "COUNT", size)
            commits = [_commit(row) for row in rows]
            if commits:
                self._have(webinar, commits[-1].seq)
            yield from commits
            if len(commits) < size:
                return
            after = commits[-1].seq
            left = None if left is None else left - size

    def last(self, webinar: str) -> int:
        """The newest seq, 0 if there is none."""
        with self._reading():
            rows = self._way.call("XREVRANGE", keys.stream(webinar), "+", "-", "COUNT", 1)
        return _commit(rows[0]).seq if rows else 0

    def follow(self, known: Mapping[str, int], timeout: float) -> News:
        """Wait up to `timeout` seconds for what others append after `known`."""
        look: Look | None = None
        if time.monotonic() >= self._looked_at + LOOK_S:
            look = self.look()
            self._looked_at = time.monotonic()
            if self._looked_at >= self._time.measured_at + MEASURE_S:
                with self._reading():
                    self._time.measure()
        names = [*known, ""]
        block = 1 if look is not None else max(1, int(min(timeout, LOOK_S) * 1000))
        with self._reading():
            found = self._following.call(
                "XREAD", "COUNT", PAGE, "BLOCK", block, "STREAMS",
                *(keys.stream(slug) for slug in known), keys.NEWS,
                *(f"{max(0, seq)}-0" for seq in known.values()), self._bell,
            )  # fmt: skip
        commits: dict[str, list[Commit]] = {}
        by_key = {keys.stream(slug) if slug else keys.NEWS: slug for slug in names}
        for key, rows in found or ():
            slug = by_key[key.decode()]
            if slug:
                commits[slug] = [_commit(row) for row in rows]
                self._have(slug, commits[slug][-1].seq)
            else:
                self._bell = rows[-1][0]
                look = self.look()
        if look is None:
            return News(commits)
        stale = {slug for slug, life in self._lives.items() if slug in known and look.lives.get(slug, life) != life}
        return News(commits, list(look.lives), frozenset(stale))

    # Writing

    def create(self, webinar: str, body: bytes, at: int) -> None:
        """Begin a webinar."""
        doubt = self._doubt(webinar, 1, body, at)
        nonce = doubt.nonce if doubt is not None else secrets.token_bytes(9)
        args = (self._epoch, webinar, at, body, nonce)
        said, fact = self._appending(webinar, _Doubt(1, at, body, nonce), keys.CREATE, self._registry(webinar), args)
        if said == b"conflict":
            raise LogConflict(f"There is a webinar called {webinar} already.")
        self._lives[webinar] = fact
        self._seen[webinar] = 1

    def append(self, webinar: str, seq: int, body: bytes, at: int) -> None:
        """Compare and append."""
        if seq < 1:
            raise LogConflict(f"{webinar}: {seq} is not the next number in the log.")
        doubt = self._doubt(webinar, seq, body, at)
        nonce = doubt.nonce if doubt is not None else secrets.token_bytes(9)
        life = self._lives.get(webinar)
        if life is None:
            try:
                life = self._learn(webinar)
            except LogUnavailable as error:
                if doubt is not None:
                    raise LogUncertain(error.message) from error
                raise
        stream = keys.stream(webinar)
        places = (keys.EPOCH, keys.LIVES, stream, keys.frozen(webinar), keys.SETTLED)
        args = (self._epoch, webinar, life or b"", seq, at, body, nonce, self._seen.get(webinar, 0))
        said, _ = self._appending(webinar, _Doubt(seq, at, body, nonce), keys.APPEND, places, args)
        if said == b"ok":
            self._have(webinar, seq)
            return
        if said == b"gone":
            raise LogGone(f"{webinar} was erased or rewritten by another worker.")
        raise LogConflict(f"{webinar}: {seq} is not the next number in the log.")

    def _doubt(self, webinar: str, seq: int, body: bytes, at: int) -> _Doubt | None:
        doubt = self._doubts.get(webinar)
        return doubt if doubt is not None and (doubt.seq, doubt.at, doubt.body) == (seq, at, body) else None

    def _appending(
        self, webinar: str, sent: _Doubt, script: keys.Script, places: tuple[str, ...], args: tuple[Any, ...]
    ) -> tuple[bytes, Any]:
        """Send an append; (`ok`, `gone` or `conflict`, what the script adds). Only the truth ends a doubt."""
        doubtful = webinar in self._doubts and self._doubts[webinar] == sent
        seen = self._seen.get(webinar, 0)
        try:
            self._check_open()
            said, fact = self._way.script(script, places, args)
            if said == b"lost":
                raise LogLost(self._lost(fact.decode()))
            if said == b"frozen":
                raise LogFrozen(f"{webinar} is being copied; it can be written to again in a moment.")
            if said == b"conflict" and isinstance(fact, int) and fact < seen:
                raise LogLost(self._short(webinar, fact, seen))
            if said == b"ok" and self._waiting:
                self._wait_for_disk()
        except LogUncertain:
            self._doubts[webinar] = sent
            raise
        except (LogUnavailable, LogLost) as error:
            if doubtful:  # it may be in a log that comes back
                raise LogUncertain(error.message) from error
            raise
        self._doubts.pop(webinar, None)
        return said, fact

    def _wait_for_disk(self) -> None:
        # On another connection than the append: a write of its own comes after it in the file.
        try:
            answers = self._way.calls(
                [("SET", keys.SETTLED, secrets.token_hex(8)), ("WAITAOF", 1, 0, WAIT_AOF_MS)]
            )  # fmt: skip
        except LogUnavailable as error:
            raise LogUncertain(error.message) from error
        if answers[1][0] < 1:
            raise LogUncertain(f"Redis at {self._way.name} did not sync its file in time. Check its disk.")

    def erase(self, webinar: str) -> None:
        """Delete a webinar. The append-only file loses it when Redis next rewrites that."""
        self._change(webinar, keys.ERASE, (), ())
        self._forget(webinar)
        with suppress(LogUnavailable):
            self._way.call("BGREWRITEAOF")

    def rewrite(self, webinar: str, bodies: Iterable[tuple[int, bytes]]) -> None:
        """Replace bodies: a new stream is built beside the old one and takes its place in one step."""
        nonce = secrets.token_hex(8)
        waiting, fresh = keys.part(nonce), keys.part(nonce + "-fresh")
        count = 0
        with self._reading():
            for page in _pages(bodies, PAGE):
                pairs = [value for seq, body in page for value in (seq, body)]
                count += len(page)
                self._way.calls([("HSET", waiting, *pairs), ("EXPIRE", waiting, PART_S)])
        if not count:
            return
        try:
            said, fact = self._change(webinar, keys.REWRITE, (waiting, fresh), (count,))
        finally:
            with suppress(LogUnavailable):
                self._way.call("DEL", waiting, fresh)
        if said == b"conflict":
            raise LogConflict(f"{webinar} has no commit {fact.decode()}; nothing was rewritten.")
        if said == b"torn":
            raise LogUnavailable("What was to be rewritten did not reach Redis whole; nothing was rewritten.")
        self._lives.pop(webinar, None)
        self._learn(webinar)
        with suppress(LogUnavailable):
            self._way.call("BGREWRITEAOF")

    def adopt(self, webinar: str, commits: Iterable[Commit]) -> int:
        """Take over a whole webinar from another log, all or nothing; its newest seq. LogConflict if it exists."""
        fresh = keys.part(secrets.token_hex(8))
        count = last = 0
        try:
            with self._reading():
                for page in _pages(commits, PAGE):
                    entries = [
                        ("XADD", fresh, f"{one.seq}-0", "at", one.at, "body", one.body, "by", b"copy") for one in page
                    ]
                    self._way.calls([*entries, ("EXPIRE", fresh, PART_S)])
                    count, last = count + len(page), page[-1].seq
            said, _ = self._change(webinar, keys.ADOPT, (fresh,), (last, count))
        finally:
            with suppress(LogUnavailable):
                self._way.call("DEL", fresh)
        if said == b"conflict":
            raise LogConflict(f"There is a webinar called {webinar} already.")
        if said == b"torn":
            raise LogUnavailable("The commits did not reach Redis whole; nothing was copied.")
        self._learn(webinar)
        return last

    @contextmanager
    def frozen(self, webinar: str) -> Iterator[None]:
        """Nobody appends to this webinar inside."""
        with self._reading():
            self._way.call("SET", keys.frozen(webinar), "1", "EX", FREEZE_S)
        try:
            yield
        finally:
            with suppress(LogUnavailable):
                self._way.call("DEL", keys.frozen(webinar))

    # Health and end

    def health(self) -> dict[str, Any]:
        """Look at the log, and at how Redis keeps it."""
        answer: dict[str, Any] = {"ok": True, "log": self.name, "epoch": self._epoch, **self.persistence.facts()}
        try:
            look = self.look()
            answer["webinars"] = len(look.lives)
            answer["commits"] = sum(look.newest.values())
        except (LogUnavailable, LogLost) as error:
            answer |= {"ok": False, "message": error.message}
        return answer

    def way(self) -> Way:
        """The connections, for what else is shared: limits and presence."""
        return self._way

    def close(self) -> None:
        """Close the connections."""
        self._closed = True
        self._way.close()
        self._following.close()

    # Parts

    def _check_open(self) -> None:
        if self._closed:
            raise LogUnavailable("The log is closed.")

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """For what may be asked again: an answer that did not come is no more than that."""
        self._check_open()
        try:
            yield
        except LogUncertain as error:
            raise LogUnavailable(error.message) from error

    def _registry(self, webinar: str) -> tuple[str, ...]:
        return (keys.EPOCH, keys.LIVES, keys.stream(webinar), keys.ORDER, keys.COUNTER, keys.NEWS)

    def _change(
        self, webinar: str, script: keys.Script, places: tuple[str, ...], args: tuple[Any, ...]
    ) -> tuple[bytes, Any]:
        with self._reading():
            said, fact = self._way.script(script, (*self._registry(webinar), *places), (self._epoch, webinar, *args))
        if said == b"lost":
            raise LogLost(self._lost(fact.decode()))
        return said, fact

    def _learn(self, webinar: str) -> bytes | None:
        """The life that a fold from the beginning belongs to."""
        with self._reading():
            life: bytes | None = self._way.call("HGET", keys.LIVES, webinar)
        if life is None:
            self._forget(webinar)
        else:
            if self._lives.get(webinar) != life:
                self._seen.pop(webinar, None)
            self._lives[webinar] = life
        return life

    def _forget(self, webinar: str) -> None:
        self._lives.pop(webinar, None)
        self._seen.pop(webinar, None)

    def _have(self, webinar: str, seq: int) -> None:
        if seq > self._seen.get(webinar, 0):
            self._seen[webinar] = seq

    def _lost(self, found: str) -> str:
        what = "holds another log" if found else "is empty"
        return f"Redis at {self._way.name} {what}: the log that this server works on is gone. Put its data back."

    def _short(self, webinar: str, newest: int, seen: int) -> str:
        return (
            f"Redis at {self._way.name} lost the newest commits of {webinar} ({newest} is the last, "
            f"there were {seen}). Put its data back."
        )


def _commit(row: Any) -> Commit:
    id, fields = row
    facts = dict(zip(fields[::2], fields[1::2], strict=True))
    return Commit(int(id.split(b"-", 1)[0]), int(facts[b"at"]), facts[b"body"])


def _pages(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    page: list[Any] = []
    for item in items:
        page.append(item)
        if len(page) == size:
            yield page
            page = []
    if page:
        yield page


def open_log(
    url: str, clock: Clock | None = None, *, expected: str | None = None, require_durable: bool = False
) -> RedisLog:
    """The log at an address. ValueError: no address; LogUnavailable: not reachable, or not durable where required.

    `expected`: the epoch that this server knows; LogLost when another one, or none, is there.
    """
    way, following = Way(url), Way(url)
    try:
        log = RedisLog(way, following, clock, expected, waiting=False)
        if require_durable:
            kept = log.persistence
            if not kept.durable:
                raise LogUnavailable(
                    f"--require-durable: {log.name}: {kept.worth()}. Set appendonly yes, appendfsync always "
                    "and maxmemory-policy noeviction there."
                )
            log._waiting = not kept.synced
        return log
    except LogUncertain as error:
        raise LogUnavailable(error.message) from error
    except BaseException:
        way.close()
        following.close()
        raise
