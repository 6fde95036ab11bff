"""The agenda: slots in their order, speakers, and what may be changed while it runs."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["welcome", "intro", "talk", "debate", "break", "wrapup"]
KINDS: tuple[Kind, ...] = ("welcome", "intro", "talk", "debate", "break", "wrapup")

DEFAULT_WARN_S = 120
DEFAULT_DANGER_S = 60


class Link(msgspec.Struct, frozen=True, omit_defaults=True):
    """A titled address that attendees get with a slot (slides, a paper): http or https only."""

    title: str
    url: str


class Speaker(msgspec.Struct, frozen=True, omit_defaults=True):
    id: str
    name: str
    title: str = ""  # honorific or function
    affiliation: str = ""


class Slot(msgspec.Struct, frozen=True, omit_defaults=True):
    """One part of the agenda as planned. Instants are epoch milliseconds, lengths are seconds."""

    id: str
    title: str
    kind: Kind
    planned_start_at: int
    duration_s: int
    speakers: tuple[str, ...] = ()  # speaker ids
    flex: bool = False  # takes up what is late and what is early
    fixed: bool = False  # never starts before its planned time
    skip: bool = False
    min_s: int | None = None  # what a flex slot keeps; None: a third of its duration, at least 60 s
    warn_s: int = DEFAULT_WARN_S
    danger_s: int = DEFAULT_DANGER_S
    links: tuple[Link, ...] = ()

    @property
    def least_s(self) -> int:
        """What the slot keeps when it has to give time (a flex slot with a default `min_s` keeps a third)."""
        if not self.flex:
            return self.duration_s
        return self.min_s if self.min_s is not None else max(self.duration_s // 3, 60)

    @property
    def planned_end_at(self) -> int:
        return self.planned_start_at + self.duration_s * 1000
