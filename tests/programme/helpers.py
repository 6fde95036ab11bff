"""Shared by the tests of reading and writing programmes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from moderator.programme import Programme, read_text
from moderator.programme.dates import from_instant

DATA = Path(__file__).parent / "data"
TODAY = date(2026, 11, 23)


def lines_of(programme: Programme) -> list[str]:
    """Each slot as "08:30 5 welcome Title | Name, Affiliation; Name"."""
    found = []
    for slot in programme.slots:
        minutes = slot.duration_s / 60
        who = "; ".join(f"{s.name}, {s.affiliation}" if s.affiliation else s.name for s in slot.speakers)
        start = from_instant(slot.start_at, programme.timezone)
        found.append(f"{start:%H:%M} {minutes:g} {slot.kind} {slot.title}" + (f" | {who}" if who else ""))
    return found


def read(text: str, today: date = TODAY) -> Programme:
    return read_text(text, today)
