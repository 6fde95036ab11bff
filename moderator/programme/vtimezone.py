"""The VTIMEZONE of an IANA zone, from the zone database: both offsets and when each begins.

Written by hand because icalendar's own gives the onset of summer time in the offset that follows it, where RFC 5545
(3.6.5) asks for the one before: clients then change an hour late.
"""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class _Change(NamedTuple):
    wall: datetime  # local time just before the change
    before: timedelta
    after: timedelta
    name: str


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def changes(key: str, first_year: int, last_year: int) -> list[_Change]:
    """The changes of offset of a zone from the start of the first year to the end of the last."""
    zone = ZoneInfo(key)
    found: list[_Change] = []
    at = datetime(first_year, 1, 1, tzinfo=UTC)
    stop = datetime(last_year + 1, 1, 1, tzinfo=UTC)
    step = timedelta(days=7)
    while at < stop:
        low, high = at, at + step
        before, after = _offset(zone, low), _offset(zone, high)
        if before != after:
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
            onset = high.replace(microsecond=0)
            found.append(
                _Change((onset + before).replace(tzinfo=None), before, after, onset.astimezone(zone).tzname() or key)
            )
        at += step
    return found


def _rule(walls: list[datetime]) -> dict[str, Any] | None:
    """A yearly rule that gives exactly these onsets, if there is one ("the last Sunday of March")."""
    first = walls[0]
    if len(walls) < 2 or any(
        (w.month, w.weekday(), w.time()) != (first.month, first.weekday(), first.time()) for w in walls
    ):
        return None
    if any(b.year != a.year + 1 for a, b in pairwise(walls)):
        return None
    if all(w.day + 7 > calendar.monthrange(w.year, w.month)[1] for w in walls):
        nth = -1
    elif len({(w.day - 1) // 7 for w in walls}) == 1:
        nth = (first.day - 1) // 7 + 1
    else:
        return None
    return {"FREQ": "YEARLY", "BYMONTH": first.month, "BYDAY": f"{nth}{_WEEKDAYS[first.weekday()]}"}


def timezone_of(key: str, year: int) -> Any:
    """An `icalendar.Timezone` that is right from the year before `year` on."""
    import icalendar

    timezone = icalendar.Timezone()
    timezone.add("TZID", key)
    found = changes(key, year - 1, min(year + 4, 2037))
    zone = ZoneInfo(key)
    start = datetime(year - 1, 1, 1, tzinfo=zone)
    offset = start.utcoffset() or timedelta()
    _observance(icalendar, timezone, False, [start.replace(tzinfo=None)], offset, offset, start.tzname() or key, None)
    groups: dict[tuple[timedelta, timedelta, str], list[datetime]] = {}
    for change in found:
        groups.setdefault((change.before, change.after, change.name), []).append(change.wall)
    for (before, after, name), walls in groups.items():
        _observance(icalendar, timezone, after > before, walls, before, after, name, _rule(walls))
    return timezone


def _observance(
    icalendar: Any,
    timezone: Any,
    daylight: bool,
    walls: list[datetime],
    before: timedelta,
    after: timedelta,
    name: str,
    rule: dict[str, Any] | None,
) -> None:
    part = icalendar.TimezoneDaylight() if daylight else icalendar.TimezoneStandard()
    part.add("DTSTART", walls[0])
    part.add("TZOFFSETFROM", before)
    part.add("TZOFFSETTO", after)
    part.add("TZNAME", name)
    if rule is not None:
        part.add("RRULE", rule)
    elif len(walls) > 1:
        part.add("RDATE", walls[1:])
    timezone.add_component(part)
