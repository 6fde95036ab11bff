"""What several workers on one Redis tell each other besides the log: how often somebody did something, and who is here.

None of it is kept: when Redis is away or empty, each worker goes by what it knows itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

import msgspec

from ..log.base import LogUnavailable
from ..log.redis_script import TAG, Script
from ..log.redis_way import Way
from .attendance import MARK, Peak
from .audience import Audience
from .identity import Caller
from .limits import item_of
from .rooms import Rooms

TELL_S = 2.0
GONE_MS = 7_000
"""A worker that said nothing for so long is gone, and who was there is elsewhere."""
KEEP_MS = 60_000

_COUNT = Script("""
-- KEYS one per command; ARGV how many of it a window takes, one per command
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local window = math.floor(now / 60000)
local passed = now % 60000
local waits = {}
for i, key in ipairs(KEYS) do
  local most = tonumber(ARGV[i])
  local here = key .. ':' .. window
  local before = tonumber(redis.call('GET', key .. ':' .. (window - 1)) or '0')
  local count = tonumber(redis.call('GET', here) or '0')
  if before * (60000 - passed) / 60000 + count + 1 > most then
    waits[i] = math.max(1, math.ceil((60000 - passed) / 1000 * math.min(1, (before + count + 1 - most) / most + 0.1)))
  else
    if redis.call('INCR', here) == 1 then redis.call('EXPIRE', here, 120) end
    waits[i] = 0
  end
end
return waits
""")

_TELL = Script("""
-- KEYS the board of a webinar, the attendees at this worker; ARGV worker, what it says (empty: it leaves), how long to
-- keep it, those attendees (without it: as before). 0 with the board: they are not known any more.
local known = 1
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
  redis.call('DEL', KEYS[2])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  if ARGV[4] then redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[3])
  else known = redis.call('PEXPIRE', KEYS[2], ARGV[3]) end
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {known, redis.call('HGETALL', KEYS[1])}
""")


class RedisLimits:
    """See `limits.SharedLimits`. Sliding windows of a minute, all of a commit's commands counted in one step."""

    def __init__(self, way: Way) -> None:
        self._way = way

    def waits(self, asked: Sequence[tuple[str, Caller]]) -> list[int]:
        """Seconds to wait, by command; all 0 when Redis does not answer, since then nothing is taken anyway."""
        found = [0] * len(asked)
        places: list[int] = []
        names: list[str] = []
        bounds: list[int] = []
        for at, (limit, caller) in enumerate(asked):
            if caller.role != "moderator":
                places.append(at)
                names.append(f"{TAG}:limit:{limit}:{caller.webinar}:{caller.actor}")
                bounds.append(item_of(limit, caller.role).amount)
        if places:
            try:
                for at, wait in zip(places, self._way.script(_COUNT, names, bounds), strict=True):
                    found[at] = int(wait)
            except LogUnavailable:
                return found
        return found


class _Said(msgspec.Struct):
    """What a worker says of a webinar: who is connected to it there."""

    at: int
    comings: int
    """Another number whenever other attendees are there; which ones, is in a key of its own."""
    peak: Peak
    part: dict[str, Any]


class RedisPresence:
    """Puts up every 2 s who is here, and reads what the other workers put up.

    Attendees go by the first characters of their hashes, 8 bytes each, and only when others came or went: so an
    attendee with tabs on two workers is one, and 10,000 of them cost Redis nothing while nobody moves.
    """

    def __init__(self, way: Way, rooms: Rooms) -> None:
        self._way = way
        self._rooms = rooms
        self._worker = secrets.token_hex(6)
        self._told: dict[str, int | None] = {}  # webinar: the `comings` of the attendees that were put up; None: gone
        self._known: dict[str, dict[str, tuple[int, frozenset[str]]]] = {}  # webinar, worker: comings, attendees

    def exchange(self) -> None:
        """Tell and read. Raises LogUnavailable."""
        quiet = []
        for slug in self._rooms.slugs():
            audience = self._rooms.get(slug).audience
            if audience.members:
                self._tell(slug, audience)
            elif self._told.get(slug) is not None:  # nobody is here any more: said once, for the peak's sake
                self._tell(slug, audience)
                self._told[slug] = None
            elif slug in self._told:
                del self._told[slug]
                self._read(slug, audience, self._put(slug, b"")[1])
            else:
                quiet.append(slug)
        if quiet:
            rows = self._way.calls([("HGETALL", _board(slug)) for slug in quiet])
            for slug, row in zip(quiet, rows, strict=True):
                if slug in self._rooms:
                    self._read(slug, self._rooms.get(slug).audience, row)

    def _tell(self, slug: str, audience: Audience) -> None:
        comings = audience.attendance.comings
        said = _Said(self._rooms.log.now(), comings, audience.attendance.peak, audience.presence.own_part())
        marks = [audience.attendance.marks()] if self._told.get(slug) != comings else []
        known, rows = self._put(slug, msgspec.json.encode(said), *marks)
        self._told[slug] = comings if known else -1
        self._read(slug, audience, rows)

    def _put(self, slug: str, said: bytes, *marks: str) -> tuple[int, list[bytes]]:
        board = _board(slug)
        found: tuple[int, list[bytes]] = self._way.script(
            _TELL, [board, f"{board}:{self._worker}"], [self._worker, said, KEEP_MS, *marks]
        )
        return found

    def _read(self, slug: str, audience: Audience, rows: Sequence[bytes]) -> None:
        now, known = self._rooms.log.now(), self._known.get(slug, {})
        others: dict[str, _Said] = {}
        for worker, text in zip(map(bytes.decode, rows[::2]), rows[1::2], strict=True):
            if worker == self._worker:
                continue
            try:
                said = msgspec.json.decode(text, type=_Said)
            except msgspec.DecodeError:  # of another version, while workers are replaced
                continue
            if now - said.at < GONE_MS:
                others[worker] = said
            elif now - said.at > KEEP_MS:  # it died
                self._way.call("HDEL", _board(slug), worker)
        fresh = [worker for worker, said in others.items() if known.get(worker, (-1,))[0] != said.comings]
        if fresh:
            texts = self._way.call("MGET", *(f"{_board(slug)}:{worker}" for worker in fresh))
            for worker, text in zip(fresh, texts, strict=True):
                if text is not None:
                    known[worker] = (others[worker].comings, _marks(text.decode()))
        self._known[slug] = known = {worker: known[worker] for worker in others if worker in known}
        attendees = frozenset().union(*(marks for _, marks in known.values()))
        audience.others(attendees, [said.part for said in others.values()], [said.peak for said in others.values()])

    def leave(self) -> None:
        """This worker ends."""
        for slug in self._told:
            self._put(slug, b"")


def _board(slug: str) -> str:
    return f"{TAG}:presence:{slug}"


def _marks(text: str) -> frozenset[str]:
    return frozenset([text[at : at + MARK] for at in range(0, len(text), MARK)])
