from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import openpyxl
import pytest

from moderator.programme import FORMATS, SAMPLE, ProgrammeSlot, agenda_of, read_bytes, write
from moderator.programme.vtimezone import changes

from .helpers import TODAY

NASTY = '=HYPERLINK("http://x","a")'


def export(slots: list[ProgrammeSlot], zone: str = "Europe/Brussels", **more: Any) -> dict[str, Any]:
    """The dict that the web room hands to `write`."""
    return {
        "webinar": {
            "slug": "days", "title": "Days", "subtitle": "", "summary": "", "timezone": zone,
            "starts_at": slots[0].start_at, "ends_at": slots[-1].end_at, "public_url": "https://example.org/w/days",
        },
        "agenda": agenda_of("Days", zone, slots),
        "slots": [
            {
                "id": slot.id, "title": slot.title, "kind": slot.kind, "speakers": [s.name for s in slot.speakers],
                "planned_start_at": slot.start_at, "duration_s": slot.duration_s, "expected_start_at": slot.start_at,
                "expected_end_at": slot.end_at, "state": "later", "skip": slot.skip,
            }
            for slot in slots
        ],
        "questions": [],
        "sequence": 7,
        "updated_at": 1594100000000,
    } | more  # fmt: skip


def sample_slots() -> list[ProgrammeSlot]:
    slots = read_bytes(SAMPLE.read_bytes(), SAMPLE.name, TODAY).slots
    for n, slot in enumerate(slots):
        slot.id = f"slot{n}"
    slots[2].links = [("Slides <1>", "https://example.org/a?b=c")]
    slots[5].min_s = 301
    slots[6].fixed = True
    return slots


@pytest.mark.parametrize("format", [f for f in FORMATS if f != "md"])
def test_an_exported_agenda_imports_to_the_same_agenda(format: Any) -> None:
    slots = sample_slots()
    programme = read_bytes(write(export(slots), format), f"days.{format}", TODAY)
    assert programme.slots == slots
    assert (programme.title, programme.date, programme.timezone) == ("Days", "2020-07-07", "Europe/Brussels")
    assert programme.notes == []


QUESTION = {
    "n": 1, "text": NASTY, "name": "-Bob", "to": ["Ann Lee"], "state": "answered", "votes": 3,
    "asked_at": 1594103400000,
    "slot": "slot2", "answer": "+1 <b>yes</b> | no\n@all", "answered_at": 1594103500000, "air_s": 42,
}  # fmt: skip


def test_no_cell_of_a_csv_begins_as_a_formula() -> None:
    slots = sample_slots()
    slots[0].title, slots[0].speakers[0].affiliation = NASTY, "@home"
    data = write(export(slots, questions=[QUESTION]), "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n")]
    assert any(f"'{NASTY}" in row for row in rows)
    assert read_bytes(data, "days.csv", TODAY).slots == slots


def test_no_cell_of_a_sheet_is_a_formula() -> None:
    slots = sample_slots()
    slots[0].title = NASTY
    data = write(export(slots, questions=[QUESTION]), "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames[:2] == ["Agenda", "Questions"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f" or str(cell.value)[:1] in ("=", "+", "-", "@")]
    assert book["Questions"]["B2"].value == f"'{NASTY}"
    assert read_bytes(data, "days.xlsx", TODAY).slots == slots


def test_a_sheet_leaves_out_characters_that_xml_cannot_hold() -> None:
    data = write(export(sample_slots(), questions=[QUESTION | {"text": "a\x00b\x1fc\ud800d"}]), "xlsx")
    assert openpyxl.load_workbook(io.BytesIO(data))["Questions"]["B2"].value == "abcd"


def test_markdown_shows_what_was_asked_and_runs_nothing() -> None:
    text = write(
        export(sample_slots(), questions=[QUESTION | {"text": "# <script>alert(1)</script> [x](javascript:y)"}]), "md"
    )
    question = next(line for line in text.decode().splitlines() if "alert" in line)
    assert question == r"1. \# &lt;script&gt;alert\(1\)&lt;/script&gt; \[x\]\(javascript\:y\)"
    assert r"Answer: \+1 &lt;b&gt;yes&lt;/b&gt; \| no \@all" in text.decode()
    assert "(\\-Bob; to Ann Lee; answered; 3 votes)" in text.decode()


def test_json_holds_the_agenda_and_the_questions() -> None:
    body = json.loads(write(export(sample_slots(), questions=[QUESTION]), "json"))
    assert body["agenda"]["slots"][2]["start"] == "08:40"
    assert body["agenda"]["slots"][2]["speakers"] == [{"name": "Mattia Adani", "affiliation": "Lombardy Region"}]
    assert body["questions"] == [QUESTION]


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown format"):
        write(export(sample_slots()), "pdf")  # type: ignore[arg-type]


def _events(data: bytes) -> dict[str, Any]:
    return {str(event["UID"]): event for event in icalendar.Calendar.from_ical(data).walk("VEVENT")}


def test_a_calendar_passes_a_round_trip_with_the_library() -> None:
    data = write(export(sample_slots()), "ics")
    calendar = icalendar.Calendar.from_ical(data)
    assert icalendar.Calendar.from_ical(calendar.to_ical()) == calendar
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert not calendar.get_missing_tzids()
    event = _events(data)["slot2.days@moderator"]
    assert str(event["SUMMARY"]) == "Bi-Rex project (from Nowal Chimica)"
    assert event["DTSTART"].dt == datetime(2020, 7, 7, 8, 40, tzinfo=ZoneInfo("Europe/Brussels"))
    assert (event["SEQUENCE"], event["LAST-MODIFIED"].dt) == (7, datetime.fromtimestamp(1594100000, UTC))


def test_a_subscribed_calendar_moves_with_the_plan() -> None:
    before = export(sample_slots())
    after = export(sample_slots(), sequence=8)
    for slot in after["slots"][2:]:
        slot["expected_start_at"] += 120_000
        slot["expected_end_at"] += 120_000
    after["slots"][3]["skip"] = True
    one, two = _events(write(before, "ics")), _events(write(after, "ics"))
    assert set(one) - set(two) == {"slot3.days@moderator"}
    for uid in two:
        moved = two[uid]["DTSTART"].dt - one[uid]["DTSTART"].dt
        assert moved == timedelta(minutes=0 if uid[:5] in ("slot0", "slot1") else 2)
        assert two[uid]["SEQUENCE"] > one[uid]["SEQUENCE"]


def test_the_zone_of_a_calendar_has_both_offsets_and_their_onsets() -> None:
    calendar = icalendar.Calendar.from_ical(write(export(sample_slots()), "ics"))
    (zone,) = calendar.walk("VTIMEZONE")
    summer, winter = zone.walk("DAYLIGHT")[0], zone.walk("STANDARD")[-1]
    assert (summer["TZOFFSETFROM"].td, summer["TZOFFSETTO"].td) == (timedelta(hours=1), timedelta(hours=2))
    assert (winter["TZOFFSETFROM"].td, winter["TZOFFSETTO"].td) == (timedelta(hours=2), timedelta(hours=1))
    assert summer["DTSTART"].dt == datetime.fromisoformat("2019-03-31T02:00")
    assert winter["DTSTART"].dt == datetime.fromisoformat("2019-10-27T03:00")
    assert summer["RRULE"].to_ical() == b"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"


@pytest.mark.parametrize(
    "key", ["Europe/Brussels", "Europe/Dublin", "America/New_York", "Asia/Kolkata", "UTC", "Australia/Sydney"]
)
def test_the_changes_of_a_zone_are_those_of_the_database(key: str) -> None:
    zone = ZoneInfo(key)
    for change in changes(key, 2019, 2023):
        onset = change.wall - change.before
        assert (onset - timedelta(seconds=1)).replace(tzinfo=UTC).astimezone(zone).utcoffset() == change.before
        assert onset.replace(tzinfo=UTC).astimezone(zone).utcoffset() == change.after
    assert len(changes(key, 2019, 2023)) == (0 if key in ("Asia/Kolkata", "UTC") else 10)


@pytest.mark.parametrize("zone", ["UTC", "Etc/GMT-2", "America/New_York", "Asia/Kolkata"])
@pytest.mark.parametrize("format", ["json", "csv", "xlsx", "ics"])
def test_other_zones_survive_as_well(zone: str, format: Any) -> None:
    slots = sample_slots()
    programme = read_bytes(write(export(slots, zone), format), "days", TODAY, "UTC")
    assert programme.slots == slots
    assert programme.timezone == zone


@pytest.mark.parametrize("format", ["json", "csv", "xlsx", "ics"])
def test_the_second_of_two_equal_local_times_survives(format: Any) -> None:
    at = 1603587600000  # 25 October 2020, 02:00 in Brussels for the second time less an hour
    slots = [
        ProgrammeSlot(title=f"Talk {n}", kind="talk", start_at=at + n * 1800_000, duration_s=1800, id=f"s{n}")
        for n in range(-3, 4)
    ]
    assert read_bytes(write(export(slots), format), "days", TODAY).slots == slots


def test_an_agenda_whose_order_changed_during_the_show_still_imports() -> None:
    slots = sample_slots()
    slots[2], slots[4] = slots[4], slots[2]
    programme = read_bytes(write(export(slots), "json"), "days.json", TODAY)
    assert [slot.id for slot in programme.slots] == [slot.id for slot in slots]
