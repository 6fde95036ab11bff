"""The clock: the vectors that it shares with the screens, the plan, and the edges of the moves."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from moderator.domain import timer as clock
from moderator.domain.agenda import Slot
from moderator.domain.timer import Projection, Run, Timer, project

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "timer.json").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = VECTORS["cases"]


# ---- reading a vector: from the view back to slots and a trail -----------------------------------------------------


def instant(text: str) -> int:
    if "T" not in text:
        whole = text if text.count(":") == 2 else text + ":00"
        text = f"{VECTORS['day']}T{whole}{VECTORS['offset']}"
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def read_slots(case: dict[str, Any]) -> list[Slot]:
    slots = []
    for base in VECTORS["agendas"][case["agenda"]]["slots"]:
        fields = {"title": base["id"], **base, **case.get("slots", {}).get(base["id"], {})}
        slots.append(Slot(**{**fields, "planned_start_at": instant(fields["planned_start_at"])}))
    return slots


def read_ends_at(case: dict[str, Any]) -> int:
    return instant(case.get("ends_at", VECTORS["agendas"][case["agenda"]]["ends_at"]))


def read_timer(case: dict[str, Any]) -> Timer:
    view = case["timer"]
    past = [Run(slot, instant(start), 600, ended_at=instant(end)) for slot, (start, end) in case.get("ran", {}).items()]
    past.sort(key=lambda run: run.started_at)
    if view["phase"] == "before":
        return Timer()
    if view["phase"] == "ended":
        return Timer("ended", tuple(past), instant(view["ended_at"]) if "ended_at" in view else None)
    started, added = instant(view["started_at"]), view.get("added_s", 0)
    paused_ms = instant(view["deadline_at"]) - started - (view["duration_s"] + added) * 1000
    paused_at = instant(view["paused_at"]) if "paused_at" in view else None
    run = Run(view["slot"], started, view["duration_s"], added, paused_ms, paused_at)
    return Timer(view["phase"], (*past, run))


def read_moves(case: dict[str, Any]) -> Timer:
    timer = Timer()
    for name, *values in case["moves"]:
        values = [instant(value) if isinstance(value, str) and ":" in value else value for value in values]
        timer = getattr(clock, name)(timer, *values)
    return timer


def check(case: dict[str, Any], timer: Timer) -> None:
    slots, ends_at, now, expect = read_slots(case), read_ends_at(case), instant(case["now"]), case["expect"]
    got = project(slots, timer, ends_at, now)
    for slot_id, (state, start, end) in expect.get("slots", {}).items():
        found = got.slots[slot_id]
        assert (slot_id, found.state, found.expected_start_at, found.expected_end_at) == (
            slot_id,
            state,
            instant(start),
            instant(end),
        )
    for slot_id, times in case.get("ran", {}).items():
        if timer.current is None or timer.current.slot != slot_id:
            found = got.slots[slot_id]
            assert [found.actual_start_at, found.actual_end_at] == [instant(text) for text in times]
    if "end_expected_at" in expect:
        assert got.end_expected_at == instant(expect["end_expected_at"])
    if "over_s" in expect:
        assert got.over_s == expect["over_s"]
    if "remaining_ms" in expect:
        assert clock.remaining_ms(timer, now) == expect["remaining_ms"]
    if "time_state" in expect:
        current = timer.current.slot if timer.current else slots[0].id
        slot = next(slot for slot in slots if slot.id == current)
        assert clock.time_state(slot, timer, now) == expect["time_state"]
    for slot_id, length in expect.get("expected_length_s", {}).items():
        assert clock.expected_length_s(slots, timer, ends_at, now, slot_id) == length
    ways = {way.how: way for way in clock.settlements(slots, timer, ends_at, now, case.get("skip"))}
    for how, wanted in expect.get("settlements", {}).items():
        assert (how in ways) == (wanted is not None), how
        for field, value in (wanted or {}).items():
            value = instant(value) if field == "end_expected_at" else value
            assert (how, field, getattr(ways[how], field)) == (how, field, value)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_it_projects_as_worked_out_by_hand(case: dict[str, Any]) -> None:
    check(case, read_timer(case))


MOVED = [case for case in CASES if "moves" in case]


@pytest.mark.parametrize("case", MOVED, ids=[case["name"] for case in MOVED])
def test_its_moves_lead_to_the_timer_of_the_view(case: dict[str, Any]) -> None:
    timer, view = read_moves(case), case["timer"]
    assert timer.phase == view["phase"]
    if timer.current is not None:
        run = timer.current
        paused_at = instant(view["paused_at"]) if "paused_at" in view else None
        assert (run.slot, run.started_at, run.deadline_at) == (
            view["slot"],
            instant(view["started_at"]),
            instant(view["deadline_at"]),
        )
        assert (run.duration_s, run.added_s, run.paused_at) == (view["duration_s"], view.get("added_s", 0), paused_at)
    check(case, timer)


def test_there_are_at_least_60_vectors_with_names_of_their_own() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES) >= 60
    assert all(case["why"] and case["expect"] for case in CASES)


# ---- the plan and the edges of the moves ---------------------------------------------------------------------------


def hour() -> list[Slot]:
    return read_slots({"agenda": "hour"})


def starts(slots: Any) -> dict[str, int]:
    return {slot.id: slot.planned_start_at for slot in slots}


def test_replan_moves_the_whole_plan_so_that_the_slot_is_on_time() -> None:
    fixed = read_slots({"agenda": "fixed"})
    moved, ends_at = clock.replan(fixed, instant("10:00"), "debate", instant("11:10"))
    assert starts(moved) == {
        "one": instant("11:00"),
        "debate": instant("11:10"),
        "break": instant("11:30"),
        "two": instant("11:40"),
    }
    assert ends_at == instant("12:00")
    with pytest.raises(KeyError):
        clock.replan(fixed, instant("10:00"), "nobody", 0)


def test_chain_plans_one_slot_after_the_other() -> None:
    slots = hour()
    slots[1] = Slot("one", "one", "talk", 0, 1200)
    planned = clock.chain(slots, instant("09:00"))
    assert starts(planned) == {
        "welcome": instant("09:00"),
        "one": instant("09:05"),
        "two": instant("09:25"),
        "debate": instant("09:40"),
        "wrapup": instant("10:00"),
    }
    assert clock.planned_end(planned) == instant("10:05")
    assert clock.planned_end(()) == 0


def test_chain_keeps_a_fixed_slot_at_its_time_unless_the_one_before_runs_into_it() -> None:
    gap = read_slots({"agenda": "gap"})
    assert starts(clock.chain(gap, instant("09:00")))["two"] == instant("09:15")
    late = clock.chain(gap, instant("09:10"))
    assert (starts(late)["two"], starts(late)["three"]) == (instant("09:20"), instant("09:30"))


def test_chain_leaves_a_skipped_slot_its_room() -> None:
    skipped = read_slots({"agenda": "hour", "slots": {"one": {"skip": True}}})
    assert starts(clock.chain(skipped, instant("08:40"))) == starts(hour())


def test_moves_that_do_not_apply_change_nothing() -> None:
    before, running = Timer(), clock.begin(Timer(), "one", 0, 60)
    ended = clock.end(running, 1000)
    for timer in (before, ended):
        assert clock.pause(timer, 1) == clock.resume(timer, 1) == clock.add(timer, 5) == clock.end(timer, 9) == timer
    assert clock.resume(running, 1) == running
    paused = clock.pause(running, 10)
    assert clock.pause(paused, 20) == paused
    assert clock.back(before) == before


def test_a_clock_that_stepped_back_leaves_no_run_that_ends_before_it_started() -> None:
    running = clock.begin(Timer(), "one", 60_000, 60)
    assert clock.begin(running, "two", 50_000, 60).trail[0].ended_at == 60_000
    ended = clock.end(running, 50_000)
    assert (ended.ended_at, ended.trail[0].ended_at) == (60_000, 60_000)


def test_back_from_the_only_run_is_the_time_before_the_start() -> None:
    assert clock.back(clock.begin(Timer(), "one", 0, 60)) == Timer()


def test_it_begins_anew_after_the_end_and_keeps_what_ran() -> None:
    ended = clock.end(clock.begin(Timer(), "one", 0, 60), 50_000)
    again = clock.begin(ended, "two", 90_000, 60)
    assert [(run.slot, run.ended_at) for run in again.trail] == [("one", 50_000), ("two", None)]
    assert (again.phase, again.ended_at) == ("running", None)


def test_an_empty_agenda_ends_as_planned() -> None:
    assert project([], Timer(), 5000, 0) == Projection({}, 5000, 0)


def test_expected_length_of_an_unknown_slot_is_an_error() -> None:
    with pytest.raises(KeyError):
        clock.expected_length_s(hour(), Timer(), 0, 0, "nobody")


def test_sharing_a_long_stretch_stays_exact() -> None:
    # Centuries, as a wrong year in a plan gives; the same figures as in tests/js/timer.test.mjs.
    slots = [
        Slot("x", "x", "debate", 0, 86_399, flex=True),
        Slot("y", "y", "debate", 0, 86_398, flex=True),
    ]
    got = project(slots, Timer("running", (Run("gone", 0, 0),)), 17_280_149_099_401, 0)
    assert got.slots["x"].expected_end_at == 8_640_124_550_000
