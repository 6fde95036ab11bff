"""Who is here: moderators and what they edit, speakers' screens and projectors and what they say of themselves."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import UNSET

from ..domain.commands import Presence, Report
from .identity import Caller

Part = dict[str, Any]


class PresenceBoard:
    """Kept in memory only: it is true for as long as the connections are."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._moderators: dict[str, Part] = {}
        self._speakers: dict[str, dict[str, Part]] = {}
        self._screens: dict[str, Part] = {}
        self.others: list[Part] = []  # what other workers say
        self.log_trouble: str | None = None

    def entered(self, caller: Caller) -> None:
        key = caller.connection
        if caller.role == "moderator":
            self._moderators[key] = {"name": caller.name}
        elif caller.role == "speaker":
            self._speakers.setdefault(caller.slot or "", {})[key] = {}
        elif caller.role == "screen":
            self._screens[key] = {}
        self._changed()

    def left(self, caller: Caller) -> None:
        key = caller.connection
        self._moderators.pop(key, None)
        self._screens.pop(key, None)
        here = self._speakers.get(caller.slot or "")
        if here is not None:
            here.pop(key, None)
            if not here:
                del self._speakers[caller.slot or ""]
        self._changed()

    def moderator(self, caller: Caller, command: Presence) -> None:
        """A moderator says a name, or which question is being edited (None: none)."""
        entry = self._moderators.get(caller.connection)
        if entry is None:
            return
        if command.name is not UNSET:
            entry["name"] = (command.name or "").strip()[:80]
        if command.editing is not UNSET:
            entry.pop("editing", None)
            if command.editing is not None:
                entry["editing"] = command.editing
        self._changed()

    def report(self, caller: Caller, command: Report) -> None:
        """A speaker's screen or a projector says how it is doing."""
        place = self._screens if caller.role == "screen" else self._speakers.get(caller.slot or "", {})
        entry = place.get(caller.connection)
        if entry is None:
            return
        entry.clear()
        for name in ("delay_ms", "offset_ms", "drawn_at", "power", "visible", "kind"):
            value = getattr(command, name)
            if value is not None:
                entry[name] = value
        entry["heard_at"] = int(time.time() * 1000)
        self._changed()

    def part(self) -> Part:
        """`presence` of the moderators' view, a copy."""
        part = merged(self.own_part(), self.others)
        if self.log_trouble is not None:
            part["log"] = self.log_trouble
        return part

    def own_part(self) -> Part:
        """Who is connected to this worker, a copy."""
        return {
            "moderators": {key: dict(one) for key, one in self._moderators.items()},
            "speakers": {
                slot: [dict(one) for one in screens.values()] for slot, screens in self._speakers.items() if screens
            },
            "screens": [dict(one) for one in self._screens.values()],
        }


def merged(own: Part, others: Sequence[Part]) -> Part:
    """One `presence` of several workers' parts; `own` is changed."""
    for other in others:
        own["moderators"].update(other.get("moderators", {}))
        for slot, screens in other.get("speakers", {}).items():
            own["speakers"].setdefault(slot, []).extend(screens)
        own["screens"].extend(other.get("screens", []))
    return own
