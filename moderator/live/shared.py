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
-- KEYS the board of a webinar; ARGV worker, what it says (empty: it leaves), how long to keep it
if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) else redis.call('HDEL', KEYS[1], ARGV[1]) end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return redis.call('HGETALL', KEYS[1])
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
    attendees: int
    part: dict[str, Any]


class RedisPresence:
    """Puts up every 2 s who is here, and reads what the other workers put up."""

    def __init__(self, way: Way, rooms: Rooms) -> None:
        self._way = way
        self._rooms = rooms
        self._worker = secrets.token_hex(6)
        self._told: set[str] = set()

    def exchange(self) -> None:
        """Tell and read, for all webinars that anybody is connected to here. Raises LogUnavailable."""
        for slug in self._rooms.slugs():
            audience = self._rooms.get(slug).audience
            here = bool(audience.members)
            if not here and slug not in self._told:
                continue
            said = b""
            now = self._rooms.log.now()
            if here:
                part = audience.presence.own_part()
                said = msgspec.json.encode(_Said(now, audience.attendees_here(), part))
                self._told.add(slug)
            else:
                self._told.discard(slug)
            rows = self._way.script(_TELL, [f"{TAG}:presence:{slug}"], [self._worker, said, KEEP_MS])
            others = []
            for worker, text in zip(rows[::2], rows[1::2], strict=True):
                if worker.decode() == self._worker:
                    continue
                try:
                    one = msgspec.json.decode(text, type=_Said)
                except msgspec.DecodeError:  # of another version, while workers are replaced
                    continue
                if now - one.at < GONE_MS:
                    others.append(one)
            audience.others(sum(one.attendees for one in others), [one.part for one in others])

    def leave(self) -> None:
        """This worker ends."""
        for slug in self._told:
            self._way.script(_TELL, [f"{TAG}:presence:{slug}"], [self._worker, b"", KEEP_MS])

