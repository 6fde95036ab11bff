"""The log's clock: one answer to "what time is it" for everything that is decided or drawn."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from moderator.log.lock import NativeLock

Source = Callable[[], int]
"""Reads a clock in nanoseconds."""

STEP_NS = 2_000_000_000
"""A wall clock that is off by this much or more is followed at once."""
SLEW = 20
"""Smaller differences are taken up at one part in this many: 50 ms per second."""


def wall_ns() -> int:
    """Wall time in nanoseconds since the Unix epoch."""
    return time.time_ns()


def running_ns() -> int:
    """Nanoseconds that never step, and that go on while the machine is suspended."""
    # macOS has no CLOCK_BOOTTIME; its monotonic clock is a fair stand-in for trying things out.
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    return time.monotonic_ns()


class Clock(Protocol):
    """What a log asks for the time."""

    rehearsal: bool

    def now(self) -> int:
        """Milliseconds since the Unix epoch."""


class LogClock:
    """Wall time without small jumps.

    It goes on with a clock that never steps, and is drawn towards wall time by at most 50 ms per second, so it runs
    forward between any two calls. Only where wall time is 2 s or more away (somebody set the clock) does it step, in
    either direction; it is never held at the last event, which would freeze every countdown after a bad setting.
    """

    rehearsal = False

    def __init__(self, wall: Source = wall_ns, running: Source = running_ns) -> None:
        self._wall = wall
        self._running = running
        self._lock = NativeLock()
        self._at = running()
        self._value = wall()

    def now(self) -> int:
        """Milliseconds since the Unix epoch."""
        with self._lock:
            at = self._running()
            passed = at - self._at
            value = self._value + passed
            behind = self._wall() - value
            if abs(behind) >= STEP_NS:
                value += behind
            else:
                most = passed // SLEW
                value += max(-most, min(most, behind))
            self._at = at
            self._value = value
            return value // 1_000_000


class RehearsalClock:
    """Starts at a chosen instant and runs on, at real speed or faster."""

    rehearsal = True

    def __init__(self, start: int, running: Source = running_ns, speed: float = 1.0) -> None:
        """`start`: milliseconds since the Unix epoch, see `parse_instant`. `speed`: 10 is an hour in six minutes."""
        self._running = running
        self._speed = speed
        self._start = start
        self._at = running()

    def now(self) -> int:
        """Milliseconds since the Unix epoch."""
        passed = self._running() - self._at
        return self._start + (passed if self._speed == 1 else int(passed * self._speed)) // 1_000_000


def parse_instant(text: str) -> int:
    """ISO 8601 with an offset (or Z) as epoch milliseconds. ValueError says what is wrong."""
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(
            f"{text!r} is not an instant; write it like 2020-07-07T08:30:00+02:00 (ISO 8601 with an offset)."
        ) from None
    if instant.utcoffset() is None:
        raise ValueError(f"{text!r} has no offset from UTC; add one, as in {instant.isoformat()}+02:00, or Z.")
    return round(instant.timestamp() * 1000)
