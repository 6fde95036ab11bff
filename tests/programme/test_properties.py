from __future__ import annotations

import time
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderator.domain.agenda import KINDS
from moderator.programme import Programme, ProgrammeError, ProgrammeSlot, ProgrammeSpeaker, agenda_of, read_bytes, write
from moderator.programme import read_text as parse
from moderator.programme.model import clean
from moderator.programme.table import unguard
from moderator.programme.write import guard

from .helpers import TODAY
from .test_text import LINES, PROGRAMMES
from .test_write import export

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).map(clean).filter(bool)
affiliations = st.one_of(st.just(""), texts)
# One name is one person: the same affiliation wherever it stands.
people = st.lists(
    st.builds(ProgrammeSpeaker, name=texts, affiliation=affiliations, title=st.sampled_from(["", "Dr.", "Sra."])),
    min_size=1, max_size=6, unique_by=lambda p: p.name,
)  # fmt: skip
ZONES = ["Europe/Brussels", "America/New_York", "UTC", "Asia/Kolkata", "Pacific/Chatham"]


@st.composite
def agendas(draw: st.DrawFn, whole_seconds: bool = False) -> tuple[list[ProgrammeSlot], str]:
    """Slots that follow each other, some after a gap, around the changes of summer time."""
    everyone = draw(people)
    at = draw(st.sampled_from([1603573200000, 1585440000000, 1594103400000, 1577833200000]))
    at += draw(st.integers(0, 86_400_000))
    step = 1000 if whole_seconds else 1
    at -= at % draw(st.sampled_from([step, 1000, 60_000]))
    slots = []
    for n in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(KINDS))
        slot = ProgrammeSlot(
            id=f"id{n}",
            title=draw(texts),
            kind=kind,
            start_at=at,
            duration_s=draw(st.one_of(st.integers(1, 7200), st.sampled_from([300, 600, 900]))),
            speakers=draw(st.lists(st.sampled_from(everyone), max_size=3, unique_by=lambda p: p.name)),
            flex=draw(st.booleans()),
            fixed=draw(st.booleans()),
            min_s=draw(st.one_of(st.none(), st.integers(0, 600))),
            skip=False,
            warn_s=draw(st.integers(0, 600)),
            danger_s=draw(st.integers(0, 600)),
            links=draw(st.lists(st.tuples(texts, st.just("https://example.org/x?y=1")), max_size=2)),
        )
        slots.append(slot)
        at = slot.end_at + draw(st.sampled_from([0, 0, 0, 600_000, 7 * 3600_000, 30 * 3600_000]))
    return slots, draw(st.sampled_from(ZONES))


@pytest.mark.parametrize("format", ["json", "csv", "xlsx"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_exported_imports_to_the_same_agenda(format: Any, data: st.DataObject) -> None:
    slots, zone = data.draw(agendas())
    programme = read_bytes(write(export(slots, zone), format), f"days.{format}", TODAY)
    assert programme.slots == slots
    assert programme.timezone == zone


@settings(max_examples=40, deadline=None)
@given(agendas(whole_seconds=True))
def test_a_calendar_imports_to_the_same_agenda(agenda: tuple[list[ProgrammeSlot], str]) -> None:
    slots, zone = agenda
    slots = [slot for slot in slots if slot.start_at % 1000 == 0]
    if slots:
        assert read_bytes(write(export(slots, zone), "ics"), "days.ics", TODAY, zone).slots == slots


@given(st.text(max_size=20))
def test_the_guard_against_formulas_can_be_taken_off(cell: str) -> None:
    assert unguard(guard(cell)) == cell
    assert guard(cell)[:1] not in tuple("=+-@\t\r\n")


FRAGMENTS = st.sampled_from(
    (
        "8:30~9h00~9.10~–~-~|~\t~  ~\n~\n\n~,~;~(~)~[5 min]~10'~Antonio Novo~Dr.~Moderated by~Welcome~Debate~"
        'Speakers list~7 July~2020~CET~Europe/Madrid~and~&~:~Start~Title~Speaker~Duration (min)~31/02/2020~25:61~{~"~'
        "BEGIN:VCALENDAR~https://x.org~*~a~Ä~€"
    ).split("~")
)


def _outcome(data: str | bytes) -> Programme | ProgrammeError:
    try:
        return parse(data, TODAY) if isinstance(data, str) else read_bytes(data, "x.csv", TODAY)
    except ProgrammeError as error:
        return error


def _either(data: str | bytes) -> None:
    """A programme whose slots are in order, or an error in a few lines; nothing else is ever raised."""
    outcome = _outcome(data)
    if isinstance(outcome, ProgrammeError):
        assert outcome.problems and 1 <= len(str(outcome).splitlines()) <= 3
        return
    assert outcome.slots
    for slot, following in pairwise([*outcome.slots, None]):
        assert slot is not None and slot.title and slot.duration_s > 0
        assert following is None or following.start_at >= slot.end_at


@settings(max_examples=400, deadline=None)
@given(st.lists(FRAGMENTS, max_size=40).map(" ".join))
def test_any_mixture_is_a_programme_or_an_error(text: str) -> None:
    _either(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_a_programme_or_an_error(text: str) -> None:
    _either(text)
    _either(f"8:30 {text}\n9:00-9:10 Close")


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"BEGIN:VCALENDAR\n", b"{", b"\xff\xfe", b"8:30 "])
)
def test_any_bytes_are_a_programme_or_an_error(data: bytes, start: bytes) -> None:
    _either(start + data)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_programme_is_a_programme_or_an_error(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([text for text, _ in [*LINES, *PROGRAMMES.values()]]))
    at = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(at, min(len(text), at + 8)))
    _either(text[:at] + data.draw(st.one_of(FRAGMENTS, st.text(max_size=4))) + text[stop:])


def test_a_title_loses_no_word() -> None:
    """Whatever is taken for people, all words of the line are somewhere in the slot."""
    for text, _ in LINES:
        for slot in parse(text, TODAY).slots:
            kept = " ".join([slot.title, *(f"{s.title} {s.name} {s.affiliation}" for s in slot.speakers)])
            for word in ("Sorting", "Zukunft", "Chimica", "Commissioner", "Weber", "Gruber", "Fernández", "Region"):
                assert (word in text) == (word in kept), text


BIG = 1_990_000
GARBAGE = {
    "one long line": "8:30 " + "a" * BIG,
    "spaces": "8:30" + " " * BIG + "x",
    "times": "8:30 " * (BIG // 5),
    "lines with times": "8:30 Foo\n" * (BIG // 9),
    "commas": "," * BIG,
    "quotes": 'Start,Title\n8:30,"' + "a," * (BIG // 2),
    "brackets": "8:40 " + "(a " * 300 + "\n" + ("8:40 " + "(a " * 300 + "\n") * 900,
    "joiners": "\n".join(f"{8 + n // 60:02d}:{n % 60:02d} " + "And de Von By " * 40 for n in range(900)),
    "people": "9:00-9:30 T\n"
    + "\n".join("Anna Kowalska and " * 20 + f"Bob Fox{chr(97 + n % 26)}" for n in range(2400)),
    "days": ("7 July and 8 August or 9 Sept 10:00 – 12:00 CET " * 8 + "\n") * 2000 + "8:30 X",
    "open json": "[" * BIG,
    "calendar": "BEGIN:VCALENDAR\n" + "X-A;B=C:D\n" * 7_900,
    "columns": "Time   Title   Speaker\n" + ("8:30   " + "x   " * 400 + "\n") * 1200,
}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_of_any_size_is_answered_quickly(name: str) -> None:
    began = time.process_time()
    outcome = _outcome(GARBAGE[name])
    assert time.process_time() - began < 2
    assert isinstance(outcome, Programme) or len(str(outcome)) < 600


@settings(max_examples=60, deadline=None)
@given(agendas())
def test_the_json_format_states_every_start_of_slots_in_order(agenda: tuple[list[ProgrammeSlot], str]) -> None:
    slots, zone = agenda
    assert all("start" in slot for slot in agenda_of("Days", zone, slots)["slots"])
