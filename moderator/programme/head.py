"""The lines above the slots: title, subtitle, day, hours, time zone. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from .clock import BadTime, find_clocks
from .dates import BadDay, BadZone, Day, find_day, find_zone, settle_day
from .model import Findings, clean, plain
from .people import read_people, read_role
from .plan import Head
from .words import AGENDA_HEADINGS, WEEKDAYS

_FILLERS = frozenset(
    plain(w)
    for w in (
        "from to at on till until between and the date time when day hours hour von bis am um uhr den der "
        "zeit datum uhrzeit wann beginn de a las la el los desde hasta entre y fecha hora horas horario "
        "cuando dia día data del al alle dalle ore ora orario giorno quando le les du au à heure heures "
        "horaire jour quand van tot om uur tijd dag op od do dnia godz godzina godziny termin kl klo kello "
        "klokken dato tid fra til och ab les dalle h hrs i em às das de ate até ex a.m p.m o o' start starts "
        "ώρα ημερομηνία από έως час дата от до с по г"
    ).split()
)
_LABEL = re.compile(
    r"^(?P<label>title|titel|título|titulo|titre|titolo|tytuł|webinar|webinaire|event|subject|topic|thema|name|"
    r"subtitle|untertitel|"
    r"subtítulo|sous-titre|sottotitolo|ondertitel|summary|description|about|zusammenfassung|resumen|résumé|"
    r"sommario|time ?zone|zeitzone|zona horaria|"
    r"fuseau horaire|fuso orario|slug)\s*[:=]\s*(?P<value>.+)$",
    re.I,
)
_LEFT_OUT = re.compile(
    r"^(?:venue|location|place|where|ort|lugar|lieu|luogo|plaats|miejsce|link|zoom|teams|meeting id|passcode|"
    r"register|registration|"
    r"anmeldung|inscripción|inscription|iscrizione|contact|kontakt|contacto|organised by|organized by|organisers?|"
    r"languages?|format|platform|"
    r"hosted on|webex|join)\b\s*[:\-–]",
    re.I,
)
_QUOTED = re.compile(
    r"^(?:(?:the\s+)?(?:[\w-]+\s+){0,3}(?:webinar|webinaire|webinario|seminar|workshop|event|meeting|session|"
    r"conference|online-seminar)s?\s*[:–—-]?\s*)?"
    r"[\"“„«»”'‘‚](?P<title>[^\"“”„«»]{3,})[\"”“»«'’‘]\s*$",
    re.I,
)
_EMPTY_BRACKETS = re.compile(r"[(\[]\s*[,;–—-]?\s*[)\]]")
_TIMES_WORD = re.compile(
    r"\b(?:times?|hours?|horas?|horario|heures?|zeit\w*|uhrzeit\w*|angaben|or[ae]|orari\w*|tijd\w*|godzin\w*|časy|tider|ajat)\b",
    re.I,
)
MARKS = " \t-–—―−_*#=~•·:;,.|/>"


def cut(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text without the spans, the separators around them and the brackets they leave empty."""
    for begin, stop in sorted(spans, reverse=True):
        text = text[:begin] + "\x00" + text[stop:]
    text = re.sub(r"[\s,;(\[–—-]*\x00[\s,;)\]]*", lambda m: " \x01 ", text)
    text = _EMPTY_BRACKETS.sub(" ", text)
    pieces = [piece.strip(MARKS.replace(".", "")) for piece in text.split("\x01")]
    kept = []
    for piece in pieces:
        words = list(re.findall(r"[^\W_]+(?:['’.][^\W_]+)*", piece))
        if any(plain(w) not in _FILLERS and plain(w) not in WEEKDAYS for w in words):
            kept.append(_trim_fillers(piece))
    return " – ".join(piece for piece in kept if piece)


def _trim_fillers(text: str) -> str:
    words = text.split()
    while words and plain(words[-1].strip(MARKS)) in _FILLERS and len(words) > 1 and words[-1].islower():
        words.pop()
    return " ".join(words).strip(MARKS.replace(".", ""))


def decoration(line: str) -> bool:
    """A ruler or an empty mark: nothing to read."""
    return not any(c.isalnum() for c in line)


class HeadReader:
    """Takes the lines before the first slot one by one."""

    def __init__(self, findings: Findings, today: date) -> None:
        self.head = Head()
        self.findings = findings
        self.today = today
        self._texts: list[tuple[int, str]] = []
        self._dated: Day | None = None

    def take(self, number: int, line: str) -> None:
        text = clean(line).strip("*_# \t").strip()
        if decoration(text) or plain(text.strip(MARKS)) in AGENDA_HEADINGS:
            return
        if label := _LABEL.match(text):
            if self._labelled(number, plain(label["label"]), label["value"].strip()):
                return
            text = label["value"].strip()
        if _LEFT_OUT.match(text) or re.search(r"https?://|www\.|\S@\S+\.\w", text):
            self.findings.note(f"Line {number} is left out: “{text[:60]}”.")
            return
        spans = self._facts(number, text)
        rest = cut(text, spans) if spans else text
        if (
            spans
            and _TIMES_WORD.search(rest)
            and len(rest.split()) <= 8
            and any(find_zone(text[a:b]) for a, b in spans)
        ):
            return
        role = read_role(rest)
        if role and (people := read_people(role.rest, plural=role.plural)):
            self.head.listed.extend(people)
            return
        if rest and any(c.isalpha() for c in rest):
            self._texts.append((number, rest))

    def _labelled(self, number: int, label: str, value: str) -> bool:
        if label in ("subtitle", "untertitel", "subtitulo", "sous-titre", "sottotitolo", "ondertitel"):
            self.head.subtitle = value
        elif label in ("summary", "description", "about", "zusammenfassung", "resumen", "resume", "sommario"):
            self.head.summary = value
        elif label == "slug" and re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", value):
            self.head.slug = value
        elif label in ("title", "titel", "titulo", "titre", "titolo", "tytuł") and not find_day(value):
            self._texts.insert(0, (number, value))
        else:
            return False
        return True

    def _facts(self, number: int, text: str) -> list[tuple[int, int]]:
        """Takes the day, the zone and the hours of a line; where they stand in it."""
        spans: list[tuple[int, int]] = []
        try:
            day = find_day(text)
        except BadDay as error:
            self.findings.problem(number, str(error), text)
            return []
        if day is not None and (self._dated is None or (self._dated.year is None and day.year is not None)):
            self._set_day(number, day, text)
            spans.append((day.begin, day.stop))
        elif (
            day is not None and self._dated is not None and (day.month, day.day) == (self._dated.month, self._dated.day)
        ):
            spans.append((day.begin, day.stop))
        masked = text if day is None else text[: day.begin] + " " * (day.stop - day.begin) + text[day.stop :]
        try:
            clocks = [c for c in find_clocks(masked) if not c.dotted or c.end is not None or day is not None]
        except BadTime as error:
            if day is not None:
                self.findings.problem(number, str(error), text)
            clocks = []
        if clocks:
            first = clocks[0]
            if self.head.start is None:
                end = first.end if first.end is not None else clocks[1].start if len(clocks) == 2 else None
                self.head.start, self.head.end = first.start, end
            spans.extend((c.begin, c.stop) for c in clocks)
        try:
            zone = find_zone(text)
        except BadZone as error:
            self.findings.problem(number, str(error), text)
            return spans
        if zone is not None and (
            spans or zone.key.count("/") or "(" in text[: zone.begin + 1] or len(text.split()) <= 6
        ):
            self.set_zone(number, zone.key, zone.note)
            spans.append((zone.begin, zone.stop))
        return spans

    def _set_day(self, number: int, found: Day, text: str) -> None:
        try:
            self.head.day, note = settle_day(found, self.today)
        except BadDay as error:
            self.findings.problem(number, str(error), text)
            return
        self._dated = found
        if note:
            self.findings.note(note)
        if found.several:
            self.findings.note(
                f"Line {number} names several days: the slots begin on the first, {self.head.day.isoformat()}."
            )

    def set_zone(self, number: int, key: str, note: str | None) -> None:
        if self.head.zone is not None and self.head.zone != key:
            self.findings.problem(number, f"Two time zones: {self.head.zone} and {key}")
            return
        self.head.zone = key
        if note:
            self.findings.note(note)

    def finish(self) -> Head:
        """Sorts the words that are left into title, subtitle and summary."""
        texts = [text for _, text in self._texts]
        if texts:
            first = texts.pop(0)
            quoted = _QUOTED.match(first)
            self.head.title = quoted["title"].strip() if quoted else first.strip('"“”„«»').strip(" –—-:")
        if texts and not self.head.subtitle and len(texts[0]) <= 160 and not texts[0].endswith("."):
            self.head.subtitle = texts.pop(0)
        if texts and not self.head.summary:
            self.head.summary = "\n".join(texts)
        return self.head
