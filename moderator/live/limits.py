"""How often one identity may do what. Moving windows, so that a burst is possible and a flood is not."""

from __future__ import annotations

import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from ..domain.refusal import N_, Refused

# Per identity and minute. Attendees: three times what the contract promises them, and no more than fingers can do.
PER_MINUTE: dict[str, RateLimitItemPerMinute] = {
    "ask": RateLimitItemPerMinute(30),
    "vote": RateLimitItemPerMinute(180),
    "similar": RateLimitItemPerMinute(180),
    "clock": RateLimitItemPerMinute(240),
    "speaker": RateLimitItemPerMinute(240),
    "desk": RateLimitItemPerMinute(3000),
}


class Limits:
    """One per worker. `check` counts a hit and raises `Refused("rate_limited")` when it is one too many."""

    def __init__(self) -> None:
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def check(self, limit: str, role: str, webinar: str, actor: str) -> None:
        if role == "moderator" and limit in ("ask", "similar", "clock"):
            limit = "desk"
        item = PER_MINUTE[limit]
        if self._windows.hit(item, webinar, actor):
            return
        reset_at, _ = self._windows.get_window_stats(item, webinar, actor)
        wait = max(1, round(reset_at - time.time() + 0.5))
        raise Refused("rate_limited", N_("Too many at once. Try again in {n} seconds."), retry_after_s=wait, n=wait)
