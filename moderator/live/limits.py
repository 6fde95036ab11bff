"""How often one identity may do what. Moving windows, so that a burst is possible and a flood is not.

A window is the instants of what was done within it, in a list of the identity's own: what counts is a look at its
beginning. (The `limits` library, used where joins are counted, was 95 % of a vote's time here: it walks all keys on a
timer thread of its own; see docs/performance.md.)
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from limits import RateLimitItemPerMinute

from ..domain.refusal import N_, Refused
from .identity import Caller

# Per identity and minute. Attendees: three times what the contract promises them, and no more than fingers can do.
PER_MINUTE: dict[str, RateLimitItemPerMinute] = {
    "ask": RateLimitItemPerMinute(30),
    "vote": RateLimitItemPerMinute(180),
    "similar": RateLimitItemPerMinute(180),
    "clock": RateLimitItemPerMinute(240),
    "speaker": RateLimitItemPerMinute(240),
    "desk": RateLimitItemPerMinute(3000),
}
WINDOW_S = 60.0


class SharedLimits(Protocol):
    """Counts what is done on all workers together."""

    def waits(self, asked: Sequence[tuple[str, Caller]]) -> list[int]:
        """Of each (limit, caller): 0, and it was counted; or the seconds after which to try again."""


class Windows:
    """Moving windows of a minute, by key. What is refused does not count."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._hits: dict[tuple[str, str, str], list[float]] = {}
        self._swept_at = clock()

    def wait(self, key: tuple[str, str, str], most: int) -> int:
        """0: one more was counted; otherwise the seconds after which to try again."""
        now = self._clock()
        if now - self._swept_at > WINDOW_S:
            self._sweep(now)
        hits = self._hits.get(key)
        if hits is None:
            self._hits[key] = [now]
            return 0
        start = now - WINDOW_S
        if hits[0] <= start:
            over = 1
            while over < len(hits) and hits[over] <= start:
                over += 1
            del hits[:over]
        if len(hits) >= most:
            return max(1, math.ceil(hits[len(hits) - most] - start))
        hits.append(now)
        return 0

    def _sweep(self, now: float) -> None:
        """Forget who did nothing for a minute."""
        self._swept_at = now
        self._hits = {key: hits for key, hits in self._hits.items() if hits[-1] > now - WINDOW_S}

    def __len__(self) -> int:
        return len(self._hits)


class Limits:
    """One per worker. `check` counts a hit and raises `Refused("rate_limited")` when it is one too many."""

    def __init__(self, shared: SharedLimits | None = None) -> None:
        """`shared`: counts what is done on all workers together, where there are several."""
        self.shared = shared
        self._windows = Windows()

    def check(self, limit: str, role: str, webinar: str, actor: str) -> None:
        wait = self._windows.wait((limit, webinar, actor), item_of(limit, role).amount)
        if wait:
            raise too_many(wait)


def item_of(limit: str, role: str) -> RateLimitItemPerMinute:
    """How much of it a role may do."""
    return PER_MINUTE["desk" if role == "moderator" and limit in ("ask", "similar", "clock") else limit]


def too_many(wait_s: int) -> Refused:
    """The refusal of one too many."""
    return Refused("rate_limited", N_("Too many at once. Try again in {n} seconds."), retry_after_s=wait_s, n=wait_s)
