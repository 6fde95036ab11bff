from __future__ import annotations

import json
from typing import Any

import pytest

from moderator.programme import ProgrammeError, read_slots, read_text, slug_of

from .helpers import TODAY, lines_of, read


def _file(**changes: Any) -> dict[str, Any]:
    slots = [
        {"title": "Welcome", "kind": "welcome", "start": "08:30", "duration_s": 300, "speakers": ["Ann Lee"]},
        {"title": "Talk", "kind": "talk", "duration_s": 600, "speakers": [{"name": "Bob Ray", "affiliation": "SEAI"}]},
        {"title": "Debate", "kind": "debate", "duration_s": 900, "min_s": 300, "warn_s": 60, "danger_s": 30},
    ]
    return {"title": "Days", "date": "2020-07-07", "timezone": "Europe/Brussels", "slots": slots} | changes


def test_it_reads_the_json_format() -> None:
    programme = read(json.dumps(_file(slug="my-days")))
    assert lines_of(programme) == [
        "08:30 5 welcome Welcome | Ann Lee",
        "08:35 10 talk Talk | Bob Ray, SEAI",
        "08:45 15 debate Debate",
    ]
    debate = programme.slots[2]
    assert (debate.flex, debate.min_s, debate.warn_s, debate.danger_s) == (True, 300, 60, 30)
    assert (programme.slug, programme.notes) == ("my-days", [])


def test_an_export_holds_the_agenda_under_its_name() -> None:
    assert read(json.dumps({"webinar": {}, "agenda": _file(), "questions": []})).title == "Days"


def test_flex_is_what_the_file_says() -> None:
    slots = _file()["slots"]
    slots[0]["flex"], slots[2]["flex"] = True, False
    assert [slot.flex for slot in read_slots(slots, "2020-07-07", "Europe/Brussels")] == [True, False, False]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"duration_s": 0}, "slots[1].duration_s"),
        ({"duration_s": "600"}, "slots[1].duration_s"),
        ({"duration_s": 1.5}, "slots[1].duration_s"),
        ({"duration_s": 10**30}, "slots[1].duration_s"),
        ({"title": ""}, "slots[1].title"),
        ({"title": " \u200b\u202e "}, "slots[1].title"),
        ({"title": "x" * 301}, "slots[1].title"),
        ({"kind": "party"}, "slots[1].kind"),
        ({"start": "soon"}, "slots[1].start"),
        ({"start": "25:00"}, "slots[1].start"),
        ({"start": 900}, "slots[1].start"),
        ({"speakers": [""]}, "slots[1].speakers[0]"),
        ({"speakers": [{"affiliation": "x"}]}, "slots[1].speakers[0].name"),
        ({"speakers": "Ann Lee"}, "slots[1].speakers"),
        ({"links": [{"url": "javascript:alert(1)"}]}, "slots[1].links[0].url"),
        ({"surprise": 1}, "slots[1].surprise"),
        ({"id": "a b"}, "slots[1].id"),
    ],
)
def test_an_error_carries_the_path_of_the_field(change: dict[str, Any], path: str) -> None:
    slots = _file()["slots"]
    slots[1].update(change)
    with pytest.raises(ProgrammeError) as refused:
        read_slots(slots, "2020-07-07", "Europe/Brussels")
    assert [problem.path for problem in refused.value.problems] == [path]
    assert str(refused.value).startswith(path + ": ")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"date": "07.07.2020"}, "date"),
        ({"date": "2020-02-30"}, "date"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"slots": []}, "slots"),
        ({"slots": {}}, "slots"),
        ({"surprise": 1}, "surprise"),
        ({"slug": "Not A Slug"}, "slug"),
    ],
)
def test_an_error_of_the_whole_carries_its_path(change: dict[str, Any], path: str) -> None:
    with pytest.raises(ProgrammeError) as refused:
        read_text(json.dumps(_file(**change)), TODAY)
    assert refused.value.problems[0].path == path


def test_a_missing_field_is_named() -> None:
    with pytest.raises(ProgrammeError, match=r"slots\[0\]\.duration_s: This field is missing"):
        read_slots([{"title": "Talk", "start": "9:00"}], "2020-07-07", "Europe/Brussels")


def test_two_slots_cannot_have_one_id() -> None:
    slots = [{"id": "a", "title": "x", "start": "9:00", "duration_s": 60}, {"id": "a", "title": "y", "duration_s": 60}]
    with pytest.raises(ProgrammeError, match=r"slots\[1\]\.id"):
        read_slots(slots, "2020-07-07", "Europe/Brussels")


def test_times_that_overlap_or_run_backwards_are_reported() -> None:
    slots = _file()["slots"]
    slots[1]["start"] = "08:34"
    with pytest.raises(ProgrammeError, match=r"slots\[1\].*before slots\[0\] ends"):
        read_slots(slots, "2020-07-07", "Europe/Brussels")
    slots[1]["start"] = "07:00"
    with pytest.raises(ProgrammeError, match="run backwards"):
        read_slots(slots, "2020-07-07", "Europe/Brussels")


def test_the_first_slot_may_take_its_start_from_the_webinar() -> None:
    slots = [{"title": "Talk", "duration_s": 60}, {"title": "Talk 2", "duration_s": 60}]
    with pytest.raises(ProgrammeError, match="needs a start"):
        read_slots(slots, "2020-07-07", "Europe/Brussels")
    read = read_slots(slots, "2020-07-07", "Europe/Brussels", first_at=1594103400000)
    assert [slot.start_at for slot in read] == [1594103400000, 1594103460000]


def test_a_syntax_error_names_its_line() -> None:
    with pytest.raises(ProgrammeError) as refused:
        read('{"title": "x",\n "slots": [\n  {oops}\n]}')
    assert refused.value.problems[0].line == 3


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("S3P Chemicals", "s3p-chemicals"),
        ("Hydrogen valleys: who pays?", "hydrogen-valleys-who-pays"),
        ("Über Straßen & Łódź", "uber-strassen-lodz"),
        ("Ενέργεια", "energeia"),
        ("Дискусия", "diskusiya"),
        ("…", "webinar"),
        ("x" * 200, "x" * 60),
    ],
)
def test_the_slug_of_a_title(title: str, slug: str) -> None:
    assert slug_of(title) == slug
