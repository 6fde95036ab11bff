from __future__ import annotations

import io
import zipfile
from datetime import datetime, time, timedelta

import openpyxl
import pytest

from moderator.programme import ProgrammeError, read_bytes

from .helpers import TODAY, lines_of, read


def _sheet(rows: list[list[object]], title: str = "Sheet") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HEADINGS = [
    "Start,End,Type,Title,Speaker,Organisation",
    "Beginn;Ende;Art;Titel;Referent;Organisation",
    "Hora;Fin;Tipo;Título;Ponente;Entidad",
    "Début;Fin;Type;Titre;Intervenant;Organisme",
    "Inizio;Fine;Tipo;Titolo;Relatore;Ente",
    "Início\tFim\tTipo\tTítulo\tOrador\tInstituição",
    "Aanvang\tEinde\tSoort\tOnderwerp\tSpreker\tOrganisatie",
    "Początek;Koniec;Rodzaj;Tytuł;Prelegent;Instytucja",
    "Začátek;Konec;Druh;Název;Řečník;Organizace",
    "Start\tSlut\tTyp\tRubrik\tTalare\tOrganisation",
    "Έναρξη;Λήξη;Τύπος;Τίτλος;Ομιλητής;Φορέας",
    "Начало;Край;Вид;Тема;Лектор;Организация",
    "Inici;Final;Tipus;Títol;Ponent;Entitat",
]


@pytest.mark.parametrize("heading", HEADINGS)
def test_it_finds_the_columns_by_their_headings(heading: str) -> None:
    delimiter = next(d for d in "\t;," if d in heading)
    text = "\n".join([heading, delimiter.join(["09:00", "09:10", "debate", "Money", "Anna Kowalska", "WSE"])])
    assert lines_of(read(text)) == ["09:00 10 debate Money | Anna Kowalska, WSE"]


@pytest.mark.parametrize(
    ("heading", "cell", "seconds"),
    [
        ("Duration (min)", "5", 300),
        ("Duration", "0:05", 300),
        ("Duration", "00:05:30", 330),
        ("Dauer", "5 Minuten", 300),
        ("Duración (min.)", "7,5", 450),
        ("duration_s", "90", 90),
        ("Duration (h)", "1.5", 5400),
        ("Durée", "1h15", 4500),
    ],
)
def test_it_reads_lengths_in_their_unit(heading: str, cell: str, seconds: int) -> None:
    slots = read(f"Start;{heading};Title\n9:00;{cell};Talk").slots
    assert slots[0].duration_s == seconds


def test_rows_without_a_time_follow_the_row_above() -> None:
    text = "Start,Duration (min),Title\n9:00,5,Welcome\n,10,Talk\n,15,Debate"
    assert lines_of(read(text)) == ["09:00 5 welcome Welcome", "09:05 10 talk Talk", "09:15 15 debate Debate"]


def test_several_speakers_in_a_cell_get_their_affiliations() -> None:
    text = 'Start,Duration,Title,Speakers,Affiliations\n9:00,5,Talk,"Dr Ann Lee; Bob Ray","ACME; SEAI"'
    assert lines_of(read(text)) == ["09:00 5 talk Talk | Ann Lee, ACME; Bob Ray, SEAI"]


def test_a_line_number_counts_the_lines_of_quoted_cells() -> None:
    text = 'Start,Duration,Title,Speaker\n9:00,5,Talk,"Ann Lee\nBob Ray"\nnever,5,Talk,'
    with pytest.raises(ProgrammeError) as refused:
        read(text)
    assert refused.value.problems[0].line == 4


def test_lines_above_the_headings_are_the_heading() -> None:
    programme = read("Hydrogen days\n7 July 2020 CET\n\nStart;Ende;Titel\n9:00;9:05;Begrüßung")
    assert (programme.title, programme.date, programme.timezone) == ("Hydrogen days", "2020-07-07", "Europe/Brussels")


def test_it_reads_a_sheet_with_times_in_every_form_that_excel_keeps() -> None:
    data = _sheet(
        [
            ["Hydrogen days"],
            ["7 July 2020", None, "(Europe/Madrid)"],
            [],
            ["Start", "Duration (min)", "Title", "Speaker"],
            [time(9, 0), 5, "Welcome", "Ann Lee"],
            [0.3819444444444444, 10, "As a fraction", None],
            [datetime.fromisoformat("2020-07-07T09:20"), timedelta(minutes=10), "As a moment", "Bob Ray"],
            ["9.30", time(0, 10), "As text", None],
        ]
    )
    programme = read_bytes(data, "days.xlsx", TODAY)
    assert programme.title == "Hydrogen days"
    assert (programme.date, programme.timezone) == ("2020-07-07", "Europe/Madrid")
    assert lines_of(programme) == [
        "09:00 5 welcome Welcome | Ann Lee",
        "09:10 10 talk As a fraction",
        "09:20 10 talk As a moment | Bob Ray",
        "09:30 10 talk As text",
    ]


def test_it_reads_a_sheet_without_headings_line_by_line() -> None:
    data = _sheet([["7 July 2020"], [time(9, 0), "Welcome", "Ann Lee"], ["09:10-09:20", "Close"]])
    assert lines_of(read_bytes(data, "a.xlsx", TODAY)) == [
        "09:00 10 welcome Welcome | Ann Lee",
        "09:10 10 wrapup Close",
    ]


def test_a_problem_in_a_sheet_names_its_row() -> None:
    data = _sheet([["Start", "Duration", "Title"], ["9:00", 5, "Welcome"], ["soon", 5, "Talk"]])
    with pytest.raises(ProgrammeError) as refused:
        read_bytes(data, "a.xlsx", TODAY)
    assert refused.value.problems[0].line == 3


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 200_000_000)
    return out.getvalue()


def _entities() -> bytes:
    good = _sheet([["Start", "Duration", "Title"], ["9:00", 5, "Welcome"]])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                content = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + content
            target.writestr(name, content)
    return out.getvalue()


def _zip(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, b"x")
    return out.getvalue()


WRONG = {
    "empty": b"",
    "blank": b" \n\t\r\n",
    "nul": b"\0" * 1000,
    "pdf": b"%PDF-1.7 8:30 Welcome",
    "old excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "binary": bytes(range(256)) * 40,
    "huge": b"8:30 Welcome\n" * 200_000,
    "broken xlsx": _sheet([["Start", "Title"]])[:1500],
    "no xlsx": b"PK\x03\x04 this is none",
    "empty xlsx": _sheet([]),
    "word": _zip("word/document.xml"),
    "zip": _zip("readme.txt"),
    "zip bomb": _bomb(),
    "entities": _entities(),
    "html": b"<!DOCTYPE html><html><body>8:30 Welcome</body></html>",
    "json that is none": b'{"title": "x", "slots": [',
    "json of something else": b'{"name": "package", "version": 1}',
    "deep json": b"[" * 100_000,
    "broken calendar": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:yesterday\n",
    "empty calendar": b"BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n",
    "utf-16 broken": b"\xff\xfe\x00\xd8x",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused_in_a_few_lines(name: str) -> None:
    with pytest.raises(ProgrammeError) as refused:
        read_bytes(WRONG[name], "file.txt", TODAY)
    assert 1 <= len(str(refused.value).splitlines()) <= 3
    assert len(str(refused.value)) < 400


def test_a_csv_without_headings_is_told_what_headings_are() -> None:
    with pytest.raises(ProgrammeError, match="No column headings"):
        read_bytes(b"18:00,5,welcome,Bienvenida\n", "agenda.csv", TODAY)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_it_reads_text_in_the_encodings_that_editors_save(encoding: str) -> None:
    data = "9:00–9:10 Begrüßung – Eva Müller, TU Wien".encode(encoding)
    assert lines_of(read_bytes(data, "a.txt", TODAY)) == ["09:00 10 welcome Begrüßung | Eva Müller, TU Wien"]


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Somebody//Else//EN
X-WR-CALNAME:Hydrogen days
BEGIN:VEVENT
UID:2
DTSTART;TZID=Europe/Madrid:20200707T091000
DURATION:PT20M
SUMMARY:Keynote: What now? – Dr. Jonas Weber (Fraunhofer)
END:VEVENT
BEGIN:VEVENT
UID:1
DTSTART;TZID=Europe/Madrid:20200707T090000
DTEND;TZID=Europe/Madrid:20200707T091000
SUMMARY:Bienvenida
DESCRIPTION:Antonio Novo\\, ECA\\nLucía Fernández\\, Xunta de Galicia\\nSee you there.
END:VEVENT
BEGIN:VEVENT
UID:3
DTSTART;VALUE=DATE:20200707
SUMMARY:Holiday
END:VEVENT
END:VCALENDAR
"""


def test_it_reads_a_calendar_of_others_in_the_order_of_the_day() -> None:
    programme = read_bytes(CALENDAR.replace("\n", "\r\n").encode(), "a.ics", TODAY)
    assert (programme.title, programme.date, programme.timezone) == ("Hydrogen days", "2020-07-07", "Europe/Madrid")
    assert lines_of(programme) == [
        "09:00 10 welcome Bienvenida | Antonio Novo, ECA; Lucía Fernández, Xunta de Galicia",
        "09:10 20 talk Keynote: What now? | Jonas Weber, Fraunhofer",
    ]
    assert any("Holiday" in note for note in programme.notes)
