from __future__ import annotations

import json
from datetime import date

import pytest

from moderator.programme import SAMPLE, Programme, read_bytes
from moderator.programme.dates import from_instant

from .helpers import DATA, TODAY, lines_of

ECA = "Antonio Novo, President of the European Clusters Alliance"
S3P = [
    f"08:30 5 welcome Welcome participantas | {ECA}",
    "08:35 5 intro Introduction | Monika Banka, European Chemical Regions Network",
    "08:40 10 talk Bi-Rex project (from Nowal Chimica) | Mattia Adani, Lombardy Region",
    "08:50 10 talk Chemelot Circular Hub | Lia Voermans, Limburg Region",
    "09:00 10 talk Chemical in Flow | Maria Dolors Núñez, ACCIÓ Catalonia",
    f"09:10 15 debate Debate about opportunities of cooperation for disruption in value chain | {ECA}",
    f"09:25 5 wrapup Wrap up and conclusions | {ECA}",
]


def _read(name: str, today: date = TODAY) -> Programme:
    return read_bytes((DATA / name).read_bytes(), name, today)


def test_it_reads_the_programme_of_the_first_event_as_its_organisers_published_it() -> None:
    programme = _read("s3p-chemicals.txt", date(2020, 6, 1))
    assert lines_of(programme) == S3P
    assert (programme.date, programme.timezone, programme.slug) == ("2020-07-07", "Europe/Brussels", "s3p-chemicals")
    assert [slot.flex for slot in programme.slots] == [False] * 5 + [True, False]
    assert "CET is taken for Europe/Brussels." in programme.notes
    assert "No year given: 2020, the nearest year in which 7 July is a Tuesday." in programme.notes
    assert "Dolors Núñez is taken for Maria Dolors Núñez." in programme.notes


def test_the_sample_that_ships_is_that_programme_with_its_facts_corrected() -> None:
    programme = read_bytes(SAMPLE.read_bytes(), SAMPLE.name, TODAY)
    assert lines_of(programme) == [S3P[0].replace("participantas", "participants"), *S3P[1:]]
    assert (programme.title, programme.date, programme.timezone) == ("S3P Chemicals", "2020-07-07", "Europe/Brussels")
    assert programme.slug in (None, "s3p-chemicals")
    assert from_instant(programme.starts_at, "UTC").isoformat() == "2020-07-07T06:30:00+00:00"
    assert from_instant(programme.ends_at, "UTC").isoformat() == "2020-07-07T07:30:00+00:00"
    assert programme.notes == []


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("circular-plastics.txt", "Circular Plastics Regions – online meeting"),
        ("hydrogen-valleys.txt", "Hydrogen valleys: who pays?"),
        ("clusters-table.csv", "Clusters table"),
    ],
)
def test_it_reads_the_other_notations_to_what_is_expected(name: str, title: str) -> None:
    programme = _read(name)
    expected = json.loads((DATA / name).with_suffix("").with_suffix(".expected.json").read_text("utf-8"))
    assert programme.title == title
    for key in ("date", "timezone"):
        assert getattr(programme, key) == expected.get(key, getattr(programme, key))
    found = []
    for slot, wanted in zip(programme.slots, expected["slots"], strict=True):
        entry = {
            "start": f"{from_instant(slot.start_at, programme.timezone):%H:%M}",
            "duration_s": slot.duration_s,
            "kind": slot.kind,
            "title": slot.title,
            "speakers": [speaker.name for speaker in slot.speakers],
        }
        found.append({key: entry[key] for key in wanted})
    assert found == expected["slots"]


def test_it_keeps_affiliations_and_honorifics_apart_from_names() -> None:
    slots = _read("hydrogen-valleys.txt").slots
    assert [(s.name, s.affiliation, s.title) for s in slots[1].speakers + slots[2].speakers] == [
        ("Lars Nielsen", "Danish Energy Agency", "Mr"),
        ("Aoife Byrne", "SEAI", "Ms"),
        ("Anna Kowalska", "Warsaw School of Economics", "Prof."),
    ]


def test_a_table_without_day_and_zone_is_today_in_brussels_and_says_so() -> None:
    programme = _read("clusters-table.csv")
    assert (programme.date, programme.timezone) == ("2026-11-23", "Europe/Brussels")
    assert "No date given: today (2026-11-23)." in programme.notes
    assert "No time zone given: Europe/Brussels." in programme.notes
