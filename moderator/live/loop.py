"""The socket loop. Besides the path of bytes to sockets (`engine.py` and its like), only this module knows eventlet."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

import eventlet
import eventlet.event
import eventlet.semaphore
import eventlet.tpool

T = TypeVar("T")


def in_thread(function: Callable[..., T], *args: Any) -> T:
    """Run a blocking function in a native thread; only this greenthread waits. What it raises is raised here."""
    return eventlet.tpool.execute(function, *args)  # type: ignore[no-any-return]


def here(function: Callable[..., T], *args: Any) -> T:
    """In the place of `in_thread`, for what waits on green sockets by itself."""
    return function(*args)


def spawn(function: Callable[..., Any], *args: Any) -> Any:
    """Run in a greenthread of its own, in the order of the calls, once the caller waits for something."""
    return eventlet.spawn_n(function, *args)


def sleep(seconds: float) -> None:
    eventlet.sleep(seconds)


def watch(late: Callable[[float], None], every_s: float = 0.25) -> None:
    """Tell again and again by how many seconds the loop came too late to what was due."""

    def look() -> None:
        while True:
            due = time.monotonic() + every_s
            eventlet.sleep(every_s)
            late(max(0.0, time.monotonic() - due))

    eventlet.spawn_n(look)


def lock() -> Any:
    """A context manager that one greenthread holds at a time."""
    return eventlet.semaphore.Semaphore()


class Later:
    """Calls a function once after `seconds`, unless it is cancelled before."""

    __slots__ = ("_timer",)

    def __init__(self, seconds: float, function: Callable[..., Any], *args: Any) -> None:
        self._timer = eventlet.spawn_after(max(0.0, seconds), function, *args)

    def cancel(self) -> None:
        self._timer.cancel()


class Promise:
    """A value that comes later, for any number of greenthreads that wait for it."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = eventlet.event.Event()

    def set(self, value: Any = None) -> None:
        if not self._event.ready():
            self._event.send(value)

    @property
    def ready(self) -> bool:
        return bool(self._event.ready())

    def wait(self, timeout: float | None = None) -> Any:
        """The value, or None when `timeout` seconds passed."""
        return self._event.wait(timeout)
