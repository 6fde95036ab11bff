"""What the clock does by itself: automatic deeds, sent as commands when they fall due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..domain import automatic
from .identity import Caller
from .loop import Later

if TYPE_CHECKING:
    from .room import Room

AGAIN_S = 1.0  # what fell due while the log was unavailable is tried again after this


class Alarm:
    """One of a room. Several workers may ring for the same deed: its id lets one of them win."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._later: Later | None = None
        self._rung: set[str] = set()

    def set(self) -> None:
        """Wake up when the next automatic deed falls due."""
        self.cancel()
        if self._room.closed:
            return
        now = self._room.now()
        ahead = [due.at for due in automatic.due(self._room.state, now) if due.id not in self._rung]
        if ahead:
            self._later = Later((min(ahead) - now) / 1000 / self._room.speed, self.ring)

    def cancel(self) -> None:
        if self._later is not None:
            self._later.cancel()
            self._later = None

    def begin_anew(self) -> None:
        """What was rung for belongs to a past that is gone."""
        self._rung.clear()
        self.set()

    def ring(self) -> None:
        """Send what is due."""
        self._later = None
        room = self._room
        now = room.now()
        for due in list(automatic.due(room.state, now)):
            if due.at <= now and due.id not in self._rung:
                self._rung.add(due.id)
                caller = Caller(room.slug, "moderator", "clock")
                # `base`: when somebody pressed Next in the same moment, the clock does not go on once more.
                payload = {**due.payload, "id": due.id, "base": room.seq}
                room.send(caller, due.type, payload, lambda ack, id=due.id: self._rang(id, ack))  # type: ignore[misc]
        self.set()

    def _rang(self, id: str, ack: dict[str, Any]) -> None:
        if not ack["ok"] and ack["error"]["code"] == "unavailable" and not self._room.closed:
            self._rung.discard(id)
            Later(AGAIN_S, self.set)
