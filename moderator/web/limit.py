"""How many may join from one address."""

from __future__ import annotations

import math
import time
from typing import Any

from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter


class JoinLimit:
    """At most `per_minute` from one address in any minute; 0 is no limit."""

    def __init__(self, per_minute: int, storage: Any = None) -> None:
        """`storage`: one of `limits.storage`; in memory if none is given."""
        self._item = RateLimitItemPerMinute(per_minute) if per_minute else None
        self._limiter = SlidingWindowCounterRateLimiter(storage or MemoryStorage())

    def refused_for(self, address: str) -> int:
        """0: one more may join, and was counted; otherwise the seconds after which to try again."""
        if self._item is None:
            return 0
        try:
            if self._limiter.hit(self._item, "join", address):
                return 0
            resets_at = self._limiter.get_window_stats(self._item, "join", address).reset_time
        except StorageError:  # better too many than nobody
            return 0
        return max(1, math.ceil(resets_at - time.time()))


def storage_of(log: Any) -> Any:
    """Where joins are counted: with all workers on the same Redis, or in this process alone."""
    if not log.shared or log.way().url.startswith("redis+cluster:"):
        return None
    from limits.storage import RedisStorage

    pool = log.way().pool()
    return RedisStorage("redis://", connection_pool=pool, wrap_exceptions=True, key_prefix="{moderator}:join")
