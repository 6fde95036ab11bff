"""Which lines of a text carry the time of a slot, and which only the hours of the whole. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from .clock import BadTime, Clock, clock_at, find_clocks, take_length
from .dates import BadDay, BadZone, Zone, find_day, find_zone, settle_day
from .head import cut
from .model import MAX_SLOTS, Findings, Problem, ProgrammeError

NO_TIMES = "No times found: each slot needs a line that begins with its time, such as “08:30 Welcome”"
LONG = 1_000  # a longer line is no line of a programme
_LEAD = re.compile(
    r"^[\s>|]*(?:(?:[-*•·▪◦‣●○■□–—+]+|#{1,6}|\(?\d{1,2}[.)]|\(?[a-z]\)|\[[ x]\])\s+)?[*_|]*"
    r"(?:(?:at|from|kl|klo|kello|om|um|ab|von|ore|alle|dalle|h|à|de|a las|a les|às|"
    r"time|uhrzeit|hora|heure|zeit)[.:]?\s+)?[(\[*_]*",
    re.I,
)
_AFTER = re.compile(r"^[*_]*[)\]]?[*_]*(?:\s*(?:Uhr|uur|hrs?|h)\b\.?)?")


class Timed(NamedTuple):
    clock: Clock
    rest: str
    day: date | None = None


def leading_clock(line: str) -> tuple[Clock, str] | None:
    """The time that a line begins with (after bullets and the like) and what follows it. Raises BadTime."""
    lead = _LEAD.match(line)
    for begin in {lead.end() if lead else 0, len(line) - len(line.lstrip())}:
        clock = clock_at(line, begin)
        if clock is not None:
            rest = line[clock.stop :]
            if clock.dotted and re.match(r"\s*(?:%|€|\$|million|billion|mio)", rest):
                return None
            if after := _AFTER.match(rest):
                rest = rest[after.end() :]
            if clock.end is None and (beside := re.match(r"[\s|;,]*[\s|;][\s|;,]*", rest)):
                end = clock_at(rest, beside.end())  # a column of ends beside the starts
                if end is not None and end.end is None:
                    return clock._replace(end=end.start), rest[end.stop :]
            return clock, rest
    return None


def zone_or_none(text: str) -> Zone | None:
    try:
        return find_zone(text)
    except BadZone:
        return None


class TimeFinder:
    """Finds the lines that begin a slot; numbers are those of the list, from 0."""

    def __init__(self, lines: Sequence[str], findings: Findings, today: date) -> None:
        self.lines = lines
        self.findings = findings
        self.today = today
        self.refused: set[int] = set()  # lines whose time no clock shows: a problem has been noted

    def find(self) -> dict[int, Timed]:
        """The lines with a time, by number. Raises ProgrammeError when there is none, or far too many."""
        timed = self._timed_lines() or self._lines_with_a_time_inside() or self._lines_with_a_length()
        if not timed:
            self.findings.check()
            raise ProgrammeError(Problem(None, NO_TIMES))
        if len(timed) > MAX_SLOTS + 1:
            raise ProgrammeError(f"More than {MAX_SLOTS} lines begin with a time: this is no programme")
        self._drop_heading_times(timed)
        return timed

    def _timed_lines(self) -> dict[int, Timed]:
        found: dict[int, Timed] = {}
        dated: dict[int, Timed] = {}
        for n, line in enumerate(self.lines):
            if not line.strip() or len(line) > LONG or not any(c.isdigit() for c in line[:60]):
                continue
            try:
                lead = leading_clock(line)
                if lead:
                    found[n] = Timed(*lead)
                elif (with_day := self._day_and_clock(line)) is not None:
                    dated[n] = with_day
            except BadTime as error:
                self.findings.problem(n + 1, str(error), line)
                self.refused.add(n)
        if dated and (found or len(dated) > 1):
            # "7 July 2020 08:30 Welcome" on every line; one alone, above the others, is the heading.
            first = min(found, default=len(self.lines))
            found.update({n: t for n, t in dated.items() if len(dated) > 1 or n > first})
        return found

    def _day_and_clock(self, line: str) -> Timed | None:
        lead = _LEAD.match(line)
        start = lead.end() if lead else 0
        try:
            day = find_day(line)
        except BadDay:
            return None
        if day is None or day.begin > start + 12 or any(c.isalnum() for c in line[start : day.begin]):
            return None
        gap = re.match(r"[\s,;:|T–—-]*", line[day.stop :])
        clock = clock_at(line, day.stop + (gap.end() if gap else 0))
        if clock is None:
            return None
        rest = line[clock.stop :]
        if not cut(rest, [(z.begin, z.stop)] if (z := zone_or_none(rest)) else []):
            return None
        return Timed(clock, rest, settle_day(day, self.today)[0])

    def _lines_with_a_time_inside(self) -> dict[int, Timed]:
        """ "Welcome, 8:30–8:35 (Antonio Novo)": only where no line begins with a time."""
        found: dict[int, Timed] = {}
        for n, line in enumerate(self.lines):
            if not line.strip() or len(line) > LONG or n in self.refused:
                continue
            try:
                clocks = find_clocks(line)
                if len(clocks) != 1 or find_day(line) is not None or zone_or_none(line) is not None:
                    continue
            except (BadTime, BadDay):
                continue
            clock = clocks[0]
            before, after = line[: clock.begin].rstrip(" ([-–—,;:|\t@"), line[clock.stop :].lstrip(" )]")
            if not any(c.isalpha() for c in before) or (clock.dotted and clock.end is None):
                continue
            found[n] = Timed(clock, f"{_LEAD.sub('', before, count=1)}  {after}".strip())
        return found

    def _lines_with_a_length(self) -> dict[int, Timed]:
        """Slots that state only their lengths, under a heading that says when the first begins."""
        found: dict[int, Timed] = {}
        start: Clock | None = None
        for n, line in enumerate(self.lines):
            if len(line) > LONG or not line.strip():
                continue
            try:
                clocks = find_clocks(line)
                if start is None and clocks and (find_day(line) or clocks[0].end is not None):
                    start = clocks[0]
                    continue
            except (BadTime, BadDay):
                continue
            lead = _LEAD.match(line)
            rest, length = take_length(line[lead.end() if lead else 0 :])
            if length is not None and any(c.isalpha() for c in rest):
                found[n] = Timed(Clock(-1, None, 0, 0), line[lead.end() if lead else 0 :])
        return found if start is not None else {}

    def _drop_heading_times(self, timed: dict[int, Timed]) -> None:
        """ "14:00–15:30 (Europe/Madrid)" above the slots is the hours of the whole."""
        while len(timed) > 1:
            order = sorted(timed)
            first, second = timed[order[0]], timed[order[1]]
            begin, end = first.clock.start, first.clock.end
            if end is None or second.clock.start < 0:
                return
            zone = zone_or_none(first.rest)
            bare = not cut(first.rest, [(zone.begin, zone.stop)] if zone else [])
            holds = begin <= second.clock.start < end or (end < begin <= second.clock.start)
            all_in = (
                len(order) > 3
                and begin == second.clock.start
                and all(begin <= timed[n].clock.start < end for n in order)
            )
            longer = second.clock.end is None or second.clock.end <= end
            if not ((bare and holds) or (all_in and longer and not bare)):
                return
            del timed[order[0]]
