"""How many may join from one address."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter


class JoinLimit:
    """At most `per_minute` from one address in any minute; 0 is no limit."""

    def __init__(self, per_minute: int) -> None:
        self._item = RateLimitItemPerMinute(per_minute) if per_minute else None
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def refused_for(self, address: str) -> int:
        """0: one more may join, and was counted; otherwise the seconds after which to try again."""
        if self._item is None or self._limiter.hit(self._item, "join", address):
            return 0
        resets_at = self._limiter.get_window_stats(self._item, "join", address).reset_time
        return max(1, math.ceil(resets_at - time.time()))
