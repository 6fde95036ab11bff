"""Times of day and lengths as people write them. Pure; times are milliseconds since midnight, lengths are seconds."""

from __future__ import annotations

import re
from typing import NamedTuple

DAY_MS = 24 * 3600 * 1000

_TIME = re.compile(
    r"""(?<![\d.,:/])(?P<h>\d{1,2})
    (?:\s?[:∶：]\s?(?P<m1>\d{2})(?!\d)(?::(?P<s>\d{2})(?!\d)(?:[.,](?P<f>\d{1,3}))?)?
      |\.(?P<m2>\d{2})(?!\d|[./]\d)
      |\s?[hHuU](?![^\W\d_])(?:\s?(?P<m3>\d{2})(?![\d:.]))?
      |(?![\d.,:/]\d|\d))
    (?:\s?(?P<mer>[AaPp])\.?\s?[Mm](?![^\W_])\.?)?
    (?P<unit>\s?(?:h|hrs?|hours|o'clock|Uhr|uur|klo|hod|godz|ч)(?![^\W_])\.?)?""",
    re.X,
)
_TO = re.compile(
    r"\s*(?:-+>|[-–—‒−~→>/])\s*|\s+(?:to|till|til|until|bis|a|à|al|alle|ad|ao|às|as|tot|do|hasta|fins|fins a|"
    r"(?:hasta|fins a|até|a) las|jusqu'à|až|és|până la|till|kuni|līdz|iki|έως|μέχρι|до)\s+",
    re.I,
)
_MILITARY = re.compile(
    r"(?<!\d)(\d{2})(\d{2})(?:\s?(?:h|hrs?))?(?:\s*[-–—]\s*(\d{2})(\d{2})(?:\s?(?:h|hrs?))?)?(?![\w.,/])"
)


class Clock(NamedTuple):
    """A time or a range in a text: `start` and `end` in ms since midnight, `begin:stop` is where it stands."""

    start: int
    end: int | None
    begin: int
    stop: int
    dotted: bool = False  # 8.30: could also be a number


class BadTime(ValueError):
    """Something written as a time that no clock shows, such as 25:10."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text.strip()} is not a time of day")


def _ms(match: re.Match[str], meridiem: str | None) -> int:
    hour = int(match["h"])
    minute = int(match["m1"] or match["m2"] or match["m3"] or 0)
    second = int(match["s"] or 0)
    millis = int((match["f"] or "0").ljust(3, "0"))
    if minute > 59 or second > 59 or hour > 24 or (hour == 24 and (minute or second or millis)):
        raise BadTime(match[0])
    if meridiem and 1 <= hour <= 12:
        hour = hour % 12 + (12 if meridiem in "pP" else 0)
    elif meridiem and hour == 0:
        raise BadTime(match[0])
    return ((hour * 60 + minute) * 60 + second) * 1000 + millis


def _certain(match: re.Match[str]) -> bool:
    return bool(match["m1"] or match["m2"] or match["mer"] or match["unit"] or re.search("[hHuU]", match[0]))


def clock_at(text: str, start: int = 0) -> Clock | None:
    """The time or range that begins exactly at `start`. A bare number counts only within a range ("9-10 am").

    Raises BadTime for 25:10 and the like.
    """
    first = _TIME.match(text, start)
    if not first:
        return _military(text, start)
    joint = _TO.match(text, first.end())
    second = _TIME.match(text, joint.end()) if joint else None
    if second and not _certain(second) and not (_certain(first) and not first["m2"] and _bare_end(first, text, second)):
        second = None
    if not _certain(first) and not (second and _certain(second)):
        return _military(text, start)
    if second is None:
        return Clock(_ms(first, first["mer"]), None, start, first.end(), bool(first["m2"]) and not first["mer"])
    end_mer = second["mer"] or (first["mer"] if first["mer"] else None)
    end = _ms(second, end_mer)
    if first["mer"] and not second["mer"] and end <= _ms(first, first["mer"]) and int(second["h"]) <= 12:
        end = _ms(second, "p" if first["mer"] in "aA" else "a")
    start_mer = first["mer"]
    if second["mer"] and not start_mer and int(first["h"]) <= 12:
        # "11:30 - 12:30 pm": the first half takes the second's, unless that would put it after the end.
        if int(first["h"]) == 0:
            start_mer = None
        else:
            start_mer = second["mer"] if _ms(first, second["mer"]) < end else ("a" if second["mer"] in "pP" else "p")
    dotted = bool(first["m2"]) and bool(second["m2"]) and not end_mer
    return Clock(_ms(first, start_mer), end, start, second.end(), dotted)


def _bare_end(first: re.Match[str], text: str, second: re.Match[str]) -> bool:
    """ "9 am - 10", "8h30 à 9": a bare number may end a range when nothing follows that counts something else."""
    rest = text[second.end() :].lstrip()
    return not rest or not rest[0].isalnum()


def _military(text: str, start: int) -> Clock | None:
    match = _MILITARY.match(text, start)
    if not match or not (match[0][0] == "0" or "h" in match[0]):
        return None
    values = []
    for hour, minute in ((match[1], match[2]), (match[3], match[4])):
        if hour is not None:
            if int(minute) > 59 or int(hour) > 24:
                raise BadTime(match[0])
            values.append((int(hour) * 60 + int(minute)) * 60000)
    return Clock(values[0], values[1] if len(values) > 1 else None, start, match.end())


def find_clocks(text: str) -> list[Clock]:
    """All times and ranges in a line, from the left, none overlapping."""
    found: list[Clock] = []
    pos = 0
    while match := _TIME.search(text, pos):
        clock = None
        before = text[match.start() - 1] if match.start() else " "
        if not (before.isalnum() or (before in "-–/" and match.start() > 1 and text[match.start() - 2].isdigit())):
            clock = clock_at(text, match.start())
        if clock:
            found.append(clock)
            pos = clock.stop
        else:
            pos = match.end()
    return found


_H = (
    r"(?:h|hrs?|hours?|std\.?|stunden?|horas?|hores?|hora|heures?"
    r"|or[ae]|uur|uren|godz\.?|hod\.?|timer?|timmar?|tim|tuntia?|tundi?|st|val\.?|ώρ(?:α|ες)|ч(?:ас|аса)?)"
)
_M = r"(?:minut\w*|min|mins|minuten|minuter|minuuttia|perc|λεπτ(?:ά|ό)|мин(?:ути?|ута)?|хв|m|'|’|′|´)"
_LENGTH = re.compile(
    rf"(?:(?:duration|length|dauer|duración|durada|duração|durata|durée|duur|czas trwania|délka|trajanje|längd|"
    rf"varighed|kesto|διάρκεια)\s*:?\s*)?"
    rf"(?:ca\.?|approx\.?|about|~|env\.?|circa)?\s*"
    rf"(?:(?P<h>\d{{1,2}}(?:[.,]\d{{1,2}})?)\s?{_H}\.?(?:\s?(?:and|und|y|e|et|i|en|og|och|"
    rf",)?\s?(?P<hm>\d{{1,2}})(?:\s?{_M})?)?"
    rf"|(?P<m>\d{{1,3}})\s?{_M})\.?"
    rf"(?:\s?(?P<s>\d{{1,2}})\s?(?:s|sec|sek|\"|″|''))?\.?",
    re.I,
)
_SECONDS = re.compile(r"(?P<s>\d{1,5})\s?(?:s|sec|secs|seconds?|sek|sekunden|segundos|secondes|secondi)\.?", re.I)
_BRACKETED = re.compile(r"\s*[\[(（{]([^\[\](){}（）]{1,40})[\])）}]")
_TRAILING = re.compile(
    rf"(?:\s*[-–—|,;:]\s+|\s{{2,}}|\t\s*|\s*[–—]\s?)({_LENGTH.pattern})\s*$".replace("?P<", "?P<x"), re.I
)
_LEADING = re.compile(rf"({_LENGTH.pattern})(?=\s+|[:–—-]|$)\s*[:–—-]?\s*".replace("?P<", "?P<x"), re.I)


def read_length(text: str) -> int | None:
    """The seconds of "10 min", "10'", "1h 15", "1,5 h", "90 s"; None when the text is no length (in full)."""
    text = text.strip()
    match = _LENGTH.fullmatch(text)
    if match:
        seconds = 0.0
        if match["h"]:
            hours = float(match["h"].replace(",", "."))
            seconds = hours * 3600 + int(match["hm"] or 0) * 60
        else:
            seconds = int(match["m"]) * 60
        return round(seconds) + int(match["s"] or 0)
    match = _SECONDS.fullmatch(text)
    return int(match["s"]) if match else None


def take_length(text: str) -> tuple[str, int | None]:
    """A title without the length that stands in brackets, at its front or after a separator at its end."""
    found: int | None = None
    for match in _BRACKETED.finditer(text):
        length = read_length(match[1])
        if length is not None:
            return (text[: match.start()] + " " + text[match.end() :]).strip(), length
    for pattern in (_TRAILING, _LEADING):
        hit = pattern.search(text) if pattern is _TRAILING else pattern.match(text)
        if hit:
            found = None if re.search(r"\d\s?m$", hit[1]) and "h" not in hit[1] else read_length(hit[1])  # "100 m"
            if found is not None:
                rest = text[: hit.start()] if pattern is _TRAILING else text[hit.end() :]
                return rest.strip(), found
    return text, found
