"""Taking personal data out of a log: names go, and attendees get pseudonyms that no cookie leads to. Pure."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from . import events as e


def anonymise(actions: list[e.Action], pseudonym: Callable[[str], str]) -> list[e.Action]:
    """The actions of a commit without personal data; what was asked, voted and answered stays.

    `pseudonym` gives the same new name for the same attendee hash, within one webinar.
    """
    return [_action(action, pseudonym) for action in actions]


def _action(action: e.Action, pseudonym: Callable[[str], str]) -> e.Action:
    made = [_event(event, pseudonym) for event in action.events]
    attendees = {
        event.by for event in action.events if isinstance(event, e.Asked | e.Voted | e.Unvoted | e.Flagged) and event.by
    } | {event.by for event in action.events if isinstance(event, e.HandsAnswered)}
    actor = pseudonym(action.actor) if action.actor in attendees or len(action.actor) == 16 else action.actor
    return replace(action, actor=actor, by="", events=made, id=None, digest=None, answer=None)


def _event(event: e.AnyEvent, pseudonym: Callable[[str], str]) -> e.AnyEvent:
    if isinstance(event, e.Asked):
        return replace(event, name="", by=pseudonym(event.by) if event.by is not None else None)
    if isinstance(event, e.Voted | e.Unvoted | e.Flagged | e.HandsAnswered):
        return replace(event, by=pseudonym(event.by))
    if isinstance(event, e.MessageSent):
        return replace(event, by="")
    return event
