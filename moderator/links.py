"""The links of a webinar, one per role, and how they are shown."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .domain.commands import Role
from .domain.state import Webinar

if TYPE_CHECKING:
    from .live.identity import Identities


@dataclass(frozen=True)
class Links:
    """`speakers` is by slot id, in the agenda's order, and has every slot."""

    webinar: str
    title: str
    base: str
    attendee: str
    moderator: str
    screen: str
    speakers: dict[str, str]
    slots: dict[str, str] = field(default_factory=dict)  # slot id: title

    def as_json(self) -> dict[str, Any]:
        return {
            "webinar": self.webinar,
            "base": self.base,
            "attendee": self.attendee,
            "moderator": self.moderator,
            "screen": self.screen,
            "speakers": self.speakers,
        }


def links_of(state: Webinar, identities: Identities, base: str) -> Links:
    """The links as of now: keys are derived from the secret and the generations in the fold, never stored."""

    def link(role: Role, slot: str | None = None) -> str:
        return f"{base}/k/{identities.key(state.slug, role, slot, state.generations.get(role, 0))}"

    return Links(
        webinar=state.slug,
        title=state.title,
        base=base,
        attendee=join_url(base, state.join_code),
        moderator=link("moderator"),
        screen=link("screen"),
        speakers={slot.id: link("speaker", slot.id) for slot in state.agenda()},
        slots={slot.id: slot.title for slot in state.agenda()},
    )


def organiser_for_people(identities: Identities) -> str:
    """The key that may create webinars over REST."""
    return f"Organiser   key for POST /api/v1/webinars: {identities.organiser_key()}"


def join_url(base: str, code: str) -> str:
    return f"{base}/j/{code}"


def qr_content(link: str) -> str:
    """Upper case throughout fits the alphanumeric mode of QR codes, which is smaller; hosts and codes ignore case.

    The path `/j/` is taken in either case by the server.
    """
    return link.upper()


def for_people(links: Links) -> str:
    """Some lines for a terminal, with the attendees' QR code."""
    import segno

    picture = io.StringIO()
    segno.make(qr_content(links.attendee), error="m", boost_error=False, micro=False).terminal(picture, compact=True)
    lines = [
        f"{links.title} ({links.webinar})",
        picture.getvalue().rstrip("\n"),
        f"  Attendees   {links.attendee}",
        f"  Moderators  {links.moderator}",
        f"  Projector   {links.screen}",
    ]
    width = max((len(title) for title in links.slots.values()), default=0)
    lines += [f"  Speaker     {links.slots[slot]:<{min(width, 44)}.44}  {url}" for slot, url in links.speakers.items()]
    return "\n".join(lines)
