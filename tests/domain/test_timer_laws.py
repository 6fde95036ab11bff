"""The clock: what has to hold for any agenda and any course of events, and that both twins agree on it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from moderator.domain import timer as clock
from moderator.domain.agenda import Kind, Slot
from moderator.domain.timer import Projection, Run, Timer, project

T0 = 1_594_104_000_000  # 2020-07-07 08:40 in Brussels


@st.composite
def agendas(draw: st.DrawFn) -> tuple[tuple[Slot, ...], int]:
    slots: list[Slot] = []
    cursor = T0
    for index in range(draw(st.integers(1, 9))):
        kind: Kind = draw(st.sampled_from(("talk", "talk", "debate", "break", "wrapup")))
        cursor += draw(st.sampled_from((0, 0, 0, 60, 600))) * 1000
        length = draw(st.integers(1, 3600))
        flex = draw(st.booleans()) if kind == "debate" else draw(st.integers(0, 9)) == 0
        least = draw(st.none() | st.integers(0, length))
        fixed, skip = draw(st.integers(0, 4)) == 0, draw(st.integers(0, 5)) == 0
        slots.append(Slot(f"s{index}", f"s{index}", kind, cursor, length, (), flex, fixed, skip, least))
        cursor += length * 1000
    return tuple(slots), cursor + draw(st.sampled_from((0, 0, 0, 300_000, -300_000)))


@st.composite
def courses(draw: st.DrawFn, running: bool = False) -> tuple[tuple[Slot, ...], int, Timer, int]:
    """An agenda, its planned end, a clock after some moves, and now. The clock may step back.

    `running`: a slot is on the clock, paused or not.
    """
    slots, ends_at = draw(agendas())
    timer, at = Timer(), T0 + draw(st.integers(-3_600_000, 3_600_000))
    for _ in range(draw(st.integers(0, 12))):
        at += draw(st.integers(-120_000, 1_500_000))
        move = draw(st.sampled_from(("begin", "next", "next", "next", "back", "pause", "resume", "add", "end")))
        if move == "next":
            place = next((i for i, s in enumerate(slots) if timer.current and s.id == timer.current.slot), -1) + 1
            if place >= len(slots):
                timer = clock.end(timer, at)
                continue
            length = clock.expected_length_s(slots, timer, ends_at, at, slots[place].id)
            timer = clock.begin(timer, slots[place].id, at, length)
        elif move == "begin":
            slot = draw(st.sampled_from(slots))
            timer = clock.begin(timer, slot.id, at, clock.expected_length_s(slots, timer, ends_at, at, slot.id))
        elif move == "add":
            timer = clock.add(timer, draw(st.integers(-2000, 2000)))
        elif move == "back":
            timer = clock.back(timer)
        else:
            timer = getattr(clock, move)(timer, at)
    if running and timer.current is None:
        timer = clock.begin(timer, draw(st.sampled_from(slots)).id, at, draw(st.integers(1, 3600)))
    return slots, ends_at, timer, at + draw(st.integers(-7_200_000, 7_200_000) | st.integers(0, 90_000_000))


def ahead_of(slots: tuple[Slot, ...], got: Projection) -> list[Slot]:
    return [slot for slot in slots if got.slots[slot.id].state in ("next", "later")]


@given(courses())
def test_nothing_has_negative_length_and_every_slot_is_there_in_order(course: Any) -> None:
    slots, ends_at, timer, now = course
    got = project(slots, timer, ends_at, now)
    assert list(got.slots) == [slot.id for slot in slots]
    for entry in got.slots.values():
        assert entry.expected_start_at <= entry.expected_end_at
        if entry.actual_end_at is not None:
            assert entry.actual_start_at is not None and entry.actual_start_at <= entry.actual_end_at


@given(courses())
def test_states_follow_the_order_of_the_plan(course: Any) -> None:
    slots, ends_at, timer, now = course
    got = project(slots, timer, ends_at, now)
    states = [entry.state for entry in got.slots.values() if entry.state != "skipped"]
    rank = {"done": 0, "now": 1, "next": 2, "later": 3}
    assert [rank[state] for state in states] == sorted(rank[state] for state in states)
    assert states.count("now") == (timer.current is not None)
    assert states.count("next") <= 1 and (states.count("next") == 1 or "later" not in states)


@given(courses())
def test_slots_ahead_keep_the_order_of_the_plan_and_only_wait_for_fixed_ones(course: Any) -> None:
    slots, ends_at, timer, now = course
    got = project(slots, timer, ends_at, now)
    cursor = got.slots[timer.current.slot].expected_end_at if timer.current else None
    for slot in ahead_of(slots, got):
        entry = got.slots[slot.id]
        if cursor is not None and (timer.current or abs(now - slots[0].planned_start_at) <= clock.NEAR_MS):
            awaited = max(cursor, slot.planned_start_at) if slot.fixed else cursor
            assert entry.expected_start_at == awaited
        cursor = entry.expected_end_at
        if slot.fixed:
            assert entry.expected_start_at >= slot.planned_start_at


@given(courses(running=True))
def test_the_parts_add_up_to_the_end(course: Any) -> None:
    slots, ends_at, timer, now = course
    assert timer.current is not None
    got = project(slots, timer, ends_at, now)
    running = got.slots[timer.current.slot]
    total, cursor = running.expected_end_at, running.expected_end_at
    for slot in ahead_of(slots, got):
        entry = got.slots[slot.id]
        total += entry.expected_start_at - cursor  # waiting for a fixed slot
        total += entry.expected_end_at - entry.expected_start_at
        cursor = entry.expected_end_at
    assert total == got.end_expected_at
    assert abs(got.over_s) == abs(got.end_expected_at - ends_at) // 1000


@given(courses(running=True))
def test_the_end_is_never_before_now_while_running(course: Any) -> None:
    slots, ends_at, timer, now = course
    got = project(slots, timer, ends_at, now)
    assert got.end_expected_at >= now
    assert all(got.slots[slot.id].expected_start_at >= now for slot in ahead_of(slots, got))


@given(courses())
def test_projecting_twice_gives_the_same(course: Any) -> None:
    slots, ends_at, timer, now = course
    assert project(slots, timer, ends_at, now) == project(slots, timer, ends_at, now)


@given(courses(), st.integers(-1_000_000, 1_000_000))
def test_only_differences_between_instants_matter(course: Any, hours: int) -> None:
    slots, ends_at, timer, now = course
    by = hours * 3_600_000
    assume(slots[0].planned_start_at + by > 100_000_000)

    def later(at: int | None) -> int | None:
        return None if at is None else at + by

    moved, moved_end = clock.replan(slots, ends_at, slots[0].id, slots[0].planned_start_at + by)
    trail = tuple(
        Run(r.slot, r.started_at + by, r.duration_s, r.added_s, r.paused_ms, later(r.paused_at), later(r.ended_at))
        for r in timer.trail
    )
    here = project(slots, timer, ends_at, now)
    there = project(moved, Timer(timer.phase, trail, later(timer.ended_at)), moved_end, now + by)
    assert there.over_s == here.over_s
    for slot_id, entry in here.slots.items():
        assert there.slots[slot_id].expected_start_at == entry.expected_start_at + by
        assert there.slots[slot_id].expected_end_at == entry.expected_end_at + by


def stretches(slots: list[Slot]) -> list[list[Slot]]:
    """Slots ahead, cut before each fixed one."""
    parts: list[list[Slot]] = []
    for slot in slots:
        if not parts or slot.fixed:
            parts.append([])
        parts[-1].append(slot)
    return parts


@given(courses(running=True))
def test_flex_slots_never_lose_more_than_they_must(course: Any) -> None:
    slots, ends_at, timer, now = course
    got = project(slots, timer, ends_at, now)
    parts = stretches(ahead_of(slots, got))
    for index, part in enumerate(parts):
        until = parts[index + 1][0].planned_start_at if index + 1 < len(parts) else ends_at
        length = {s.id: (got.slots[s.id].expected_end_at - got.slots[s.id].expected_start_at) // 1000 for s in part}
        flex = [slot for slot in part if slot.flex]
        assert all(length[slot.id] >= slot.least_s for slot in flex)
        assert all(length[slot.id] == slot.duration_s for slot in part if not slot.flex)
        part_end = got.slots[part[-1].id].expected_end_at
        if part_end > until:  # too late: then every one of them is down to what it has to keep
            assert all(length[slot.id] == slot.least_s for slot in flex)
        elif flex:  # in time: then nothing is left over but what rounding down costs
            assert until - part_end < 1000 * len(flex)
        above = [slot for slot in flex if length[slot.id] > slot.least_s]
        for one in above:  # those above their least share by duration, a second of rounding apart
            for other in above:
                gap = length[one.id] * other.duration_s - length[other.id] * one.duration_s
                assert abs(gap) <= max(one.duration_s, other.duration_s)


def share_by_repeating(parts: list[tuple[str, int, int]], pool_ms: int) -> dict[str, int]:
    """The contract's words, as they stand: who would fall below gets the least, and the rest share again."""
    given_s: dict[str, int] = {}
    while parts:
        weight = sum(own for _, own, _ in parts)
        shares = {name: pool_ms * own // (1000 * weight) for name, own, _ in parts}
        below = [part for part in parts if shares[part[0]] < part[2]]
        if not below:
            return given_s | shares
        given_s |= {name: least for name, _, least in below}
        pool_ms -= 1000 * sum(least for _, _, least in below)
        parts = [part for part in parts if part not in below]
    return given_s


@given(
    st.lists(st.tuples(st.integers(1, 7200), st.integers(0, 4000)), min_size=1, max_size=12),
    st.integers(-5_000_000, 40_000_000),
)
def test_one_pass_of_sharing_is_the_same_as_repeating(numbers: list[tuple[int, int]], pool_ms: int) -> None:
    parts = [(str(index), own, least) for index, (own, least) in enumerate(numbers)]
    assert clock._share(parts, pool_ms) == share_by_repeating(parts, pool_ms)


@given(courses(running=True))
def test_a_flex_slot_begins_with_the_length_that_was_expected(course: Any) -> None:
    slots, ends_at, timer, now = course
    upcoming = ahead_of(slots, project(slots, timer, ends_at, now))
    assume(upcoming)
    name = upcoming[0].id
    slots = clock.settle(slots, {name: {"flex": True}})
    got = project(slots, timer, ends_at, now)
    at = got.slots[name].expected_start_at  # it begins just when it was expected to
    length = clock.expected_length_s(slots, timer, ends_at, at, name)
    assert length * 1000 == got.slots[name].expected_end_at - at
    begun = project(slots, clock.begin(timer, name, at, length), ends_at, at)
    if got.end_expected_at >= ends_at:  # being late, nothing moves by it
        assert begun.end_expected_at == got.end_expected_at


@given(courses(running=True), st.integers(0, 10_000_000))
def test_back_undoes_begin_and_end(course: Any, later: int) -> None:
    slots, _, timer, now = course
    at = max([now, *(run.started_at for run in timer.trail)]) + later
    assert clock.back(clock.begin(timer, slots[0].id, at, 60)) == timer
    assert clock.back(clock.end(timer, at)) == timer


@given(courses(running=True), st.integers(0, 10_000_000), st.integers(-5000, 5000))
def test_a_pause_keeps_what_was_left(course: Any, wait: int, seconds: int) -> None:
    _, _, timer, now = course
    timer = clock.resume(timer, now)
    left = clock.remaining_ms(timer, now)
    paused = clock.pause(timer, now)
    assert left is not None and clock.remaining_ms(paused, now + wait) == left
    assert clock.remaining_ms(clock.resume(paused, now + wait), now + wait) == left
    assert clock.remaining_ms(clock.add(paused, seconds), now) == left + seconds * 1000
    assert clock.add(clock.add(timer, seconds), -seconds) == timer


@given(courses())
def test_every_settlement_leads_where_it_says(course: Any) -> None:
    slots, ends_at, timer, now = course
    for way in clock.settlements(slots, timer, ends_at, now):
        changed = clock.settle(slots, way.changes)
        after = project(changed, timer, ends_at, now)
        assert (after.end_expected_at, after.over_s) == (way.end_expected_at, way.over_s)
        assert set(way.lengths) == {slot.id for slot in ahead_of(changed, after)}
        if way.how == "shave":
            for old, new in zip(slots, changed, strict=True):
                assert old.duration_s <= 2 * new.duration_s and new.duration_s <= old.duration_s
                assert old == new or old.kind == "talk"
        if way.how == "move":
            assert all(way.lengths[slot.id] == slot.duration_s for slot in slots if slot.id in way.lengths)


@given(courses())
def test_shaving_again_goes_no_lower_than_half_of_what_a_talk_had(course: Any) -> None:
    slots, ends_at, timer, now = course
    shaved = slots
    for _ in range(3):
        ways = {way.how: way for way in clock.settlements(shaved, timer, ends_at, now)}
        if "shave" in ways:
            shaved = clock.settle(shaved, ways["shave"].changes)
        now += 200_000
    for old, new in zip(slots, shaved, strict=True):
        assert 2 * new.duration_s >= old.duration_s


# ---- the twin ------------------------------------------------------------------------------------------------------

TWIN = """
import { project, remaining, timeState, expectedLength, settlements } from %s;
let text = "";
for await (const part of process.stdin) text += part;
const answers = JSON.parse(text).map(({ view, now }) => {
  const { slots, end_expected_at, over_s } = project(view, now);
  const lengths = Object.fromEntries(Object.keys(view.slots).map((id) => [id, expectedLength(view, now, id)]));
  const state = timeState(view.slots[view.timer.slot], view.timer, now);
  const ways = settlements(view, now);
  return { slots, end_expected_at, over_s, left: remaining(view.timer, now), state, lengths, ways };
});
process.stdout.write(JSON.stringify(answers));
"""


def as_view(slots: tuple[Slot, ...], ends_at: int, timer: Timer) -> dict[str, Any]:
    """The view of the contract, section 4, as far as the clock reads it."""
    view: dict[str, Any] = {"webinar": {"ends_at": ends_at}, "slots": {}, "timer": {"phase": timer.phase}}
    for order, slot in enumerate(slots):
        fields = {name: getattr(slot, name) for name in ("kind", "planned_start_at", "duration_s", "flex", "skip")}
        view["slots"][slot.id] = {"order": order, **fields, "warn_s": slot.warn_s, "danger_s": slot.danger_s}
        if slot.fixed:
            view["slots"][slot.id]["fixed"] = True
        if slot.min_s is not None:
            view["slots"][slot.id]["min_s"] = slot.min_s
    for run in timer.trail:
        view["slots"][run.slot].pop("actual_end_at", None)
        view["slots"][run.slot]["actual_start_at"] = run.started_at
        if run.ended_at is not None:
            view["slots"][run.slot]["actual_end_at"] = run.ended_at
    if timer.current is not None:
        run = timer.current
        view["timer"] |= {"slot": run.slot, "started_at": run.started_at, "deadline_at": run.deadline_at}
        view["timer"] |= {"duration_s": run.duration_s, "added_s": run.added_s}
        if run.paused_at is not None:
            view["timer"]["paused_at"] = run.paused_at
    if timer.ended_at is not None:
        view["timer"]["end_expected_at"] = timer.ended_at
    return view


def as_answer(slots: tuple[Slot, ...], ends_at: int, timer: Timer, now: int) -> dict[str, Any]:
    got = project(slots, timer, ends_at, now)
    current = timer.current.slot if timer.current else slots[0].id
    return {
        "slots": {
            name: {
                "state": entry.state,
                "expected_start_at": entry.expected_start_at,
                "expected_end_at": entry.expected_end_at,
            }
            for name, entry in got.slots.items()
        },
        "end_expected_at": got.end_expected_at,
        "over_s": got.over_s,
        "left": clock.remaining_ms(timer, now),
        "state": clock.time_state(next(slot for slot in slots if slot.id == current), timer, now),
        "lengths": {slot.id: clock.expected_length_s(slots, timer, ends_at, now, slot.id) for slot in slots},
        "ways": [
            {
                "how": way.how,
                "changes": way.changes,
                "lengths": way.lengths,
                "end_expected_at": way.end_expected_at,
                "over_s": way.over_s,
            }
            for way in clock.settlements(slots, timer, ends_at, now)
        ],
    }


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
@given(st.lists(courses(), min_size=25, max_size=25))
def test_the_screens_twin_says_the_same(many: list[Any]) -> None:
    script = TWIN % json.dumps((Path(__file__).parents[2] / "static" / "js" / "timer.js").as_uri())
    asked = [{"view": as_view(slots, ends_at, timer), "now": now} for slots, ends_at, timer, now in many]
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for course, told in zip(many, json.loads(done.stdout), strict=True):
        slots, ends_at, timer, now = course
        assert told == as_answer(slots, ends_at, timer, now)
