"""All webinars that this worker serves."""

from __future__ import annotations

import random
import time
import unicodedata
from collections.abc import Container, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..log.base import Log, LogError, LogUncertain
from .birth import created_body, new_join_code
from .erasure import anonymise_log, check_wipe, forget, wiped
from .identity import Identities
from .limits import Limits
from .loop import Later, here, in_thread, lock, sleep
from .room import Room
from .writer import SETTLE_S

if TYPE_CHECKING:
    from ..programme import Programme
    from ..web.i18n import Catalogues
    from .follow import Follower


LOOK_AGAIN_S = 0.1  # strangers' guesses at names cost the log next to nothing


class UnknownWebinar(KeyError):
    """There is no webinar of that name."""


class Rooms:
    def __init__(
        self,
        log: Log,
        identities: Identities,
        translations: Catalogues,
        *,
        rehearsal: bool = False,
        speed: float = 1.0,
        limits: Limits | None = None,
    ) -> None:
        self.log = log
        self.identities = identities
        self.translations = translations
        self.rehearsal = rehearsal
        self.speed = speed
        self.limits = limits or Limits()
        self.follower: Follower | None = None  # where others append to the log, too
        self._rooms: dict[str, Room] = {}
        self._do = in_thread if log.native else here
        self._changing = lock()  # one webinar at a time comes, goes or is read anew
        self._look_again_at = 0.0
        for slug in log.webinars():
            self._open(slug)

    def _open(self, slug: str) -> Room:
        room = Room(slug, self.log, self.translations.gettext, self.limits, rehearsal=self.rehearsal, speed=self.speed)
        self._rooms[slug] = room
        room.set_alarm()
        return room

    def get(self, slug: str) -> Room:
        """Raises UnknownWebinar."""
        room = self._rooms.get(slug) or self._just_made(slug)
        if room is None:
            raise UnknownWebinar(slug)
        return room

    def _just_made(self, slug: str) -> Room | None:
        """A webinar that another worker made so lately that its news is not here yet. May block the greenthread."""
        if not self.log.shared or time.monotonic() < self._look_again_at:
            return None
        self._look_again_at = time.monotonic() + LOOK_AGAIN_S
        with self._changing, suppress(LogError):
            if slug not in self._rooms and slug in self._do(self.log.webinars):
                self._open(slug)
        return self._rooms.get(slug)

    def __contains__(self, slug: object) -> bool:
        return slug in self._rooms

    def slugs(self) -> list[str]:
        """In order of creation."""
        return list(self._rooms)

    def by_code(self, code: str) -> str | None:
        """The webinar of a join code, in any case."""
        wanted = unicodedata.normalize("NFKC", code).strip().upper()
        return next((slug for slug, room in self._rooms.items() if room.state.join_code == wanted), None)

    def create(self, programme: Programme, slug: str | None = None, *, rehearsal: bool = False) -> str:
        """Make a webinar of a programme; returns its slug. `rehearsal`: it is one, whatever the clock is.

        Raises LogConflict (slug taken), Refused, LogError.
        """
        from ..programme import slug_of

        slug = slug or programme.slug or slug_of(programme.title)
        taken = {room.state.join_code for room in self._rooms.values()}
        body = created_body(programme, slug, new_join_code(taken), rehearsal=rehearsal or self.rehearsal)
        at = self.log.now()
        with self._changing:
            give_up = time.monotonic() + SETTLE_S
            while True:
                try:
                    self._do(self.log.create, slug, body, at)
                    break
                except LogUncertain:
                    if time.monotonic() > give_up:
                        raise
                    sleep(0.2)
            self._open(slug)
        return slug

    def take_over(self, webinars: Sequence[str], stale: Container[str] = ()) -> None:
        """Serve what the log holds now, after other workers made, erased or rewrote webinars. Raises LogError."""
        with self._changing:
            if any(slug not in webinars for slug in self._rooms):  # or made here since that list was read
                webinars = self._do(self.log.webinars)
            for slug in [slug for slug in self._rooms if slug not in webinars]:
                room = self._rooms.pop(slug)
                room.close()
                room.audience.cut_all()
            for slug in webinars:
                if slug not in self._rooms:
                    self._open(slug)
                elif slug in stale:
                    self._reload(slug)
            if list(self._rooms) != list(webinars):
                self._rooms = {slug: self._rooms[slug] for slug in webinars}

    def erase(self, slug: str, personal_data_only: bool = False) -> None:
        """Delete a webinar for good, or only who asked and voted in it. Its connections are closed.

        Raises UnknownWebinar, LogError.
        """
        room = self.get(slug)
        with self._changing:
            if self._rooms.get(slug) is not room:
                raise UnknownWebinar(slug)
            room.close()
            if personal_data_only:
                try:
                    self._do(anonymise_log, self.log, slug)
                finally:
                    self._reload(slug)
                return
            try:
                self._do(self.log.erase, slug)
            except LogError:  # it is still there
                self._reload(slug)
                raise
            room.audience.cut_all()
            del self._rooms[slug]

    def wipe(self, slug: str) -> int:
        """Take a rehearsal back to the plan as it stood before; keys and join code stay. The seq of that.

        Connections are closed and come back. Raises UnknownWebinar, Refused (no rehearsal), LogError.
        """
        room = self.get(slug)
        with self._changing:
            check_wipe(room.state)
            event, first = self._do(wiped, self.log, slug)
            room.record(event)
            seq = room.seq
            if dict(room.state.generations) == event.generations:  # else keys were rotated in this very moment
                self._do(forget, self.log, slug, first, seq)
        return seq

    def reload(self, slug: str) -> None:
        """Fold a webinar's log anew, after it was rewritten; its connections are closed and come back."""
        with self._changing:
            self._reload(slug)

    def _reload(self, slug: str) -> None:
        room = self._rooms[slug]
        room.close()
        room.audience.cut_all()
        fresh = self._open(slug)  # takes the place of the old one, in the order as well
        fresh.audience.attendance.go_on_from(room.audience.attendance)

    def health(self) -> dict[str, Any]:
        """The log's health, as the log tells it."""
        return self._do(self.log.health)

    def drain(self, seconds: float) -> None:
        """Cut all connections at random moments within so many seconds, so that clients do not all come back at once.

        Blocks the greenthread; commands are answered meanwhile.
        """
        began = time.monotonic()
        for room in self._rooms.values():
            for member in list(room.audience.members.values()):
                Later(random.uniform(0, seconds), member.wire.cut, member.sid)
        # A request that is being answered has no member; it gets a fifth of the time.
        while (passed := time.monotonic() - began) < seconds:
            if passed > seconds / 5 and not any(room.audience.members for room in self._rooms.values()):
                return
            sleep(0.02)

    def close(self) -> None:
        """Finish what is being committed and close the log. Blocks the greenthread for a few seconds at most."""
        if self.follower is not None:
            self.follower.stop()
        for room in self._rooms.values():
            room.close()
        self.log.close()
