"""iCalendar: a calendar of events to a programme, and the agenda as a calendar that others subscribe to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from .dates import from_instant, known_zone, read_zone
from .json_file import drafts_of
from .kinds import kind_named
from .model import MAX_SLOTS, Findings, ProgrammeError, clean, shorten
from .people import Person, read_people, read_role
from .plan import Draft, Head
from .titles import read_title
from .vtimezone import timezone_of

_MAX_CHARACTERS = 600_000
_MAX_LINES = 8_000  # the library reads about 10,000 lines a second
SLOT_PROPERTY = "X-WEBINAR-SLOT"  # what a calendar has no word for, as JSON
BROKEN = "This calendar cannot be read: it is not valid iCalendar"


def read_calendar(text: str, findings: Findings, default_zone: str) -> tuple[Head, list[Draft], bool]:
    """The events of a calendar as slots, in the order of their starts; True when it is one of our own.

    Raises ProgrammeError for what is no calendar or holds no event with a time.
    """
    if len(text) > _MAX_CHARACTERS or text.count("\n") > _MAX_LINES or text.upper().count("BEGIN:VEVENT") > MAX_SLOTS:
        raise ProgrammeError(f"This calendar is too large: more than {MAX_SLOTS} events, 600 kB or 8,000 lines")
    import icalendar  # takes 0.2 s: only when a calendar is read

    try:
        calendar = icalendar.Calendar.from_ical(text)
        events = list(calendar.walk("VEVENT"))
    except Exception:  # the library raises a dozen kinds; for the user they are one
        raise ProgrammeError(BROKEN) from None
    head = Head(title=clean(str(calendar.get("X-WR-CALNAME") or calendar.get("NAME") or "")))
    own = any(event.get(SLOT_PROPERTY) for event in events)
    head.subtitle = clean(str(calendar.get("X-WEBINAR-SUBTITLE") or "")) if own else ""
    try:
        head.zone = _zone_of(calendar, events)
        drafts = [_draft(event, findings, head.zone or default_zone) for event in events]
    except ProgrammeError:
        raise
    except Exception:
        raise ProgrammeError(BROKEN) from None
    found = [draft for draft in drafts if draft is not None]
    if not found:
        raise ProgrammeError("This calendar holds no event with a time")
    return head, sorted(found, key=lambda draft: draft.at or 0), own


def _zone_of(calendar: Any, events: Sequence[Any]) -> str | None:
    for event in events:
        start = event.get("DTSTART")
        moment = getattr(start, "dt", None)
        if isinstance(moment, datetime) and moment.tzinfo is not None:
            key = getattr(moment.tzinfo, "key", None) or str(start.params.get("TZID", ""))
            if key and key != "UTC" and known_zone(key):
                return str(key)
    named = clean(str(calendar.get("X-WR-TIMEZONE") or ""))
    if not named:
        return None
    try:
        return read_zone(named)[0]
    except ValueError:
        return None


def _draft(event: Any, findings: Findings, zone: str) -> Draft | None:
    title = clean(str(event.get("SUMMARY") or ""))
    start, end = event.get("DTSTART"), event.get("DTEND")
    if str(event.get("STATUS") or "").upper() == "CANCELLED":
        findings.note(f"“{shorten(title, 40)}” is cancelled and left out.")
        return None
    if start is None or not isinstance(start.dt, datetime):
        findings.note(f"“{shorten(title, 40)}” lasts all day and is left out.")
        return None
    if event.get("RRULE"):
        findings.note(f"“{shorten(title, 40)}” repeats: only the first time counts.")
    at = _epoch_ms(start.dt, zone)
    until: int | None = None
    if end is not None and isinstance(end.dt, datetime):
        until = _epoch_ms(end.dt, zone)
    elif event.get("DURATION") is not None:
        until = at + event.get("DURATION").dt // timedelta(milliseconds=1)
    if until is not None and until <= at:
        findings.problem(None, "It ends when or before it starts", path=f"“{shorten(title, 40)}”")
    draft = Draft(text=title, path=f"“{shorten(title, 40)}”", title=title, at=at, until=until)
    if not _own(event, draft):
        _foreign(event, draft)
    return draft


def _epoch_ms(moment: datetime, zone: str) -> int:
    if moment.tzinfo is None:
        moment = from_instant(0, zone).replace(
            year=moment.year,
            month=moment.month,
            day=moment.day,
            hour=moment.hour,
            minute=moment.minute,
            second=moment.second,
        )
    return (moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _own(event: Any, draft: Draft) -> bool:
    """Takes what we wrote ourselves; title and times are the calendar's, since its owner may have moved them."""
    value = event.get(SLOT_PROPERTY)
    if not value:
        return False
    try:
        extra = msgspec.json.decode(str(value))
        said = drafts_of([{"title": draft.title or "-", "duration_s": 60, **extra}])[0]
    except (msgspec.DecodeError, ProgrammeError, TypeError):
        return False
    for name in ("kind", "people", "id", "flex", "fixed", "skip", "min_s", "warn_s", "danger_s", "links"):
        setattr(draft, name, getattr(said, name))
    return True


def _foreign(event: Any, draft: Draft) -> None:
    reading = read_title(draft.title)
    draft.title, draft.people = reading.title, reading.people
    categories = event.get("CATEGORIES")
    for entry in getattr(categories, "cats", []) if categories is not None else []:
        if (kind := kind_named(str(entry))) is not None:
            draft.kind = kind
            break
    for line in str(event.get("DESCRIPTION") or "").splitlines()[:20]:
        role = read_role(clean(line))
        people: list[Person] = (
            read_people(role.rest, plural=role.plural) if role and role.rest else read_people(clean(line))
        )
        if not people and clean(line):
            break
        draft.people.extend(p for p in people if p.name not in [q.name for q in draft.people])


def write_calendar(data: Mapping[str, Any]) -> bytes:
    """agenda.ics of an export (see `write`): one event per slot that is not skipped, at its expected times.

    UIDs are stable per slot and SEQUENCE grows with the log, so that a subscribed calendar moves with the plan.
    """
    import icalendar

    webinar, zone = data["webinar"], data["webinar"]["timezone"]
    calendar = icalendar.Calendar()
    calendar.add("PRODID", "-//moderator//agenda//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")
    for name in ("NAME", "X-WR-CALNAME"):
        calendar.add(name, webinar["title"])
    if webinar.get("subtitle"):
        calendar.add("X-WEBINAR-SUBTITLE", webinar["subtitle"])
    calendar.add("X-WR-TIMEZONE", zone)
    calendar.add("REFRESH-INTERVAL", timedelta(minutes=5), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT5M")
    changed = from_instant(int(data.get("updated_at") or 0), "UTC").replace(microsecond=0)
    planned = {slot.get("id"): slot for slot in data.get("agenda", {}).get("slots", [])}
    first: datetime | None = None
    for slot in data["slots"]:
        if slot.get("skip") or slot.get("state") == "skipped":
            continue
        event, starts = _event(icalendar, slot, planned.get(slot["id"], {}), webinar, zone)
        event.add("DTSTAMP", changed)
        event.add("LAST-MODIFIED", changed)
        event.add("SEQUENCE", int(data.get("sequence") or 0))
        calendar.add_component(event)
        first = min(first or starts, starts)
    if first is not None and zone != "UTC":
        calendar.subcomponents.insert(0, timezone_of(zone, first.year))
    return bytes(calendar.to_ical())


def _event(
    icalendar: Any, slot: Mapping[str, Any], plan: Mapping[str, Any], webinar: Mapping[str, Any], zone: str
) -> tuple[Any, datetime]:
    start_at = int(slot.get("expected_start_at") or slot["planned_start_at"])
    end_at = int(slot.get("expected_end_at") or start_at + slot["duration_s"] * 1000)
    starts = from_instant(start_at // 1000 * 1000, zone)
    ends = from_instant(max(end_at // 1000, start_at // 1000 + 1) * 1000, zone)
    event = icalendar.Event()
    event.add("UID", f"{slot['id']}.{webinar['slug']}@moderator")
    event.add("SUMMARY", slot["title"])
    if zone == "UTC":
        starts, ends = starts.astimezone(UTC), ends.astimezone(UTC)
    # RFC 5545 has no way to name the second of two equal local times, so those are written in UTC.
    event.add("DTSTART", starts if not starts.fold else starts.astimezone(UTC))
    event.add("DTEND", ends if not ends.fold else ends.astimezone(UTC))
    event.add("CATEGORIES", [slot["kind"]])
    people = plan.get("speakers") or list(slot.get("speakers") or [])
    named = [_say_person(person) for person in people]
    if named:
        event.add("DESCRIPTION", "\n".join(named))
    if webinar.get("public_url"):
        event.add("URL", webinar["public_url"])
    extra = {name: plan[name] for name in _EXTRAS if name in plan}
    extra.update({"id": slot["id"], "kind": slot["kind"], "speakers": people})
    event.add(SLOT_PROPERTY, re.sub(r"[^\x20-\x7e]", _escaped, msgspec.json.encode(extra).decode()))
    return event, starts


_EXTRAS = ("flex", "fixed", "min_s", "warn_s", "danger_s", "links")


def _escaped(match: re.Match[str]) -> str:
    return "".join(f"\\u{unit:04x}" for unit in memoryview(match[0].encode("utf-16-le")).cast("H"))


def _say_person(person: str | Mapping[str, Any]) -> str:
    if isinstance(person, str):
        return person
    name = f"{person.get('title', '')} {person['name']}".strip()
    return f"{name}, {person['affiliation']}" if person.get("affiliation") else name
