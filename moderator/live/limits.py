"""How often one identity may do what. Moving windows, so that a burst is possible and a flood is not."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Protocol

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

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


class SharedLimits(Protocol):
    """Counts what is done on all workers together."""

    def waits(self, asked: Sequence[tuple[str, Caller]]) -> list[int]:
        """Of each (limit, caller): 0, and it was counted; or the seconds after which to try again."""


class Limits:
    """One per worker. `check` counts a hit and raises `Refused("rate_limited")` when it is one too many."""

    def __init__(self, shared: SharedLimits | None = None) -> None:
        """`shared`: counts what is done on all workers together, where there are several."""
        self.shared = shared
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def check(self, limit: str, role: str, webinar: str, actor: str) -> None:
        item = item_of(limit, role)
        if self._windows.hit(item, webinar, actor):
            return
        reset_at, _ = self._windows.get_window_stats(item, webinar, actor)
        wait = max(1, round(reset_at - time.time() + 0.5))
        raise too_many(wait)


def item_of(limit: str, role: str) -> RateLimitItemPerMinute:
    """How much of it a role may do."""
    return PER_MINUTE["desk" if role == "moderator" and limit in ("ask", "similar", "clock") else limit]


def too_many(wait_s: int) -> Refused:
    """The refusal of one too many."""
    return Refused("rate_limited", N_("Too many at once. Try again in {n} seconds."), retry_after_s=wait_s, n=wait_s)
