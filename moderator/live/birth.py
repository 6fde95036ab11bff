"""How a webinar begins: a programme becomes its first commit. Knows no loop, so that `import` can do it by itself."""

from __future__ import annotations

import secrets
from collections.abc import Container
from typing import TYPE_CHECKING, Any

import msgspec

from ..domain import events, planning
from ..domain.agenda import Link

if TYPE_CHECKING:
    from ..programme import Programme

# Letters and digits that nobody confuses when they are read out or printed small.
CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 5


def new_join_code(taken: Container[str]) -> str:
    while True:
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        if code not in taken:
            return code


def created_body(programme: Programme, slug: str, join_code: str, *, rehearsal: bool = False) -> bytes:
    """The first commit of a webinar. Raises Refused when the programme breaks a rule."""
    facts = {
        "slug": slug,
        "title": programme.title,
        "subtitle": programme.subtitle,
        "summary": programme.summary,
        "timezone": programme.timezone,
        "starts_at": programme.starts_at,
    }
    event = planning.created(facts, [new_slot(slot) for slot in programme.slots], join_code)
    event = msgspec.structs.replace(event, rehearsal=rehearsal)
    return events.encode([events.Action(actor="host", type="create", events=[event])])


def new_slot(slot: Any) -> planning.NewSlot:
    """A programme's slot as the domain takes it."""
    return planning.NewSlot(
        title=slot.title,
        kind=slot.kind,
        duration_s=slot.duration_s,
        start_at=slot.start_at,
        speakers=tuple(planning.NewSpeaker(s.name, s.affiliation, s.title) for s in slot.speakers),
        id=slot.id,
        flex=slot.flex,
        fixed=slot.fixed,
        skip=slot.skip,
        min_s=slot.min_s,
        warn_s=slot.warn_s,
        danger_s=slot.danger_s,
        links=tuple(Link(title, url) for title, url in slot.links),
    )
