"""Follows a log that others append to, and keeps this worker's rooms up to date with it."""

from __future__ import annotations

import logging
import random
import time
from contextlib import suppress

from .. import metrics
from ..log.base import LogError
from .loop import sleep, spawn
from .rooms import Rooms
from .shared import TELL_S, RedisPresence

WAIT_S = 1.5
AGAIN_S = 0.5
"""How long to wait after the log could not be read."""
log = logging.getLogger("moderator.follow")


class Follower:
    """One greenthread that waits for commits, one that tells the other workers who is here."""

    def __init__(self, rooms: Rooms, presence: RedisPresence | None) -> None:
        self._rooms = rooms
        self._presence = presence
        self._ended = False
        self._trouble = False

    def start(self) -> None:
        """Begin to follow."""
        spawn(self._run)
        if self._presence is not None:
            spawn(self._tell)

    def stop(self) -> None:
        """Take nothing over any more, and let the others know that this worker ends."""
        self._ended = True
        if self._presence is not None:
            with suppress(LogError):
                self._presence.leave()

    def _run(self) -> None:
        read_at = time.monotonic()
        while not self._ended:
            try:
                self.step()
                read_at = time.monotonic()
            except LogError as error:
                self._trouble = True
                for slug in self._rooms.slugs():
                    self._rooms.get(slug).in_trouble(error.message)
                sleep(AGAIN_S)
            except Exception:
                # Whatever it was, a worker that follows no more would show an old state for ever.
                log.exception("Following the log failed")
                sleep(AGAIN_S)
            behind = time.monotonic() - read_at
            metrics.LOG_UNREAD.set(behind if behind >= AGAIN_S else 0)

    def step(self) -> None:
        """Wait for news once and take it over. Raises LogError."""
        rooms = self._rooms
        known = {slug: rooms.get(slug).seq for slug in rooms.slugs()}
        news = rooms.log.follow(known, WAIT_S)
        if self._ended:
            return
        if self._trouble and news.webinars is not None:  # it was looked at, and is the log that it was
            self._trouble = False
            for slug in rooms.slugs():
                rooms.get(slug).out_of_trouble()
        if news.webinars is not None:
            rooms.take_over(news.webinars, news.stale)
        for slug, commits in news.commits.items():
            if slug not in news.stale and slug in rooms:
                rooms.get(slug).follow(commits)

    def _tell(self) -> None:
        assert self._presence is not None
        while not self._ended:
            started = time.monotonic()
            try:
                self._presence.exchange()
            except LogError:
                pass
            except Exception:
                log.exception("Telling the other workers who is here failed")
            sleep(max(0.1, TELL_S * random.uniform(0.9, 1.0) - (time.monotonic() - started)))
