"""The given programmes, written in other notations, are read to the same slots."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from moderator.programme import read_bytes

from .helpers import DATA, lines_of

_TIME = re.compile(r"(?m)^(\d{1,2})[:h.](\d{2})(?=[\s–-])")


def _times(form: str) -> Callable[[str], str]:
    """Rewrites the times at the front of lines; those in the afternoon notation are left alone."""

    def change(text: str) -> str:
        if "AM" in text:
            return text
        return re.sub(
            r"(?m)^(\d{1,2})[:h.](\d{2})(?:-(\d{1,2})[.](\d{2}))?",
            lambda m: form.format(h=int(m[1]), m=m[2]) + (f"-{form.format(h=int(m[3]), m=m[4])}" if m[3] else ""),
            text,
        )

    return change


NOTATIONS: dict[str, Callable[[str], str]] = {
    "as they are": lambda text: text,
    "windows line ends": lambda text: text.replace("\n", "\r\n"),
    "hyphens": lambda text: text.replace("–", " - "),
    "em dashes": lambda text: text.replace("–", "—"),
    "minus signs": lambda text: text.replace(" – ", " − "),
    "8:30": _times("{h}:{m}"),
    "08:30": _times("{h:02d}:{m}"),
    "8h30": _times("{h}h{m}"),
    "8.30": _times("{h}.{m}"),
    "8 h 30": _times("{h} h {m}"),
    "08:30h": _times("{h:02d}:{m}h"),
    "bullets": lambda text: re.sub(r"(?m)^(?=\d{1,2}[:h.]\d{2})", "• ", text),
    "stars": lambda text: re.sub(r"(?m)^(?=\d{1,2}[:h.]\d{2})", "* ", text),
    "numbers": lambda text: re.sub(r"(?m)^(?=\d{1,2}[:h.]\d{2})", "1. ", text),
    "no empty lines": lambda text: re.sub(r"\n\n+", "\n", text),
    "empty lines everywhere": lambda text: text.replace("\n", "\n\n"),
    "indented": lambda text: re.sub(r"(?m)^(?=.)", "    ", text),
    "trailing spaces": lambda text: text.replace("\n", "  \n"),
    "non-breaking spaces": lambda text: re.sub(r"(?<=\S) (?=\S)", "\u00a0", text),
    "tabs after the times": lambda text: re.sub(
        r"(?m)^(\d\S*)(?: [AP]M)?[ –]+", lambda m: m[0].strip(" –") + "\t", text
    ),
    "capitals": lambda text: text.replace("Moderated by", "MODERATED BY").replace("moderator:", "Moderator:"),
    "spanish moderators": lambda text: text.replace("Moderated by", "Moderado por").replace("moderator:", "modera:"),
    "german moderators": lambda text: text.replace("Moderated by", "Moderation:").replace("moderator:", "Moderation:"),
    "french moderators": lambda text: text.replace("Moderated by", "Animé par").replace("moderator:", "modération :"),
    "no honorifics": lambda text: re.sub(r"\b(?:Mr|Ms|Mrs|Dr|Prof)\.? ", "", text),
    "other honorifics": lambda text: re.sub(r"\b(?:Mr|Ms|Mrs|Dr|Prof)\.? ", "Sra. ", text),
    "double honorifics": lambda text: re.sub(r"\b(?:Mr|Ms|Mrs|Dr|Prof)\.? ", "Prof. Dr. ", text),
    "minutes as signs": lambda text: text.replace(" min]", "’]").replace("']", " min.]"),
    "round brackets": lambda text: re.sub(r"\[(\d+)( min|')\]", r"(\1 minutes)", text),
}


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("name", ["s3p-chemicals.txt", "hydrogen-valleys.txt", "circular-plastics.txt"])
def test_another_notation_is_read_to_the_same_slots(name: str, notation: str) -> None:
    text = (DATA / name).read_text("utf-8")
    plain = read_bytes(text.encode(), name, date(2020, 1, 1))
    other = read_bytes(NOTATIONS[notation](text).encode(), name, date(2020, 1, 1))

    def settled(lines: list[str]) -> list[str]:
        return [re.sub(r"\s*[–—−-]\s*", " – ", line) for line in lines]

    assert settled(lines_of(other)) == settled(lines_of(plain))
    assert (other.date, other.timezone) == (plain.date, plain.timezone)


AFFILIATIONS = {
    "a comma": "{name}, {place}",
    "a dash": "{name} – {place}",
    "a tight dash": "{name} –{place}",
    "a hyphen": "{name} - {place}",
    "a bar": "{name} | {place}",
    "brackets": "{name} ({place})",
    "square brackets": "{name} [{place}]",
    "a full stop": "{name}. {place}",
    "a colon": "{name}: {place}",
    "a tab": "{name}\t{place}",
    "columns": "{name}     {place}",
    "the next line": "{name}\n{place}",
    "a semicolon": "{name}; {place}",
}
PEOPLE = [
    ("Mattia Adani", "Lombardy Region"),
    ("Maria Dolors Núñez", "ACCIÓ Catalonia"),
    ("Anna Kowalska", "Warsaw School of Economics"),
    ("Piet de Boer", "Limburg"),
    ("Xanthe Ploumidi", "NTUA"),
    ("Aoife O’Brien", "Danish Energy Agency"),
    ("Jean-Luc Dupont-Martin", "Université de Lille"),
    ("J. R. Smith", "University of Leeds"),
    ("Lucía Fernández", "Xunta de Galicia"),
    ("Ursula von der Leyen", "European Commission"),
    ("Γιώργος Παπαδόπουλος", "Εθνικό Μετσόβιο Πολυτεχνείο"),
    ("Иван Петров", "БАН"),
    ("Monika Banka", "European Chemical Regions Network"),
    ("Antonio Novo", "President of the European Clusters Alliance"),
]


@pytest.mark.parametrize("form", AFFILIATIONS)
@pytest.mark.parametrize(("name", "place"), PEOPLE)
def test_a_person_on_a_line_of_their_own_has_their_affiliation_after(form: str, name: str, place: str) -> None:
    line = AFFILIATIONS[form].format(name=name, place=place)
    programme = read_bytes(f"9:00-9:10 Chemical in Flow\n{line}".encode(), None, date(2020, 1, 1))
    assert lines_of(programme) == [f"09:00 10 talk Chemical in Flow | {name}, {place}"]
