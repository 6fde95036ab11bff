"""All webinars that this worker serves."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from ..log.base import Log
from .birth import created_body, new_join_code
from .erasure import anonymised
from .identity import Identities
from .limits import Limits
from .loop import in_thread
from .room import Room

if TYPE_CHECKING:
    from ..programme import Programme
    from ..web.i18n import Catalogues


class UnknownWebinar(KeyError):
    """There is no webinar of that name."""


class Rooms:
    def __init__(self, log: Log, identities: Identities, translations: Catalogues, *, rehearsal: bool = False) -> None:
        self.log = log
        self.identities = identities
        self.translations = translations
        self.rehearsal = rehearsal
        self.limits = Limits()
        self._rooms: dict[str, Room] = {}
        for slug in log.webinars():
            self._open(slug)

    def _open(self, slug: str) -> Room:
        room = Room(slug, self.log, self.translations.gettext, self.limits, rehearsal=self.rehearsal)
        self._rooms[slug] = room
        room.set_alarm()
        return room

    def get(self, slug: str) -> Room:
        """Raises UnknownWebinar."""
        try:
            return self._rooms[slug]
        except KeyError:
            raise UnknownWebinar(slug) from None

    def slugs(self) -> list[str]:
        """In order of creation."""
        return list(self._rooms)

    def by_code(self, code: str) -> str | None:
        """The webinar of a join code, in any case."""
        wanted = unicodedata.normalize("NFKC", code).strip().upper()
        return next((slug for slug, room in self._rooms.items() if room.state.join_code == wanted), None)

    def create(self, programme: Programme, slug: str | None = None) -> str:
        """Make a webinar of a programme; returns its slug. Raises LogConflict (slug taken), Refused, LogError."""
        from ..programme import slug_of

        slug = slug or programme.slug or slug_of(programme.title)
        taken = {room.state.join_code for room in self._rooms.values()}
        body = created_body(programme, slug, new_join_code(taken), rehearsal=self.rehearsal)
        in_thread(self.log.create, slug, body, self.log.now())
        self._open(slug)
        return slug

    def erase(self, slug: str, personal_data_only: bool = False) -> None:
        """Delete a webinar for good, or only who asked and voted in it. Its connections are closed.

        Raises UnknownWebinar, LogError.
        """
        room = self.get(slug)
        if personal_data_only:
            room.close()
            in_thread(lambda: self.log.rewrite(slug, anonymised(self.log, slug)))
            self.reload(slug)
            return
        room.close()
        room.audience.cut_all()
        in_thread(self.log.erase, slug)
        del self._rooms[slug]

    def reload(self, slug: str) -> None:
        """Fold a webinar's log anew, after it was rewritten; its connections are closed and come back."""
        room = self.get(slug)
        room.close()
        room.audience.cut_all()
        del self._rooms[slug]
        self._rooms = {**self._rooms, slug: self._open(slug)}

    def health(self) -> dict[str, Any]:
        """The log's health, as the log tells it."""
        return in_thread(self.log.health)

    def close(self) -> None:
        """Finish what is being committed and close the log. Blocks the greenthread for a few seconds at most."""
        for room in self._rooms.values():
            room.close()
        self.log.close()
