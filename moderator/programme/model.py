"""What a programme becomes: slots, speakers, notes; and how it is said that it cannot be read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import msgspec

from moderator.domain.agenda import DEFAULT_DANGER_S, DEFAULT_WARN_S, Kind

MAX_BYTES = 2_000_000
MAX_LINES = 2_500
MAX_SLOTS = 1_000
MAX_DURATION_S = 24 * 3600
MAX_TITLE = 300
MAX_NAME = 120
MAX_AFFILIATION = 300
MAX_SUMMARY = 4_000
MAX_NOTES = 40
MAX_PROBLEMS = 50


class ProgrammeSpeaker(msgspec.Struct, omit_defaults=True):
    """A person in a slot. `title` is the honorific as written ("Prof. Dr."), never part of `name`."""

    name: str
    affiliation: str = ""
    title: str = ""


class ProgrammeSlot(msgspec.Struct, omit_defaults=True):
    """One slot as planned: `start_at` in epoch milliseconds, lengths in seconds, links as (title, url)."""

    title: str
    kind: Kind
    start_at: int
    duration_s: int
    id: str | None = None
    speakers: list[ProgrammeSpeaker] = []
    flex: bool = False
    fixed: bool = False
    min_s: int | None = None
    skip: bool = False
    warn_s: int = DEFAULT_WARN_S
    danger_s: int = DEFAULT_DANGER_S
    links: list[tuple[str, str]] = []

    @property
    def end_at(self) -> int:
        return self.start_at + self.duration_s * 1000


class Programme(msgspec.Struct):
    """An agenda that was read.

    `date` is the ISO day of the first slot in `timezone` (an IANA name). One name is one person: a name that stands in
    several slots has the same affiliation and title in each. `notes` say what the import decided, one sentence each.
    """

    title: str
    date: str
    timezone: str
    slots: list[ProgrammeSlot]
    subtitle: str = ""
    summary: str = ""
    slug: str | None = None
    notes: list[str] = []

    @property
    def starts_at(self) -> int:
        return self.slots[0].start_at

    @property
    def ends_at(self) -> int:
        return max(slot.end_at for slot in self.slots)


class Problem(msgspec.Struct, frozen=True):
    """Why something cannot be read: `line` counts from 1 (a row, in a sheet), `path` names a field of JSON."""

    line: int | None
    message: str
    text: str = ""
    path: str = ""

    def __str__(self) -> str:
        where = f"Line {self.line}: " if self.line is not None else f"{self.path}: " if self.path else ""
        what = f" ({shorten(self.text, 60)})" if self.text and self.text not in self.message else ""
        return f"{where}{self.message}{what}"


class ProgrammeError(ValueError):
    """The programme cannot be read. `problems` holds all that was found; `str()` is three lines at most."""

    def __init__(self, problems: Problem | str | Sequence[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(None, problems)
        self.problems: list[Problem] = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        shown = [str(problem) for problem in self.problems[: 3 if len(self.problems) <= 3 else 2]]
        rest = len(self.problems) - len(shown)
        if rest > 0:
            shown.append(f"… and {rest} more of this kind.")
        return "\n".join(shown)


class Findings:
    """Collects notes and problems while a programme is read; stops the reading when there are too many."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.problems: list[Problem] = []

    def note(self, text: str) -> None:
        if text not in self.notes and len(self.notes) < MAX_NOTES:
            self.notes.append(text)

    def problem(self, line: int | None, message: str, text: str = "", path: str = "") -> None:
        self.problems.append(Problem(line, message, shorten(text, 120), path))
        if len(self.problems) >= MAX_PROBLEMS:
            self.check()

    def check(self) -> None:
        """Raises `ProgrammeError` when anything was found that cannot be understood."""
        if self.problems:
            raise ProgrammeError(sorted(self.problems, key=lambda p: p.line or 0))


# Cc and Cf without the joiners that scripts need; the bidirectional controls could turn a title around.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")


def clean(text: str) -> str:
    """One line without control characters, bidirectional overrides, lone surrogates or repeated spaces; NFC."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", _UNSEEN.sub("", text))).strip()


def clean_lines(text: str) -> list[str]:
    """The lines of a text, cleaned as `clean` does but with their tabs and inner spaces (columns need them)."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    lines = re.split("[\n\r\x0b\x0c\x85\u2028\u2029]", text)
    return [_UNSEEN.sub("", re.sub("[\u00a0\u2000-\u200a\u202f\u205f\u3000]", " ", line)).rstrip() for line in lines]


def shorten(text: str, limit: int) -> str:
    text = clean(text[: limit * 4])
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


_LETTERS = str.maketrans(
    dict(zip("łøđħıŀðþ", ("l", "o", "d", "h", "i", "l", "d", "th"), strict=True))
    | {"œ": "oe", "æ": "ae", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"}
)


def plain(text: str) -> str:
    """For comparing: lower case, no accents, straight apostrophes."""
    text = text.casefold().translate(_LETTERS)
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


_CYRILLIC = dict(
    zip(
        "абвгдежзиклмнопрстуфхцчшщъыьэюяіїєґјљњћђџ",
        "a|b|v|g|d|e|zh|z|i|k|l|m|n|o|p|r|s|t|u|f|h|ts|ch|sh|sht|a|y||e|yu|ya|i|i|e|g|j|lj|nj|c|dj|dz".split("|"),
        strict=True,
    )
)
_GREEK = dict(
    zip("αβγδεζηθικλμνξοπρστυφχψω", "a v g d e z i th i k l m n x o p r s t y f ch ps o".split(), strict=True)
)
_TO_LATIN = str.maketrans(_CYRILLIC | _GREEK)


def slug_of(title: str) -> str:
    """The address form of a title: `a-z0-9` and single hyphens, 1 to 60 characters, "webinar" when nothing is left."""
    text = plain(title[:400]).translate(_TO_LATIN)
    slug = re.sub(r"[^a-z0-9]+", "-", text.replace("'", "")).strip("-")
    if len(slug) > 60:
        cut = slug[:61].rsplit("-", 1)[0]
        slug = (cut if 30 <= len(cut) <= 60 else slug[:60]).strip("-")
    return slug or "webinar"
