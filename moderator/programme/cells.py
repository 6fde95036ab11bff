"""Single cells of tables and sheets: times, lengths, people, and the guard against formulas. Pure."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta

from .clock import DAY_MS, clock_at, read_length
from .model import clean
from .people import Person, read_people, read_person, reads_as_person, split_honorific, unknown_person

_GUARD = re.compile(r"'+(?=[=+\-@＝＋－＠\t\r\n])")


def unguard(cell: str) -> str:
    """Takes off the apostrophe that keeps a cell from being a formula."""
    return cell[1:] if _GUARD.match(cell) else cell


def read_clock_cell(said: str) -> tuple[int, int | None] | None:
    """(start, end or None) of "08:30", "8h30", "08:30-08:40", or a sheet's fraction of a day. Raises BadTime."""
    clock = clock_at(said, len(said) - len(said.lstrip("([")))
    if (
        clock is not None
        and not said[clock.stop :].strip(" )].hH")
        and not (clock.dotted and re.fullmatch(r"0\.\d+", said))
    ):
        return clock.start, clock.end
    if re.fullmatch(r"0?[.,]\d{3,}(?:E-\d)?|0", said):
        return round(float(said.replace(",", ".")) * DAY_MS / 1000) * 1000, None
    if re.fullmatch(r"\d{5}(?:[.,]\d+)?", said):  # a day and time that lost its format
        return round(math.modf(float(said.replace(",", ".")))[0] * DAY_MS / 1000) * 1000, None
    if clock is not None and re.fullmatch(r"\s*\(?[A-Z]{2,5}\)?\s*|\s*(?:Uhr|uur|hrs?)\.?\s*", said[clock.stop :]):
        return clock.start, clock.end
    return None


def read_length_cell(said: str, unit: int) -> int | None:
    """Seconds of "5", "5 min", "0:10", "00:10:00" or a sheet's fraction of a day; `unit` is what a number counts."""
    if re.fullmatch(r"\d{1,6}(?:[.,]\d{1,6})?", said):
        value = float(said.replace(",", "."))
        if 0 < value < 0.9 and unit == 60 and not re.fullmatch(r"0[.,]\d{1,2}", said):
            return round(value * 86400)
        return round(value * unit)
    if match := re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", said):
        return int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)
    return read_length(said)


def own_people(names: str, affiliations: str, titles: str) -> list[Person]:
    """Of our own exports: one name a line, the other columns beside it line by line."""
    listed = names.replace("\r", "").split("\n")
    beside, before = affiliations.replace("\r", "").split("\n"), titles.replace("\r", "").split("\n")
    return [
        Person(clean(name), clean(beside[n]) if n < len(beside) else "", clean(before[n]) if n < len(before) else "")
        for n, name in enumerate(listed)
        if name.strip()
    ]


def people_of_cells(names: str, affiliations: str) -> list[Person]:
    """The people of a speaker cell, with what the cell beside it says of them."""
    names = names.strip()
    if not clean(names) or unknown_person(names):
        return []
    parts = [clean(p) for p in re.split(r"[;\n\r]|\s/\s", names) if clean(p)]
    places = [clean(p) for p in re.split(r"[;\n\r]|\s/\s", affiliations) if clean(p)]
    if len(parts) == 1:
        found = read_people(parts[0], plural=True)
        several = [s.strip() for s in re.split(r",\s+", parts[0])]
        if len(found) <= 1 and len(several) > 1 and affiliations.strip() and all(reads_as_person(s) for s in several):
            parts = several
        elif found:
            return _with_places(found, places, affiliations)
    people = [person for part in parts for person in (read_people(part) or [_verbatim(part)])]
    return _with_places(people, places, affiliations)


def _verbatim(text: str) -> Person:
    """A speaker cell is a person, however it reads."""
    if found := read_person(text):
        return found
    title, name = split_honorific(text)
    return Person(name, "", title)


def _with_places(people: list[Person], places: list[str], whole: str) -> list[Person]:
    if not places:
        return people
    if len(people) == 1:
        return [people[0]._replace(affiliation=clean(whole))]
    if len(places) != len(people):
        commas = [p.strip() for p in whole.split(",") if p.strip()]
        places = commas if len(commas) == len(people) else [clean(whole)] * len(people) if len(places) == 1 else places
    return [p._replace(affiliation=places[n] if n < len(places) else p.affiliation) for n, p in enumerate(people)]


def cell_text(value: object) -> str:
    """A sheet's value as the text that a CSV would hold."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        if value.year < 1901:
            return f"{value:%H:%M:%S}"
        return (
            value.date().isoformat()
            if value.time() == datetime.min.time()
            else value.isoformat(sep=" ", timespec="milliseconds")
        )
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        return (
            f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}" if 0 <= seconds < 360000 else str(seconds)
        )
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e9 else repr(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
