"""Programmes as people type and paste them: a line with a time begins a slot, the lines under it say who. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from .clock import BadTime, find_clocks, read_length
from .dates import BadDay, BadZone, find_day, find_zone, settle_day
from .head import HeadReader, cut, decoration
from .lines import LONG, Timed, TimeFinder, zone_or_none
from .model import MAX_LINES, Findings, ProgrammeError, clean, plain, shorten
from .people import Person, read_people, read_role, unknown_person
from .plan import MAX_PEOPLE, Draft, Head
from .titles import EDGES, Reading, read_title
from .words import AGENDA_HEADINGS, ROLES_BY, SPEAKERS_HEADINGS

_MOST_LISTED = 300
_MOST_ABOVE = 100  # lines that are read as the heading
_BULLET = re.compile(r"^(?:[-*•·▪◦‣●○■□–—+>|]+|\d{1,2}[.)]|\(?[a-z]\))\s+")
_URL = re.compile(r"https?://[^\s<>\"]+", re.I)
_SECTION = re.compile(
    r"^(?:session|sesión|sessió|sessione|sessão|séance|sitzung|sessie|sesja|part|parte|partie|teil|deel|część|"
    r"block|bloque|bloc|blok|blocco|"
    r"section|sección|module|módulo|modul|theme|theme|day|tag|día|dia|jour|giorno|dag|dzień|morning|afternoon|"
    r"vormittag|nachmittag)\b"
    r"\s*(?:\d{1,2}|[ivx]{1,4}|[a-d]|one|two|three)?\b\s*(?:[:.–—-].*)?$",
    re.I,
)
_FOOTER = re.compile(
    r"^(?:register|registration|anmeldung|contact|kontakt|contacto|more information|further information|info|join|"
    r"zoom|teams|organised by|"
    r"organized by|funded by|please|note|venue|location|\*)\b|\S@\S+\.\w|www\.",
    re.I,
)


def read_lines(lines: Sequence[str], findings: Findings, today: date) -> tuple[Head, list[Draft]]:
    """The head and the slots of a programme in lines (numbers in problems count from 1).

    Raises ProgrammeError when there is no time in it, or when more is wrong than is worth listing.
    """
    if sum(1 for line in lines if line.strip()) > MAX_LINES:
        raise ProgrammeError(f"More than {MAX_LINES} lines: this is no programme")
    reader = _Reader(lines, findings, today)
    return reader.read()


class _Reader:
    def __init__(self, lines: Sequence[str], findings: Findings, today: date) -> None:
        self.lines = lines
        self.findings = findings
        self.today = today
        self.heading = HeadReader(findings, today)
        self.drafts: list[Draft] = []
        self.day: date | None = None
        self.known: frozenset[str] = frozenset()
        self.previous = ""  # what the line before was: title, person, other
        self.blank = False
        self.weak: Reading | None = None
        self.own_lines = False  # whether people stood on lines of their own in this slot
        self.left: set[int] = set()
        self.above = 0

    def read(self) -> tuple[Head, list[Draft]]:
        finder = TimeFinder(self.lines, self.findings, self.today)
        timed = finder.find()
        self.left = finder.refused
        section = self._speakers_section(timed)
        if section is not None:
            listed = self._read_speakers(*section)
            self.heading.head.listed.extend(listed)
        first = min(timed)
        for n, line in enumerate(self.lines):
            if n in self.left:
                continue
            if n in timed:
                self._begin(n, timed[n])
            elif n < first:
                self._above(n, line)
            else:
                self._below(n, line, timed)
        self._close()
        head = self.heading.finish()
        return head, self.drafts

    # The parts

    def _speakers_section(self, timed: dict[int, Timed]) -> tuple[int, int] | None:
        """The lines of a speakers list: from its heading to the next time or the end of the text."""
        for n, line in enumerate(self.lines):
            if n in timed or len(line) > 60 or plain(line.strip(" \t:*_#=-–—")) not in SPEAKERS_HEADINGS:
                continue
            following = [m for m in timed if m > n]
            if following and any(m < n for m in timed):
                continue  # inside a slot: the names under it are that slot's
            stop = min(following, default=len(self.lines))
            for m in range(n + 1, stop):
                if plain(self.lines[m].strip(" \t:*_#=-–—")) in AGENDA_HEADINGS:
                    stop = m
                    break
            return n, stop
        return None

    def _read_speakers(self, begin: int, stop: int) -> list[Person]:
        people: list[Person] = []
        fresh = False
        for n in range(begin, stop):
            self.left.add(n)
            line = clean(self.lines[n])
            if len(people) >= _MOST_LISTED:
                self.findings.note(f"More than {_MOST_LISTED} people in the speakers list: the rest is left out.")
                continue
            if n == begin or decoration(line):
                fresh = fresh and n == begin
                continue
            line = re.sub(r"^(?:[-*•·▪◦–—+]+|\d{1,2}[.)])\s+", "", line)
            same = next((m for m in range(len(people) - 1, -1, -1) if _begins_with(line, people[m].name)), None)
            found = read_people(line) if same is None or len(line) == len(people[same].name) else []
            if same is not None:
                rest = line[len(people[same].name) :].strip(EDGES + ".()")
                if rest and not people[same].affiliation:
                    people[same] = people[same]._replace(affiliation=rest)
            elif found:
                people.extend(found)
            elif fresh and people and not people[-1].affiliation and len(line) <= 120:
                people[-1] = people[-1]._replace(affiliation=line)
            else:
                self.findings.note(f"Line {n + 1} of the speakers list is left out: “{shorten(line, 60)}”.")
            fresh = bool(found) or same is not None
        surnames = [plain(person.name.split()[-1]) for person in people]
        alone = {surname for surname in surnames if surnames.count(surname) == 1 and len(surname) > 2}
        self.known = frozenset(plain(person.name) for person in people) | alone
        return people

    def _above(self, n: int, line: str) -> None:
        self.above += bool(line.strip())
        if len(line) > LONG or self.above > _MOST_ABOVE:
            self.findings.note(f"Line {n + 1} is left out: there is too much text above the slots.")
            return
        self.heading.take(n + 1, line)

    def _begin(self, n: int, timed: Timed) -> None:
        self._close()
        rest = timed.rest
        try:
            zone = find_zone(rest[:40])
        except BadZone:
            zone = None
        if (
            zone is not None
            and not rest[: zone.begin].strip(" ([")
            and (zone.stop == len(rest) or not rest[zone.stop].isalnum())
        ):
            self.heading.set_zone(n + 1, zone.key, zone.note)
            rest = rest[zone.stop :].lstrip(" )]")
        draft = Draft(
            line=n + 1,
            text=clean(self.lines[n]),
            day=timed.day or self.day,
            start=timed.clock.start if timed.clock.start >= 0 else None,
            end=timed.clock.end,
        )
        self.day = None if timed.day is None else self.day
        self.drafts.append(draft)
        self.previous, self.blank = "title", False
        self.own_lines, self.weak = False, None
        if any(c.isalnum() for c in rest):
            self._title(n, rest)

    def _title(self, n: int, text: str) -> None:
        draft = self.drafts[-1]
        reading = read_title(_links_out(text, draft), self.known)
        draft.title, draft.people = reading.title, list(reading.people)
        if reading.length_s is not None:
            draft.length_s = reading.length_s
        for cell in reading.unknown:
            self.findings.problem(
                n + 1, f"“{shorten(cell, 60)}” cannot be understood: neither a person nor a length", self.lines[n]
            )
        for cell in reading.left_out:
            self.findings.note(f"Line {n + 1}: “{cell}” is left out.")
        self.weak = reading if reading.weak else None
        self.previous = "title"

    def _close(self) -> None:
        """At the end of a slot: a person told only by the look of its words counts if nobody else was named below."""
        if self.weak is None or not self.drafts:
            return
        draft = self.drafts[-1]
        taken = [person for person in self.weak.people if person in draft.people]
        if self.own_lines and self.weak.weak:
            draft.title = self.weak.weak.strip(EDGES)
            draft.people = [person for person in draft.people if person not in taken]
        else:
            names = " and ".join(person.name for person in taken)
            self.findings.note(f"Line {draft.line}: “{names}” is taken for who speaks.")
        self.weak = None

    def _below(self, n: int, line: str, timed: dict[int, Timed]) -> None:
        text = clean(line)
        if decoration(text):
            self.blank = self.blank or not text
            if text and unknown_person(text.strip("*_ ")):
                return
            if text and not all(c in " -–—―_*=#~•·.|+<>" for c in text):
                self._not_understood(n, line)
            return
        blank, self.blank = self.blank, False
        draft = self.drafts[-1]
        bare = _BULLET.sub("", text).strip("*_ |").strip()
        key = plain(bare.strip(" :*_#=-–—."))
        if len(line) > LONG:
            self.findings.note(f"Line {n + 1} is left out: it is too long.")
        elif key in AGENDA_HEADINGS or key in SPEAKERS_HEADINGS or self._day_line(n, bare) or self._zone_line(n, bare):
            return
        elif _URL.search(bare):
            if not self._link(n, bare, draft):
                self.findings.note(f"Line {n + 1} is left out: “{shorten(bare, 60)}”.")
        elif read_length(bare.strip("()[] ")) is not None and draft.length_s is None:
            draft.length_s = read_length(bare.strip("()[] "))
        elif not draft.title:
            self._title(n, line.strip())
        elif unknown_person(bare):
            self.findings.note(f"Line {n + 1}: nobody is named yet.")
        elif not self._people_line(bare, _joined_cells(line), draft, blank) and not self._more_of(
            n, bare, draft, blank, timed
        ):
            self._not_understood(n, line)

    def _people_line(self, bare: str, spread: str, draft: Draft, blank: bool) -> bool:
        """Adds the people of a line; `spread` is the line with its columns told apart by dashes."""
        if len(draft.people) > MAX_PEOPLE:
            return True  # refused in the end
        role = read_role(bare)
        people: list[Person] = []
        if role and role.rest:
            if unknown_person(role.rest):
                self.findings.note(f"Line {draft.line}: nobody is named yet.")
                return True
            wide = read_role(spread) or role
            people = read_people(wide.rest, self.known, role.plural) or read_people(role.rest, self.known, role.plural)
        elif role and role.must:
            return True  # "Speakers:" with the names below
        people = people or read_people(spread, self.known) or read_people(bare, self.known)
        if people:
            draft.people.extend(people)
            self.own_lines = True
            self.previous = "person"
            return True
        last = draft.people[-1] if draft.people else None
        if last and self.previous == "person" and not blank and not last.affiliation and _reads_as_affiliation(bare):
            draft.people[-1] = last._replace(affiliation=bare.strip("() "))
            self.previous = "affiliation"
            return True
        return False

    def _more_of(self, n: int, bare: str, draft: Draft, blank: bool, timed: dict[int, Timed]) -> bool:
        """What may stand under a slot besides people: the rest of its title, a heading of a part, prose."""
        role = read_role(bare)
        if role and (role.must or plain(" ".join(bare.split()[:2])) in ROLES_BY):
            return False  # "Moderated by" and no name that can be told
        words = bare.split()
        wrapped = self.previous == "title" and not blank and len(draft.title) >= 40
        if wrapped and bare[0].islower() and len(words) <= 15 and not bare.endswith("."):
            draft.title = f"{draft.title} {bare}"
            self.findings.note(f"Line {n + 1} is taken for the rest of the title above it.")
            return True
        if _SECTION.match(bare) or (_FOOTER.search(bare) and n > max(timed)):
            self.findings.note(f"Line {n + 1} is left out: “{shorten(bare, 60)}”.")
            return True
        small = sum(word[0].islower() for word in words)
        if len(words) >= 6 and (small >= 4 or (bare[-1] in ".!?…" and small >= 2)):
            self.findings.note(f"Line {n + 1} is left out, it reads as a description: “{shorten(bare, 60)}”.")
            self.previous = "other"
            return True
        return False

    def _day_line(self, n: int, bare: str) -> bool:
        try:
            day = find_day(bare)
        except BadDay as error:
            self.findings.problem(n + 1, str(error), bare)
            return True
        if day is None:
            return False
        rest = cut(bare, [(day.begin, day.stop)])
        try:
            clocks = find_clocks(rest)
        except BadTime:
            clocks = []
        rest = cut(rest, [(c.begin, c.stop) for c in clocks])
        if rest and not _SECTION.match(rest):
            return False
        try:
            self.day, note = settle_day(day, self.heading.head.day or self.today)
        except BadDay as error:
            self.findings.problem(n + 1, str(error), bare)
            return True
        if note:
            self.findings.note(note)
        return True

    def _zone_line(self, n: int, bare: str) -> bool:
        zone = zone_or_none(bare)
        if zone is None or len(bare.split()) > 12:
            return False
        rest = plain(bare[: zone.begin] + bare[zone.stop :])
        if rest.strip(" ().:*") and not re.search(r"time|hora|heure|zeit|\bore\b|orari|tijd|godz|cas\b|tider", rest):
            return False
        self.heading.set_zone(n + 1, zone.key, zone.note)
        return True

    def _link(self, n: int, bare: str, draft: Draft) -> bool:
        url = _URL.search(bare)
        label = bare[: url.start()].strip(EDGES + "(<[ ") if url else ""
        if url is None or _FOOTER.match(bare) or len(label.split()) > 8 or len(draft.links) >= 10:
            return False
        draft.links.append((label or url[0], url[0].rstrip(").,;>")))
        return True

    def _not_understood(self, n: int, line: str) -> None:
        self.findings.problem(n + 1, f"“{shorten(line, 60)}” cannot be understood", line)


def _begins_with(line: str, name: str) -> bool:
    return line[: len(name)].casefold() == name.casefold()


def _joined_cells(text: str) -> str:
    """ "Anna Kowalska   Warsaw": columns of a pasted table become a name and an affiliation."""
    text = _BULLET.sub("", text.strip()).strip("*_ |")
    return clean(re.sub(r"\s*\|\s*|\s*\t\s*|\s{2,}(?=[^\s–—−-])(?<![–—−-]\s\s)", " – ", text))


def _reads_as_affiliation(text: str) -> bool:
    words = text.split()
    return (
        len(words) <= 12
        and (text[0].isupper() or text[0] in '("“„')
        and text[-1] not in ".!?…:"
        and any(c.isalpha() for c in text)
    )


def _links_out(text: str, draft: Draft) -> str:
    for url in _URL.findall(text):
        draft.links.append((url, url.rstrip(").,;>")))
        text = text.replace(url, " ")
    return text
