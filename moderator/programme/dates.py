"""Days and time zones as people write them, and local time to instants. Pure but for the zone database."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .clock import DAY_MS
from .model import plain
from .words import CITIES, MONTHS, WEEKDAYS


class Day(NamedTuple):
    """A day in a text; `year` may be missing. `begin:stop` is where it stands, its weekday included."""

    year: int | None
    month: int
    day: int
    weekday: int | None
    begin: int
    stop: int
    several: bool = False  # "7-8 July"


class BadDay(ValueError):
    """Something written as a day that no calendar has, such as 31 June."""


_W = r"[^\W\d_]"
_ISO = re.compile(r"(?<!\d)((?:19|20|21)\d{2})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?((?:19|20|21)?\d{2})(?![\d:h])(?!\.\d)")
_DAY_MONTH = re.compile(
    rf"(?<![\d.:/])(\d{{1,2}})(?P<range>\s?(?:[-–—/&]|and|und|y|et|e|bis|to|al)\s?\d{{1,2}})?\s?(?:(?:st|nd|rd|th|er|"
    rf"ère|e|de|a|η|ης|º|ª)(?!{_W})|°|\.º|\.)?\s*(?:day\s)?"
    rf"(?:of\s|de\s|d['’]|del\s|di\s|do\s|da\s|den\s|-|\s)?\s?({_W}{{3,14}})\.?"
    rf"(?:\s?,?\s*(?:of\s|de\s|del\s|de l['’]any\s|του\s|-|\s)?\s?((?:19|20|21)\d{{2}})(?!\d|[:.h]\d))?",
    re.I,
)
_MONTH_DAY = re.compile(
    rf"(?<!{_W})({_W}{{3,14}})\.?\s(?:the\s)?(\d{{1,2}})(?P<range>\s?[-–]\s?\d{{1,2}})?(?![\d:.h]\d)(?:st|nd|rd|th|"
    rf"\.|-?(?:én|án|i|ren|an|ean))?(?![^\W_])"
    rf"(?:\s?,?\s*(?:of\s)?((?:19|20|21)\d{{2}})(?!\d|[:.h]\d))?",
    re.I,
)
_YEAR_MONTH_DAY = re.compile(
    rf"(?<!\d)((?:19|20|21)\d{{2}})(?:\.|,|\s?m\.|\.\s?gada|(?:e|a)ko)?\s+(?:gada\s+)?({_W}{{3,14}})\s+(\d{{1,2}})(?!\d|[:.h]\d)(?:\s?d\.|a|\.)?",
    re.I,
)
_YEAR_DAY_MONTH = re.compile(rf"(?<!\d)((?:19|20|21)\d{{2}})\.?\s?gada\s(\d{{1,2}})\.\s?({_W}{{3,14}})", re.I)
_DOUBTFUL = frozenset({"out", "set", "mail"})
_WORDS = re.compile(rf"{_W}+(?:[-']{_W}+)*")


def _weekday_near(text: str, begin: int, stop: int) -> tuple[int | None, int, int]:
    """The weekday beside a date, and the span with it: "Tuesday, 7 July", "7 July (Tuesday)"."""
    before = text[:begin]
    words = list(_WORDS.finditer(before))
    for word in reversed(words[-3:]):
        number = WEEKDAYS.get(plain(word[0].split("-")[0]))
        between = plain(before[word.end() :]).strip(" ,.-–—")
        if number is not None and between in (
            "",
            "the",
            "den",
            "dia",
            "el",
            "le",
            "o",
            "il",
            "de",
            "la",
            "am",
            "feira",
            "na",
        ):
            return number, word.start(), stop
    after = re.match(rf"[\s,]*[(\[]?({_W}{{2,}})(?:-feira)?\.?[)\]]?", text[stop:])
    if after and after[0][:1] in " ,(" and plain(after[1]) in WEEKDAYS and len(after[1]) > 3:
        return WEEKDAYS[plain(after[1])], begin, stop + after.end()
    return None, begin, stop


def _day(text: str, year: str | int | None, month: int, day: str, span: tuple[int, int], several: bool = False) -> Day:
    number = int(year) if year else None
    if number is not None and number < 100:
        number += 2000
    try:
        date(number or 2024, month, int(day))
    except ValueError:
        raise BadDay(f"{text[span[0] : span[1]].strip(' ,.')} is not a day of the calendar") from None
    weekday, begin, stop = _weekday_near(text, *span)
    return Day(number, month, int(day), weekday, begin, stop, several)


def find_day(text: str) -> Day | None:
    """The first day in a line; numbers are read day first, unless the year leads. Raises BadDay for 31 June."""
    if len(text) > 400 or not any(c.isdigit() for c in text):
        return None
    if match := _ISO.search(text):
        return _day(text, match[1], _month(match[3], match[0]), match[4], match.span())
    for pattern, year, month, day in (
        (_YEAR_DAY_MONTH, 1, 3, 2),
        (_YEAR_MONTH_DAY, 1, 2, 3),
        (_DAY_MONTH, 4, 3, 1),
        (_MONTH_DAY, 4, 1, 2),
    ):
        for match in pattern.finditer(text):
            number = MONTHS.get(plain(match[month]))
            if plain(match[month]) in _DOUBTFUL and not match[year]:
                continue  # "3 out of ten"
            if number is not None:
                several = bool(match.groupdict().get("range"))
                return _day(text, match[year], number, match[day], match.span(), several)
    if match := _NUMERIC.search(text):
        return _day(text, match[4], _month(match[3], match[0]), match[1], match.span())
    return None


def _month(number: str, text: str) -> int:
    if not 1 <= int(number) <= 12:
        raise BadDay(f"{text.strip()} is not a day (days are read day first, or as 2020-07-07)")
    return int(number)


def settle_day(found: Day, today: date) -> tuple[date, str | None]:
    """The day meant, and what to say of it: without a year the nearest to today (whose weekday matches, if given)."""
    if found.year is not None:
        day = date(found.year, found.month, found.day)
        if found.weekday is not None and day.weekday() != found.weekday:
            names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
            said, real = names[found.weekday], names[day.weekday()]
            return day, f"{say_day(day)} is a {real}, not a {said}: the date counts."
        return day, None
    years = []
    for year in range(max(1, today.year - 28), min(9998, today.year + 28) + 1):
        try:
            day = date(year, found.month, found.day)
        except ValueError:  # 29 February
            continue
        if found.weekday is None or day.weekday() == found.weekday:
            years.append(day)
    if not years:
        raise BadDay("This day and weekday do not meet within 28 years of today")
    day = min(years, key=lambda d: (abs((d - today).days), -d.toordinal()))
    if found.weekday is None:
        return day, f"No year given: {day.year}, the nearest to today."
    return day, f"No year given: {day.year}, the nearest year in which {day.day} {day:%B} is a {day:%A}."


def say_day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


_AREAS = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc"
_IANA = re.compile(rf"(?<![\w/])(?:{_AREAS})/[A-Za-z][A-Za-z_+0-9-]*(?:/[A-Za-z_]+)?")
_OFFSET = re.compile(r"(?<![\w+])(?:UTC|GMT)\s?([+−–-])\s?(\d{1,2})(?::?(\d{2}))?(?!\d)", re.I)
_BRIEF: dict[str, tuple[str, bool]] = {  # abbreviation: zone, whether a note is due
    "CET": ("Europe/Brussels", True), "CEST": ("Europe/Brussels", True), "MEZ": ("Europe/Berlin", True),
    "MESZ": ("Europe/Berlin", True), "HEC": ("Europe/Paris", True), "WET": ("Europe/Lisbon", True),
    "WEST": ("Europe/Lisbon", True), "EET": ("Europe/Athens", True), "EEST": ("Europe/Athens", True),
    "BST": ("Europe/London", True), "MSK": ("Europe/Moscow", True), "TRT": ("Europe/Istanbul", True),
    "EDT": ("America/New_York", True), "EST": ("America/New_York", True), "PST": ("America/Los_Angeles", True),
    "PDT": ("America/Los_Angeles", True), "UTC": ("UTC", False), "GMT": ("UTC", True),
}  # fmt: skip
_ABBREVIATED = re.compile(rf"(?<![\w/-])({'|'.join(_BRIEF)})(?:\s?/\s?({'|'.join(_BRIEF)}))?(?![\w/])")
_CITY = re.compile(
    rf"(?:(?:hora de|hora d'|heure de|ora di|czas|ortszeit|tijd|local time in|time in)\s+({_W}+)"
    rf"|({_W}+)(?:'s)?\s+(?:local\s+)?(?:time|tijd|zeit|idő|tid)(?!{_W})|\(({_W}+)\))",
    re.I,
)


class Zone(NamedTuple):
    key: str
    note: str | None
    begin: int
    stop: int


class BadZone(ValueError):
    """Something written as a time zone that is none that we know."""


@lru_cache(maxsize=128)
def known_zone(key: str) -> bool:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}", key) or len(key) > 60:
        return False
    try:
        ZoneInfo(key)
    except (ValueError, OSError, LookupError):
        return False
    return True


def find_zone(text: str) -> Zone | None:
    """The time zone that a line names. Raises BadZone for one that does not exist."""
    if match := _IANA.search(text):
        if not known_zone(match[0]):
            raise BadZone(f"{match[0]} is not a time zone")
        return Zone(match[0], None, *match.span())
    if match := _OFFSET.search(text):
        hours, minutes = int(match[2]), int(match[3] or 0)
        sign = 1 if match[1] == "+" else -1
        if minutes or not -12 <= sign * hours <= 14:
            raise BadZone(f"{match[0]} is no zone that we know: name a place, such as Europe/Brussels")
        key = f"Etc/GMT{'-' if sign > 0 else '+'}{hours}" if hours else "UTC"
        return Zone(key, f"{match[0]} is taken as a fixed offset, without summer time.", *match.span())
    if match := _ABBREVIATED.search(text):
        key, due = _BRIEF[match[1]]
        return Zone(key, f"{match[0]} is taken for {key}." if due else None, *match.span())
    for match in _CITY.finditer(text):
        city = next(group for group in match.groups() if group)
        if key := CITIES.get(plain(city), ""):
            return Zone(key, f"“{match[0].strip('()')}” is taken for {key}.", *match.span())
    return None


def read_zone(text: str) -> tuple[str, str | None]:
    """A time zone given as a value of its own: an IANA name, CET, UTC+2. Raises BadZone."""
    text = text.strip()
    found = find_zone(text[:80])
    if found and (found.begin, found.stop) == (0, len(text)):
        return found.key, found.note
    if known_zone(text):
        return text, None
    raise BadZone(f"{text[:60] or 'Nothing'} is not a time zone: give a name such as Europe/Brussels")


def to_instant(day: date, ms: int, zone: str) -> int:
    """Epoch ms of a local time; `ms` since midnight may pass 24 h. Twice: the first. Never: moved forward."""
    days, rest = divmod(ms, DAY_MS)
    midnight = datetime.combine(day + timedelta(days=days), time.min, ZoneInfo(zone))
    local = (midnight + timedelta(milliseconds=rest)).replace(fold=0)  # adds to the wall clock
    return _epoch_ms(local)


def _epoch_ms(moment: datetime) -> int:
    return (moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def from_instant(at: int, zone: str) -> datetime:
    """The local time of an instant in epoch ms, aware."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)).astimezone(ZoneInfo(zone))


def read_instant(text: str) -> tuple[date, int, int | None] | None:
    """An ISO 8601 date-time as (day, ms since midnight, epoch ms if an offset stands); None if it is none."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?", text):
        return None
    try:
        moment = datetime.fromisoformat(text.replace(",", "."))
    except ValueError:
        return None
    ms = ((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1000 + moment.microsecond // 1000
    return moment.date(), ms, _epoch_ms(moment) if moment.tzinfo else None
