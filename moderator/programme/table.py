"""Programmes in columns: CSV, sheets, tables pasted as text. Columns are found by their headings. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from .cells import own_people, people_of_cells, read_clock_cell, read_length_cell, unguard
from .clock import BadTime
from .dates import BadDay, BadZone, find_day, read_instant, read_zone, settle_day
from .head import HeadReader, decoration
from .kinds import kind_named
from .model import MAX_LINES, MAX_SLOTS, Findings, ProgrammeError, clean, plain, shorten
from .people import Person
from .plan import Draft, Head
from .titles import read_title
from .words import COLUMNS

Row = tuple[int, list[str]]  # line number, cells
QUESTIONS_MARK = "Questions"  # in our own CSV, the row that ends the agenda
OWN_EXTRAS = frozenset(
    plain(w)
    for w in ("Expected start", "Expected end", "Actual start", "Actual end", "State", "Warning (s)", "Danger (s)")
)
_UNIT = re.compile(
    r"\s*(?:[(\[/,]|\bin\b)\s*"
    r"(?P<unit>min\w*|mins|m|s|sec\w*|sek\w*|h|hrs?|hours?|std\w*|hh:mm(?::ss)?|h:mm|’|')?\.?[^)\]]*[)\]]?\s*$",
    re.I,
)
_YES = frozenset("yes y true 1 x ja si sì sí oui tak ano igen da sim kyllä ναι да".split())


@dataclass
class Columns:
    """Which cell of a row is what; `unit` is how many seconds a bare number in the length column counts."""

    where: dict[str, int]
    speakers: list[int] = field(default_factory=list)
    affiliations: list[int] = field(default_factory=list)
    unit: int = 60
    left_out: list[str] = field(default_factory=list)

    def cell(self, cells: list[str], name: str) -> str:
        at = self.where.get(name)
        return clean(unguard(cells[at])) if at is not None and at < len(cells) else ""

    def raw(self, cells: list[str], name: str) -> str:
        at = self.where.get(name)
        return unguard(cells[at]).strip(" ") if at is not None and at < len(cells) else ""


def read_heading(cells: Sequence[str]) -> Columns | None:
    """The columns, when the cells are headings: a title and a time or a length at least; None otherwise."""
    if not 2 <= sum(1 for c in cells if c.strip()) <= 60 or any(len(c) > 60 for c in cells):
        return None
    columns = Columns({})
    for n, cell in enumerate(cells):
        text = clean(cell).strip("*_#:. ")
        if not text:
            continue
        key = plain(text)
        unit = _UNIT.search(text)
        name = COLUMNS.get(key)
        if name is None and unit and unit.start() > 0:
            name = COLUMNS.get(plain(text[: unit.start()]).strip(" .:"))
        if name is None:
            name = COLUMNS.get(re.sub(r"\s*\d$", "", key))
        if name == "speaker":
            columns.speakers.append(n)
        elif name == "affiliation":
            columns.affiliations.append(n)
        elif name is None or name in columns.where:
            columns.left_out.append(text)
            continue
        if name not in columns.where:
            columns.where[name] = n
        if name == "duration":
            said = (
                plain(unit["unit"] or "")
                if unit and unit["unit"]
                else ("s" if key in ("duration_s", "seconds") else "min")
            )
            columns.unit = (
                1
                if said.startswith("s") and not said.startswith("st")
                else 3600
                if (said[0] == "h" and ":" not in said) or said.startswith("st")
                else 60
            )
    found = columns.where
    if "title" not in found or not ("start" in found or "duration" in found):
        return None
    return columns


def delimited(text: str, delimiter: str) -> list[Row]:
    """The rows of a CSV text with the number of the line on which each begins. Raises ProgrammeError."""
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    try:
        for cells in reader:
            rows.append((before + 1, cells))
            before = reader.line_num
            if len(rows) > MAX_LINES:
                raise ProgrammeError(f"More than {MAX_LINES} rows: this is no programme")
    except csv.Error as error:
        raise ProgrammeError(f"Line {before + 1}: this is not a readable table ({error})") from None
    return rows


def find_table(text: str, lines: Sequence[str]) -> tuple[list[Row], int, Columns] | None:
    """The rows of a text that has a line of headings, the heading's index and its columns; None when it has none."""
    for n, line in enumerate(lines[:60]):
        if len(line) > 2_000 or not line.strip():
            continue
        for delimiter in ("\t", ";", ",", "|"):
            if delimiter in line and (columns := read_heading(_cells(line, delimiter))):
                if delimiter == "|":
                    rows = [(m + 1, _cells(row, "|")) for m, row in enumerate(lines)]
                    return rows, n, columns
                rows = delimited(text, delimiter)
                at = next((m for m, (number, _) in enumerate(rows) if number == n + 1), None)
                return (rows, at, columns) if at is not None else None
        starts = [m.start() for m in re.finditer(r"(?:(?<=\s{2})|^)\S", line)]
        if len(starts) > 1 and (
            columns := read_heading([line[a:b] for a, b in zip(starts, [*starts[1:], len(line)], strict=True)])
        ):
            spans = _spans(line)
            return [(m + 1, _aligned(row, spans) if m > n else [row]) for m, row in enumerate(lines)], n, columns
    return None


def _cells(line: str, delimiter: str) -> list[str]:
    if delimiter == "|":
        return [cell.strip() for cell in line.strip().strip("|").split("|")]
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _spans(line: str) -> list[tuple[int, int]]:
    return [m.span() for m in re.finditer(r"\S+(?:\s\S+)*", line)]


def _aligned(line: str, columns: list[tuple[int, int]]) -> list[str]:
    """Cells of a table aligned with spaces: each piece belongs to the column above it."""
    cells = [""] * len(columns)
    if len(line) > 1_000:
        return [line]
    for piece in re.finditer(r"\S+(?:\s\S+)*", line.expandtabs()):
        begin, end = piece.span()
        at = min(
            range(len(columns)),
            key=lambda n: (max(0, columns[n][0] - end + 1, begin - columns[n][1] + 1), abs(columns[n][0] - begin)),
        )
        cells[at] = f"{cells[at]}  {piece[0]}".strip()
    return cells


def read_rows(
    rows: Sequence[Row], at: int, columns: Columns, findings: Findings, today: date
) -> tuple[Head, list[Draft], bool]:
    """The head, the drafts, and whether the table is one of our own exports (names are then kept as they are)."""
    above = HeadReader(findings, today)
    for number, cells in rows[:at]:
        if text := " ".join(cell for cell in cells if cell.strip()):
            above.take(number, text)
    reader = _Rows(columns, findings, today, above)
    for number, cells in rows[at + 1 :]:
        if clean(cells[0] if cells else "") == QUESTIONS_MARK and not any(c.strip() for c in cells[1:]):
            break
        reader.take(number, cells)
        if len(reader.drafts) > MAX_SLOTS:
            raise ProgrammeError(f"More than {MAX_SLOTS} rows: this is no programme")
    for name in columns.left_out:
        if plain(name) not in OWN_EXTRAS:
            findings.note(f"The column “{shorten(name, 40)}” is left out.")
    head = above.finish()
    head.zone = reader.zone or head.zone
    head.title = reader.title or head.title
    return head, reader.drafts, reader.own


class _Rows:
    def __init__(self, columns: Columns, findings: Findings, today: date, above: HeadReader) -> None:
        self.columns = columns
        self.findings = findings
        self.today = today
        self.above = above
        self.drafts: list[Draft] = []
        self.own = "speaker_title" in columns.where
        self.zone: str | None = None
        self.title = ""
        self.day: date | None = None

    def take(self, number: int, cells: list[str]) -> None:
        if decoration("".join(cells)):
            return
        columns = self.columns
        text = " ".join(clean(cell) for cell in cells if cell.strip())
        title, start = columns.cell(cells, "title"), columns.cell(cells, "start")
        length = columns.cell(cells, "duration")
        filled = [cell for cell in cells if cell.strip()]
        no_time = not start and not length and (not title or len(filled) == 1)
        if no_time and self._no_slot(number, text, cells, title):
            return
        draft = Draft(line=number, text=text, title=title, day=self.day)
        self.day = None
        self._when(draft, number, cells, start, length)
        self._what(draft, number, cells)
        self._who(draft, cells)
        self.drafts.append(draft)

    def _no_slot(self, number: int, text: str, cells: list[str], title: str) -> bool:
        """A row without time and length: more people of the slot above, or a line that gives the day."""
        try:
            day = find_day(text)
        except BadDay as error:
            self.findings.problem(number, str(error), text)
            return True
        if day is not None and len(text) < 60:
            self.day, note = settle_day(day, self.today)
            if note:
                self.findings.note(note)
            return True
        if not title and self.drafts and (people := self._people(cells)):
            self.drafts[-1].people.extend(people)
            return True
        if title and self.drafts and self.drafts[-1].length_s is not None and len([c for c in cells if c.strip()]) > 1:
            return False
        self.findings.problem(number, "This row has neither a time nor a length", text)
        return True

    def _when(self, draft: Draft, number: int, cells: list[str], start: str, length: str) -> None:
        columns, problem = self.columns, self.findings.problem
        if said := columns.cell(cells, "date"):
            self._day(draft, number, said)
        for name, said in (("start", start), ("end", columns.cell(cells, "end"))):
            if not said:
                continue
            if (moment := read_instant(said)) is not None:
                day, ms, instant = moment
                if name == "start":
                    draft.day, draft.start, draft.at = day, ms, instant
                elif instant is None:
                    draft.end = ms
                continue
            try:
                value = read_clock_cell(said)
            except BadTime as error:
                problem(number, str(error), draft.text)
                continue
            if value is None:
                problem(number, f"“{shorten(said, 40)}” is not a time of day", draft.text)
            elif name == "start":
                draft.start, draft.end = value
            else:
                draft.end = value[0]
        if length:
            draft.length_s = read_length_cell(length, columns.unit)
            if draft.length_s is None:
                problem(number, f"“{shorten(length, 40)}” is not a length", draft.text)
        if said := columns.cell(cells, "timezone"):
            try:
                zone, note = read_zone(said)
            except BadZone as error:
                problem(number, str(error), draft.text)
                return
            if self.zone not in (None, zone):
                problem(number, f"Two time zones: {self.zone} and {zone}", draft.text)
            self.zone = zone
            if note:
                self.findings.note(note)

    def _day(self, draft: Draft, number: int, said: str) -> None:
        try:
            day = find_day(said)
            if day is None:
                raise BadDay(f"“{shorten(said, 40)}” is not a day")
            draft.day, note = settle_day(day, self.today)
        except BadDay as error:
            self.findings.problem(number, str(error), draft.text)
            return
        if note:
            self.findings.note(note)

    def _what(self, draft: Draft, number: int, cells: list[str]) -> None:
        columns = self.columns
        if said := columns.cell(cells, "kind"):
            draft.kind = kind_named(said)
            if draft.kind is None:
                self.findings.note(
                    f"Line {number}: the type “{shorten(said, 40)}” is none of ours, so the title decides."
                )
        if self.own and not self.title:
            self.title = columns.cell(cells, "webinar")
        draft.id = columns.cell(cells, "id") or None if self.own else None
        if flex := columns.cell(cells, "flex"):
            draft.flex = plain(flex) in _YES
        draft.fixed = plain(columns.cell(cells, "fixed")) in _YES
        draft.skip = plain(columns.cell(cells, "skip")) in _YES
        for name in ("min", "warn", "danger"):
            said = columns.cell(cells, name)
            if self.own and said.isdigit() and len(said) < 7:
                setattr(draft, f"{name}_s", int(said))
        if self.own:
            pairs = [line.rsplit(" <", 1) for line in columns.raw(cells, "links").split("\n") if line.endswith(">")]
            draft.links = [(clean(p[0]), p[1][:-1]) for p in pairs if len(p) == 2 and re.match(r"https?://", p[1])]
        elif (url := columns.cell(cells, "links")) and re.fullmatch(r"https?://\S+", url):
            draft.links = [(url, url)]

    def _who(self, draft: Draft, cells: list[str]) -> None:
        if self.columns.speakers:
            draft.people = self._people(cells)
            return
        reading = read_title(draft.title)
        draft.title, draft.people = reading.title, reading.people
        if draft.length_s is None and draft.end is None:
            draft.length_s = reading.length_s

    def _people(self, cells: list[str]) -> list[Person]:
        columns = self.columns
        people: list[Person] = []
        for n, at in enumerate(columns.speakers):
            names = unguard(cells[at]) if at < len(cells) else ""
            beside = columns.affiliations[n] if n < len(columns.affiliations) else None
            where = unguard(cells[beside]) if beside is not None and beside < len(cells) else ""
            if self.own:
                people.extend(own_people(names, where, columns.raw(cells, "speaker_title")))
            else:
                people.extend(people_of_cells(names, where))
        return people
