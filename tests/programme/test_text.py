from __future__ import annotations

from datetime import date

import pytest

from moderator.programme import ProgrammeError, read_text
from moderator.programme.dates import find_day
from moderator.programme.words import MONTHS

from .helpers import TODAY, lines_of, read

# One slot a line: what was pasted, and what it is.
LINES = [
    ("8:30 Welcome [10 min]", "08:30 10 welcome Welcome"),
    ("8h30 Welcome [10']", "08:30 10 welcome Welcome"),
    ("8h Welcome (10 min)", "08:00 10 welcome Welcome"),
    ("8 h 30 Welcome (10’)", "08:30 10 welcome Welcome"),
    ("8u30 Welkom [10 min.]", "08:30 10 welcome Welkom"),
    ("8.30 Welcome, 10 min", "08:30 10 welcome Welcome"),
    ("08:30-08:40 Welcome", "08:30 10 welcome Welcome"),
    ("08:30 – 08:40: Welcome", "08:30 10 welcome Welcome"),
    ("08:30—08:40 Welcome", "08:30 10 welcome Welcome"),
    ("08:30 to 08:40 Welcome", "08:30 10 welcome Welcome"),
    ("8h30 à 8h40 Accueil", "08:30 10 welcome Accueil"),
    ("8.30 bis 8.40 Uhr Begrüßung", "08:30 10 welcome Begrüßung"),
    ("08:30 Uhr – 08:40 Uhr: Begrüßung", "08:30 10 welcome Begrüßung"),
    ("8:30 a 8:40 h. Bienvenida", "08:30 10 welcome Bienvenida"),
    ("0830-0840 Welcome", "08:30 10 welcome Welcome"),
    ("9 AM Welcome [10 min]", "09:00 10 welcome Welcome"),
    ("9:30 pm Welcome [10 min]", "21:30 10 welcome Welcome"),
    ("12 AM Welcome [10 min]", "00:00 10 welcome Welcome"),
    ("12:15 p.m. Welcome [10 min]", "12:15 10 welcome Welcome"),
    ("9-10 am Welcome", "09:00 60 welcome Welcome"),
    ("11:30–12:30 pm Welcome", "11:30 60 welcome Welcome"),
    ("23:50-00:10 Midnight debate", "23:50 20 debate Midnight debate"),
    ("[08:30-8:40] Welcome", "08:30 10 welcome Welcome"),
    ("**08:30-08:40** – *Welcome*", "08:30 10 welcome Welcome"),
    ("* 08:30 Welcome [1 h 15]", "08:30 75 welcome Welcome"),
    ("• 08:30 Welcome (1h15)", "08:30 75 welcome Welcome"),
    ("1. 08:30 Welcome [90 min]", "08:30 90 welcome Welcome"),
    ("- At 8:30 Welcome [1,5 h]", "08:30 90 welcome Welcome"),
    ("08:30 (5') Welcome", "08:30 5 welcome Welcome"),
    ("08:30 | 5 min | Welcome | Antonio Novo", "08:30 5 welcome Welcome | Antonio Novo"),
    ("08:30\t08:35\tWelcome\tAntonio Novo\tECA", "08:30 5 welcome Welcome | Antonio Novo, ECA"),
    ("08:30 - 08:40 - Welcome - Antonio Novo - ECA", "08:30 10 welcome Welcome | Antonio Novo, ECA"),
    ("8:30-8:40, Welcome, Antonio Novo, ECA", "08:30 10 welcome Welcome | Antonio Novo, ECA"),
    ("8:30-8:40 Welcome; Antonio Novo; ECA", "08:30 10 welcome Welcome | Antonio Novo, ECA"),
    ("8:30-8:40 Welcome. Antonio Novo, ECA", "08:30 10 welcome Welcome | Antonio Novo, ECA"),
    ("8:30-8:40 Welcome (Antonio Novo, ECA)", "08:30 10 welcome Welcome | Antonio Novo, ECA"),
    ("8:30-8:40 Welcome · Antonio Novo · ECA", "08:30 10 welcome Welcome | Antonio Novo, ECA"),
    ("8:30-8:40 Antonio Novo (ECA): Welcome", "08:30 10 welcome Welcome | Antonio Novo, ECA"),
    ("8:30-8:40 Antonio Novo – Welcome", "08:30 10 welcome Welcome | Antonio Novo"),
    ("8:30-8:40 Welcome by Antonio Novo, ECA", "08:30 10 welcome Welcome | Antonio Novo, ECA"),
    ("8:30-8:40 Accueil par M. Jean Dupont (CNRS)", "08:30 10 welcome Accueil | Jean Dupont, CNRS"),
    ("8:30-8:40 Debat (modera: Carme Puig)", "08:30 10 debate Debat | Carme Puig"),
    ("8:30-8:40 Debate moderated by Carme Puig", "08:30 10 debate Debate | Carme Puig"),
    ("8:30-8:40 Q&A – moderator: Carme Puig", "08:30 10 debate Q&A | Carme Puig"),
    (
        "8:30-8:40 Debate: Anna Kowalska, Piet de Boer, Lars Nielsen",
        "08:30 10 debate Debate | Anna Kowalska; Piet de Boer; Lars Nielsen",
    ),
    (
        "8:30-8:40 Panel with Anna Kowalska (WSE), Piet de Boer & Lars Nielsen",
        "08:30 10 debate Panel | Anna Kowalska, WSE; Piet de Boer; Lars Nielsen",
    ),
    (
        "8:30-8:40 Presentación del proyecto – Dña. Lucía Fernández y D. João Pinto (AEP)",
        "08:30 10 talk Presentación del proyecto | Lucía Fernández; João Pinto, AEP",
    ),
    (
        "8:30-8:40 Wasserstoff – Grüne Zukunft – Herr Dr. Max Huber, OMV und Frau Lena Gruber, AIT",
        "08:30 10 talk Wasserstoff – Grüne Zukunft | Max Huber, OMV; Lena Gruber, AIT",
    ),
    (
        "8:30-8:40 Relazione – Sig.ra Maria Rossi, Dott. Luca Bianchi (ENEA)",
        "08:30 10 talk Relazione | Maria Rossi; Luca Bianchi, ENEA",
    ),
    (
        "8:30-8:40 Lezing – dhr. Piet de Boer & mevr. Anke Visser, TNO",
        "08:30 10 talk Lezing | Piet de Boer; Anke Visser, TNO",
    ),
    ("8:30-8:40 Wykład – Pan Jan Kowalski, AGH", "08:30 10 talk Wykład | Jan Kowalski, AGH"),
    ("8:30-8:40 Ομιλία – κα Μαρία Νικολάου, ΕΜΠ", "08:30 10 talk Ομιλία | Μαρία Νικολάου, ΕΜΠ"),
    ("8:30-8:40 Лекция – Иван Петров (БАН)", "08:30 10 talk Лекция | Иван Петров, БАН"),
    (
        "8:30-8:40 Pilot 1 – Sorting at sea | Inês Tavares | Norte Region",
        "08:30 10 talk Pilot 1 – Sorting at sea | Inês Tavares, Norte Region",
    ),
    (
        "8:30-8:40 Keynote – Jonas Weber – What recycling cannot do",
        "08:30 10 talk Keynote: What recycling cannot do | Jonas Weber",
    ),
    (
        "8:30-8:40 Introduction, Ms. Monika Banka, European Chemical Regions Network",
        "08:30 10 intro Introduction | Monika Banka, European Chemical Regions Network",
    ),
    (
        "8:30-8:40 What is new in St. Petersburg? Ivan Petrov",
        "08:30 10 talk What is new in St. Petersburg? | Ivan Petrov",
    ),
    ("8:30-8:40 Round table with A. Kowalska (WSE)", "08:30 10 debate Round table | A. Kowalska, WSE"),
    # Titles that only look as if a person stood in them
    ("8:30-8:40 Digital Twins – Offene Fragen", "08:30 10 talk Digital Twins – Offene Fragen"),
    ("8:30-8:40 Marie Curie Actions – how to apply", "08:30 10 talk Marie Curie Actions – how to apply"),
    ("8:30-8:40 Energy, Climate and Jobs", "08:30 10 talk Energy, Climate and Jobs"),
    ("8:30-8:40 Berlin – Brussels – Madrid", "08:30 10 talk Berlin – Brussels – Madrid"),
    ("8:30-8:40 Case study: Volkswagen AG", "08:30 10 talk Case study: Volkswagen AG"),
    ("8:30-8:40 H2 Valleys (Emilia Romagna)", "08:30 10 talk H2 Valleys (Emilia Romagna)"),
    ("8:30-8:40 Bi-Rex project (from Nowal Chimica)", "08:30 10 talk Bi-Rex project (from Nowal Chimica)"),
    ("8:30-8:40 The 10 minute rule", "08:30 10 talk The 10 minute rule"),
    ("8:30-8:40 Closing the loop", "08:30 10 talk Closing the loop"),
    ("8:30-8:40 Keynote speech by EU Commissioner", "08:30 10 talk Keynote speech by EU Commissioner"),
]


@pytest.mark.parametrize(("text", "expected"), LINES, ids=[line for line, _ in LINES])
def test_it_reads_a_line_in_this_notation(text: str, expected: str) -> None:
    assert lines_of(read(text)) == [expected]


PROGRAMMES = {
    "times on lines of their own": (
        "08:30\nWelcome\nAntonio Novo\nEuropean Clusters Alliance\n\n08:40\nTalk of the day\nXanthe Ploumidi, NTUA\n\n"
        "08:50 – 09:00\nConclusions",
        [
            "08:30 10 welcome Welcome | Antonio Novo, European Clusters Alliance",
            "08:40 10 talk Talk of the day | Xanthe Ploumidi, NTUA",
            "08:50 10 wrapup Conclusions",
        ],
    ),
    "times at the end": (
        "Welcome, 8:30-8:35 (Antonio Novo)\nIntroduction, 8:35-8:45 (Monika Banka)",
        ["08:30 5 welcome Welcome | Antonio Novo", "08:35 10 intro Introduction | Monika Banka"],
    ),
    "lengths only": (
        "12 March 2026, 14:00-14:30 CET\nOpening (5 min) – Anna Kowalska\nTalk one (10 min) – Piet de Boer\n"
        "Questions (15 min)",
        [
            "14:00 5 welcome Opening | Anna Kowalska",
            "14:05 10 talk Talk one | Piet de Boer",
            "14:15 15 debate Questions",
        ],
    ),
    "a markdown table": (
        "| Time | Title | Speaker |\n|------|-------|---------|\n| 09:00 | Begrüßung | Frau Dr. Eva Klein (TU Wien) |\n"
        "| 09:10 – 09:30 | Kaffeepause | |\n",
        ["09:00 10 welcome Begrüßung | Eva Klein, TU Wien", "09:10 20 break Kaffeepause"],
    ),
    "aligned columns": (
        "Time          Session           Speaker              Organisation\n"
        "10:00-10:10   Accueil           Mme Claire Dubois    CNRS\n"
        "10:10-10:30   Pause café\n"
        "10:30-10:45   Clôture           M. Jean Dupont       Université de Lille\n",
        [
            "10:00 10 welcome Accueil | Claire Dubois, CNRS",
            "10:10 20 break Pause café",
            "10:30 15 wrapup Clôture | Jean Dupont, Université de Lille",
        ],
    ),
    "tabs": (
        "Start\tEnde\tTitel\tReferent\n09:00\t09:05\tBegrüßung\tEva Klein\n"
        "09:05\t09:30\tImpuls\tMax Huber; Lena Gruber\n",
        ["09:00 5 welcome Begrüßung | Eva Klein", "09:05 25 talk Impuls | Max Huber; Lena Gruber"],
    ),
    "people under their slot in bullets": (
        "10:00 h. Bienvenida. D. Antonio Novo, ECA\n10:10 h. Mesa redonda. Moderado por: Dña. Lucía Fernández (Xunta)\n"
        "   - D. João Pinto, AEP\n   - Dña. Marta Gil, CSIC\n10:50 h. Cierre [10 min]",
        [
            "10:00 10 welcome Bienvenida | Antonio Novo, ECA",
            "10:10 40 debate Mesa redonda | Lucía Fernández, Xunta; João Pinto, AEP; Marta Gil, CSIC",
            "10:50 10 wrapup Cierre",
        ],
    ),
    "the end as a time of its own": (
        "9h00 Accueil\n9h10 Débat\nAnimé par Claire Dubois\n9h40 Fin",
        ["09:00 10 welcome Accueil", "09:10 30 debate Débat | Claire Dubois"],
    ),
    "a list of speakers first": (
        "Speakers:\nAnna Kowalska (Warsaw School of Economics)\nPiet de Boer\n\nAgenda:\n09:00 Welcome – Kowalska\n"
        "09:10-09:20 Talk Piet de Boer",
        ["09:00 10 welcome Welcome | Anna Kowalska, Warsaw School of Economics", "09:10 10 talk Talk | Piet de Boer"],
    ),
    "over midnight": (
        "23:30 Welcome\n23:50 Debate\n00:20-00:30 Close",
        ["23:30 20 welcome Welcome", "23:50 30 debate Debate", "00:20 10 wrapup Close"],
    ),
    "windows line ends, non-breaking spaces, a byte order mark": (
        "\ufeff08:30\u00a0Welcome\r\nAntonio\u00a0Novo\r\n08:40–08:50\u2003Close\r\n",
        ["08:30 10 welcome Welcome | Antonio Novo", "08:40 10 wrapup Close"],
    ),
}


@pytest.mark.parametrize("name", PROGRAMMES)
def test_it_reads_a_programme_with(name: str) -> None:
    text, expected = PROGRAMMES[name]
    assert lines_of(read(text)) == expected


def test_the_programmes_affiliation_wins_over_the_speakers_list() -> None:
    text = "9:00-9:10 Talk\nDolors Núñez – ACCIÓ\n\nSpeakers list\nDolors Núñez\nDolors NúñezFlow Hub"
    assert lines_of(read(text)) == ["09:00 10 talk Talk | Dolors Núñez, ACCIÓ"]


def test_the_speakers_list_completes_what_the_programme_lacks() -> None:
    text = "9:00-9:10 Talk\nMs Banka\n\nSpeakers\nMonika Banka\nMonika BankaEuropean Chemical Regions Network\nAnn Lee"
    programme = read(text)
    assert lines_of(programme) == ["09:00 10 talk Talk | Monika Banka, European Chemical Regions Network"]
    assert "Ann Lee is in the speakers list, but in no slot." in programme.notes


def test_two_people_of_one_slot_are_never_made_one() -> None:
    assert lines_of(read("9:00-9:10 Talk\nAnna Kowalska\nAnna Maria Kowalska")) == [
        "09:00 10 talk Talk | Anna Kowalska; Anna Maria Kowalska"
    ]


def test_words_that_merely_could_be_a_name_stay_in_the_title_when_people_stand_below() -> None:
    assert lines_of(read("9:00-9:10 Bi-Rex – Nowal Chimica\nMattia Adani, Lombardy Region")) == [
        "09:00 10 talk Bi-Rex – Nowal Chimica | Mattia Adani, Lombardy Region"
    ]


def test_it_says_when_only_the_look_of_the_words_made_a_speaker() -> None:
    programme = read("9:00-9:10 Catalysis – Xanthe Ploumidi")
    assert lines_of(programme) == ["09:00 10 talk Catalysis | Xanthe Ploumidi"]
    assert "Line 1: “Xanthe Ploumidi” is taken for who speaks." in programme.notes


def test_a_heading_gives_title_subtitle_and_hours() -> None:
    programme = read(
        "Programa\nJornada sobre hidrógeno\nEnergía para las regiones\n"
        "Martes, 7 de julio de 2020, de 10:00 a 11:00 h (hora de Madrid)\n10:00 h. Bienvenida\n10:50 h. Cierre"
    )
    assert (programme.title, programme.subtitle) == ("Jornada sobre hidrógeno", "Energía para las regiones")
    assert (programme.date, programme.timezone) == ("2020-07-07", "Europe/Madrid")
    assert lines_of(programme)[-1] == "10:50 10 wrapup Cierre"


def test_it_takes_links_under_a_slot() -> None:
    slot = read("9:00-9:10 Talk\nAnna Kowalska\nSlides: https://example.org/a.pdf").slots[0]
    assert slot.links == [("Slides", "https://example.org/a.pdf")]


def test_days_inside_the_programme_move_the_slots() -> None:
    programme = read("Day 1 – 7 July 2020\n09:00-10:00 One\nDay 2 – 8 July 2020\n09:00-10:00 Two")
    assert programme.slots[1].start_at - programme.slots[0].start_at == 24 * 3600 * 1000


def test_prose_under_a_slot_is_left_out_and_said() -> None:
    programme = read("9:00-9:10 Talk\nIn this talk we look at what the regions did and what it cost them.")
    assert lines_of(programme) == ["09:00 10 talk Talk"]
    assert any(note.startswith("Line 2 is left out") for note in programme.notes)


REFUSED = [
    ("hello world", None, "No times found"),
    ("", None, "no text"),
    ("9:00 Welcome\nasdf qwer\n9:10-9:20 Close", 2, "cannot be understood"),
    ("9:00 Welcome\n???\n9:10-9:20 Close", 2, "cannot be understood"),
    ("9:00 Welcome\nModerated by\u00a0the usual suspects\n9:10-9:20 Close", 2, "cannot be understood"),
    ("9:00 Welcome\n25:10 Talk\n9:20-9:30 Close", 2, "25:10 is not a time of day"),
    ("9:00 Welcome\n9:75 Talk\n9:20-9:30 Close", 2, "9:75 is not a time of day"),
    ("9:00 Welcome\n8:50 Talk\n9:20-9:30 Close", 2, "run backwards"),
    ("9:00 Welcome\n9:00 Talk\n9:20-9:30 Close", 2, "09:00 is the start of line 1 already"),
    ("9:00-9:30 Welcome\n9:20-9:40 Talk", 2, "before line 1 ends"),
    ("9:00 Welcome [20 min]\n9:10-9:20 Talk", 2, "before line 1 ends"),
    ("20:00 Welcome\n06:00-07:00 Talk", 2, "run backwards"),
    ("22:00-06:00 Long night", 1, "before it starts"),
    ("9:00-9:00 Nothing", 1, "when it starts"),
    ("9:00 Welcome\n9:10 Close", 2, "no length"),
    ("9:00-9:20 Talk [5 min]", 1, "do not agree"),
    ("31 June 2020\n9:00-9:10 Talk", 1, "is not a day of the calendar"),
    ("7/13/2020\n9:00-9:10 Talk", 1, "not a day"),
    ("7 July 2020 (Europe/Atlantis)\n9:00-9:10 Talk", 1, "not a time zone"),
    ("9:00-9:10\n9:10-9:20 Talk\n9:20-9:30", 3, "no title"),
    ("Start,Duration (min),Title\n9:00,5,Welcome\nsoon,5,Talk", 3, "not a time of day"),
    ("Start,Duration (min),Title\n9:00,5,Welcome\n9:05,long,Talk", 3, "not a length"),
]


@pytest.mark.parametrize(
    ("text", "line", "message"), REFUSED, ids=[text[:30].replace("\n", " ") for text, _, _ in REFUSED]
)
def test_it_says_what_it_cannot_understand_with_the_line(text: str, line: int | None, message: str) -> None:
    with pytest.raises(ProgrammeError) as refused:
        read_text(text, TODAY)
    assert any(p.line == line and message in p.message for p in refused.value.problems), refused.value.problems
    assert len(str(refused.value).splitlines()) <= 3


def test_all_problems_are_found_at_once_and_said_in_a_few_lines() -> None:
    text = "\n".join(f"{n // 60:02d}:{n % 60:02d} Talk\nxyzzy plugh" for n in range(480, 490)) + "\n08:30-08:40 End"
    with pytest.raises(ProgrammeError) as refused:
        read_text(text, TODAY)
    assert [p.line for p in refused.value.problems] == list(range(2, 21, 2))
    assert str(refused.value).splitlines()[-1] == "… and 8 more of this kind."


DAYS = [
    "7 July 2020", "7th of July 2020", "July 7, 2020", "July 7th 2020", "Tuesday, 7 July 2020", "07/07/2020",
    "7.7.2020",
    "2020-07-07", "7. Juli 2020", "Dienstag, den 7. Juli 2020", "7 de julio de 2020", "7 de juliol del 2020",
    "terça-feira, 7 de julho de 2020", "7 luglio 2020", "mardi 7 juillet 2020", "dinsdag 7 juli 2020", "7 lipca 2020",
    "7. července 2020", "2020. július 7.", "7. heinäkuuta 2020", "7 Ιουλίου 2020", "7 юли 2020", "7 iulie 2020",
    "2020 m. liepos 7 d.", "7. srpnja 2020", "7. juli 2020",
]  # fmt: skip


@pytest.mark.parametrize("day", DAYS)
def test_it_reads_the_day_in_this_notation(day: str) -> None:
    assert read(f"{day}\n9:00-9:10 Talk").date == "2020-07-07"


@pytest.mark.parametrize("form", ["8 {} 2026", "8. {} 2026", "Day: 8 of {} 2026", "8 de {} de 2026"])
def test_it_knows_every_month_by_every_name(form: str) -> None:
    """Some begin as what may follow a number: 8 april, 8a abril; 8 december, 8 de desembre."""
    found = {name: find_day(form.format(name)) for name in MONTHS}
    assert {name: (day.year, day.month, day.day) for name, day in found.items() if day} == {
        name: (2026, month, 8) for name, month in MONTHS.items()
    }


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("CET", "Europe/Brussels"),
        ("CEST", "Europe/Brussels"),
        ("Europe/Madrid", "Europe/Madrid"),
        ("UTC", "UTC"),
        ("WET", "Europe/Lisbon"),
        ("EET", "Europe/Athens"),
        ("UTC+2", "Etc/GMT-2"),
        ("Brussels time", "Europe/Brussels"),
    ],
)
def test_it_reads_the_zone(said: str, zone: str) -> None:
    assert read(f"7 July 2020 ({said})\n9:00-9:10 Talk").timezone == zone
    assert read(f"7 July 2020\n9:00-9:10 Talk\nAll times in {said}").timezone == zone


def test_a_day_without_a_year_is_the_one_whose_weekday_matches_nearest_today() -> None:
    assert read("Tuesday 7 July\n9:00-9:10 Talk", date(2019, 1, 1)).date == "2020-07-07"
    assert read("Tuesday 7 July\n9:00-9:10 Talk", date(2025, 1, 1)).date == "2026-07-07"
    assert read("7 July\n9:00-9:10 Talk", date(2025, 6, 1)).date == "2025-07-07"


def test_local_times_that_occur_twice_mean_the_first_and_missing_ones_move_forward() -> None:
    twice = read("25 October 2020\n02:30-02:45 Talk").slots[0]
    assert twice.start_at == 1603585800000  # 00:30 UTC
    never = read("29 March 2020\n02:30-03:45 Talk").slots[0]
    assert never.start_at == 1585445400000  # 01:30 UTC, shown as 03:30


def test_the_same_text_is_read_to_the_same_programme() -> None:
    text = PROGRAMMES["people under their slot in bullets"][0]
    assert read(text) == read(text)
