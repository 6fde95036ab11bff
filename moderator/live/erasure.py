"""Anonymising a webinar in its log."""

from __future__ import annotations

import secrets

from ..domain import events
from ..domain.anonymise import anonymise
from ..log.base import Log


def anonymised(log: Log, slug: str) -> list[tuple[int, bytes]]:
    """(seq, body) of every commit of a webinar, without personal data."""
    names: dict[str, str] = {}

    def pseudonym(attendee: str) -> str:
        return names.setdefault(attendee, f"anonymous-{secrets.token_hex(6)}")

    return [(commit.seq, events.encode(anonymise(events.decode(commit.body), pseudonym))) for commit in log.read(slug)]
