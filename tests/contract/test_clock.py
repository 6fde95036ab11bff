"""Section 5: the agenda against the clock, through sockets."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.contract.stage import PROGRAMME, Stage, refused
from tests.support.client import Client

MINUTE = 60_000
NEAR_MS = 200
"""Between an ack and the next look at the clock."""


@pytest.fixture
def soon(make: Callable[..., Stage]) -> Stage:
    """A webinar whose plan begins in ten minutes."""
    return make(planned(minutes=10))


def planned(minutes: float = 0, **slots: dict[str, Any]) -> dict[str, Any]:
    """The programme with its start so many minutes from now; `slots` adds fields by slot title."""
    start = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=minutes)
    made = [dict(slot) for slot in PROGRAMME["slots"]]
    made[0]["start"] = f"{start:%H:%M}"
    for slot in made:
        slot.update(slots.get(slot["title"].split()[0].lower().replace("-", ""), {}))
    return {**PROGRAMME, "timezone": "UTC", "date": f"{start:%Y-%m-%d}", "slots": made}


def moved(desk: Client, event: str, payload: dict[str, Any] | None = None) -> dict[str, Any]:
    """The timer after a move."""
    ack = desk.do(event, payload or {})
    desk.wait_for(lambda c: c.seq >= ack["seq"], what=event)
    return dict(desk.view["timer"])


def about(one: int, other: int, within: int = 1000) -> bool:
    return abs(one - other) <= within


def test_before_the_start_nothing_but_start_works(soon: Stage) -> None:
    desk = soon.moderator()
    for event, payload in (
        ("timer:next", {}),
        ("timer:previous", {}),
        ("timer:pause", {}),
        ("timer:resume", {}),
        ("timer:end", {}),
        ("timer:add", {"seconds": 60}),
    ):
        refused(desk.send(event, payload), "conflict")
    refused(desk.send("timer:start", {"slot": "s99"}), "not_found")
    timer = moved(desk, "timer:start")
    assert timer["phase"] == "running" and timer["slot"] == soon.slots[0] and timer["duration_s"] == 600
    assert timer["deadline_at"] == timer["started_at"] + 600_000 and timer["added_s"] == 0
    refused(desk.send("timer:start", {}), "conflict")


def test_a_pause_stands_still_and_the_deadline_moves_when_it_ends(soon: Stage) -> None:
    desk = soon.moderator()
    started = moved(desk, "timer:start")
    paused = moved(desk, "timer:pause")
    assert paused["phase"] == "paused" and paused["deadline_at"] == started["deadline_at"]
    refused(desk.send("timer:pause", {}), "conflict")
    time.sleep(0.3)
    resumed = moved(desk, "timer:resume")
    assert resumed["phase"] == "running" and "paused_at" not in resumed
    assert 250 <= resumed["deadline_at"] - started["deadline_at"] <= 5000
    refused(desk.send("timer:resume", {}), "conflict")


def test_time_is_added_and_taken_away_below_zero(soon: Stage) -> None:
    desk = soon.moderator()
    started = moved(desk, "timer:start")
    assert moved(desk, "timer:add", {"seconds": 90})["deadline_at"] == started["deadline_at"] + 90_000
    timer = moved(desk, "timer:add", {"seconds": -1000})
    assert timer["added_s"] == -910 and timer["phase"] == "running"
    assert timer["deadline_at"] == started["started_at"] - 310_000
    assert about(desk.view["slots"][soon.slots[0]]["expected_end_at"], desk.now)  # overtime: expected to end now


def test_next_and_previous(soon: Stage) -> None:
    desk = soon.moderator()
    welcome, first, *_ = soon.slots
    began = moved(desk, "timer:start")
    refused(desk.send("timer:previous", {}), "conflict")
    moved(desk, "timer:add", {"seconds": 30})
    timer = moved(desk, "timer:next")
    assert timer["slot"] == first and timer["duration_s"] == 1200 and timer["added_s"] == 0
    slots = desk.view["slots"]
    assert slots[welcome]["state"] == "done" and "actual_end_at" in slots[welcome] and slots[first]["state"] == "now"
    back = moved(desk, "timer:previous")
    assert back["slot"] == welcome and back["started_at"] == began["started_at"] and back["added_s"] == 30
    assert desk.view["slots"][first]["state"] == "next" and "actual_start_at" not in desk.view["slots"][first]
    moved(desk, "timer:pause")
    left_paused = moved(desk, "timer:next")
    assert left_paused["phase"] == "running" and left_paused["started_at"] > timer["started_at"]
    assert moved(desk, "timer:previous")["phase"] == "paused"  # the clock that it had


def test_starting_at_a_slot_skips_those_passed_over(soon: Stage) -> None:
    desk = soon.moderator()
    moved(desk, "timer:start")
    timer = moved(desk, "timer:start", {"slot": soon.slots[3]})
    states = [desk.view["slots"][id]["state"] for id in soon.slots]
    assert states == ["done", "skipped", "skipped", "now", "next"] and timer["slot"] == soon.slots[3]
    again = moved(desk, "timer:start", {"slot": soon.slots[3]})
    assert again["started_at"] > timer["started_at"]  # a fresh clock


def test_next_on_the_last_slot_ends_the_webinar(soon: Stage) -> None:
    desk = soon.moderator()
    moved(desk, "timer:start", {"slot": soon.slots[4]})
    timer = moved(desk, "timer:next")
    assert timer["phase"] == "ended" and "slot" not in timer and "deadline_at" not in timer
    for event in ("timer:next", "timer:pause", "timer:resume", "timer:end"):
        refused(desk.send(event, {}), "conflict")
    over = desk.view["timer"]["over_s"]
    assert over == desk.view["timer"]["over_s"] and over < 0
    assert desk.view["slots"][soon.slots[4]]["state"] == "done"
    assert moved(desk, "timer:previous")["slot"] == soon.slots[4]


def test_more_than_six_hours_from_the_plan_start_replans_by_itself(make: Callable[..., Stage]) -> None:
    for minutes in (-60 * 24 * 30, 60 * 30):
        stage = make(planned(minutes))
        desk = stage.moderator()
        assert desk.view["timer"]["over_s"] == 0
        planned_at = desk.view["slots"][stage.slots[0]]["planned_start_at"]
        assert desk.view["slots"][stage.slots[0]]["expected_start_at"] == planned_at
        ack = desk.do("timer:start", {})
        assert ack["replanned"] is True
        desk.wait_for(lambda c: c.view["timer"]["phase"] == "running")
        assert about(desk.view["slots"][stage.slots[0]]["planned_start_at"], desk.view["timer"]["started_at"], 0)
        assert desk.view["timer"]["over_s"] == 0
        assert desk.view["webinar"]["ends_at"] == desk.view["timer"]["started_at"] + 90 * MINUTE


def test_within_six_hours_the_plan_stays_unless_asked(make: Callable[..., Stage]) -> None:
    late = make(planned(-30))
    desk = late.moderator()
    ends_at = desk.view["webinar"]["ends_at"]
    assert "replanned" not in desk.do("timer:start", {})
    desk.wait_for(lambda c: c.view["timer"]["phase"] == "running")
    assert desk.view["webinar"]["ends_at"] == ends_at
    other = make(planned(-30))
    desk = other.moderator()
    ack = desk.do("timer:start", {"replan": True, "slot": other.slots[1]})
    assert ack["replanned"] is True
    desk.wait_for(lambda c: c.view["timer"]["phase"] == "running")
    assert desk.view["slots"][other.slots[1]]["planned_start_at"] == desk.view["timer"]["started_at"]
    far = make(planned(60 * 30))
    desk = far.moderator()
    assert "replanned" not in desk.do("timer:start", {"replan": False})


def test_the_debate_takes_up_what_is_late_down_to_its_least(make: Callable[..., Stage]) -> None:
    stage = make(planned(0))
    desk = stage.moderator()
    debate = stage.slots[3]
    moved(desk, "timer:start")

    def length() -> float:
        slot = desk.view["slots"][debate]
        return (slot["expected_end_at"] - slot["expected_start_at"]) / 1000

    before = length()
    assert 1700 <= before <= 1800 and desk.view["slots"][debate]["flex"] is True and desk.view["timer"]["over_s"] == 0
    moved(desk, "timer:add", {"seconds": 600})
    assert about(int(length()), int(before) - 600, 5) and desk.view["timer"]["over_s"] == 0
    assert desk.view["slots"][debate]["duration_s"] == 1800  # as planned
    moved(desk, "timer:add", {"seconds": 1200})
    assert length() == 600  # a third
    over = desk.view["timer"]["over_s"]
    assert 600 <= over <= 700
    assert desk.view["timer"]["end_expected_at"] - desk.view["webinar"]["ends_at"] == pytest.approx(
        over * 1000, abs=1000
    )
    moved(desk, "timer:add", {"seconds": -1200})
    expected = int(length())
    moved(desk, "timer:start", {"slot": debate})
    assert desk.view["timer"]["duration_s"] > expected  # two talks were left out: the debate fills until the wrap-up
    end = desk.view["slots"][debate]["expected_end_at"]
    assert about(end + 600_000, desk.view["webinar"]["ends_at"], 1000)


def test_a_fixed_slot_never_starts_before_its_time_and_a_skipped_one_takes_none(make: Callable[..., Stage]) -> None:
    stage = make(planned(0, second={"fixed": True}, debate={"flex": False}))
    desk = stage.moderator()
    _, first, second, debate, wrap = stage.slots
    moved(desk, "timer:start")
    planned_at = desk.view["slots"][second]["planned_start_at"]
    moved(desk, "timer:add", {"seconds": -300})
    slots = desk.view["slots"]
    assert slots[first]["expected_end_at"] < planned_at == slots[second]["expected_start_at"]
    moved(desk, "timer:add", {"seconds": 900})
    assert desk.view["slots"][second]["expected_start_at"] > planned_at
    over = desk.view["timer"]["over_s"]
    assert over >= 590
    desk.do("agenda:edit", {"slot": debate, "skip": True})
    desk.wait_for(lambda c: c.view["slots"][debate]["state"] == "skipped")
    slots = desk.view["slots"]
    assert slots[wrap]["expected_start_at"] == slots[second]["expected_end_at"]
    assert slots[debate]["expected_start_at"] == slots[debate]["expected_end_at"]
    assert slots[wrap]["planned_start_at"] == slots[debate]["planned_start_at"] + 1_800_000  # skip moves no plan
    assert about(desk.view["timer"]["over_s"], over - 1800, 3)


def test_before_the_start_edits_chain_the_plan_anew(soon: Stage) -> None:
    desk = soon.moderator()
    ends_at = desk.view["webinar"]["ends_at"]
    desk.do("agenda:edit", {"slot": soon.slots[1], "duration_s": 1800})
    desk.wait_for(lambda c: c.view["slots"][soon.slots[1]]["duration_s"] == 1800)
    slots = desk.view["slots"]
    assert slots[soon.slots[2]]["planned_start_at"] == slots[soon.slots[1]]["planned_start_at"] + 1_800_000
    assert desk.view["webinar"]["ends_at"] == ends_at + 600_000
    desk.do("timer:start", {})
    desk.do("agenda:edit", {"slot": soon.slots[2], "duration_s": 3000})
    desk.wait_for(lambda c: c.view["slots"][soon.slots[2]]["duration_s"] == 3000)
    assert desk.view["webinar"]["ends_at"] == ends_at + 600_000  # after the start only replan moves the plan
    assert desk.view["slots"][soon.slots[3]]["planned_start_at"] == slots[soon.slots[3]]["planned_start_at"]


def test_a_late_start_is_projected_within_six_hours(make: Callable[..., Stage]) -> None:
    stage = make(planned(-50))
    desk = stage.moderator()
    first = desk.view["slots"][stage.slots[0]]
    assert about(first["expected_start_at"], desk.now, 1000)
    # 50 minutes late; the debate gives 20 of its 30
    assert about(desk.view["timer"]["over_s"], 30 * 60, 70)


def test_fits_counts_what_still_fits_in_the_debate(soon: Stage) -> None:
    desk, asker = soon.moderator(), soon.client()
    desk.do("settings:change", {"each_s": 600})
    ids = [soon.public(asker, desk, f"Number {n}?") for n in range(5)]
    desk.do("question:queue", {"questions": ids})
    desk.wait_for(lambda c: c.view["queue"]["order"] == ids)
    assert desk.view["queue"]["each_s"] == 600 and desk.view["queue"]["fits"] == 3


def test_now_is_when_the_view_was_computed(soon: Stage) -> None:
    desk = soon.moderator()
    moved(desk, "timer:start")
    moved(desk, "timer:add", {"seconds": -700})
    fresh = soon.moderator()
    assert about(fresh.now, desk.send("clock", {"t0": 0})["now"], NEAR_MS * 10)
    assert about(fresh.view["slots"][soon.slots[0]]["expected_end_at"], fresh.now, NEAR_MS * 3)
