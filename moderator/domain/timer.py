"""The clock of a webinar: what ran, and what the plan becomes from there.

Pure functions over integer milliseconds since the Unix epoch. There is no tick, no time of day and no zone in here, so
midnight, summer time and a slot that is left for a day need no case of their own. `static/js/timer.js` is the same
projection for screens; `tests/vectors/timer.json` holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from .agenda import Slot

Phase = Literal["before", "running", "paused", "ended"]
SlotState = Literal["done", "now", "next", "later", "skipped"]
TimeState = Literal["normal", "warning", "danger", "overtime", "paused", "before", "ended"]
How = Literal["debate", "shave", "skip", "move"]

NEAR_MS = 6 * 3_600_000  # how far from its plan a webinar may be and still be projected (and started without a replan)

_replace = msgspec.structs.replace


class Run(msgspec.Struct, frozen=True, omit_defaults=True):
    """One run of a slot. `duration_s` is as fixed when it began; `ended_at` is None while it is the running one."""

    slot: str
    started_at: int
    duration_s: int
    added_s: int = 0  # may be negative, and more than the duration
    paused_ms: int = 0  # closed pauses only
    paused_at: int | None = None  # the open pause; it stays when the slot is left while paused
    ended_at: int | None = None

    @property
    def deadline_at(self) -> int:
        """When the slot's time is up. Stands still while paused: the open pause is not in it."""
        return self.started_at + (self.duration_s + self.added_s) * 1000 + self.paused_ms


class Timer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What has run so far, in the order it ran. The last of `trail` is the running one unless the phase is `ended`."""

    phase: Phase = "before"
    trail: tuple[Run, ...] = ()
    ended_at: int | None = None

    @property
    def current(self) -> Run | None:
        """The run on the clock, paused or not; None before the start and after the end."""
        return self.trail[-1] if self.trail and self.phase in ("running", "paused") else None


class SlotProjection(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A slot as things stand. The actual instants are those of its latest run that was not taken back."""

    state: SlotState
    expected_start_at: int
    expected_end_at: int
    actual_start_at: int | None = None
    actual_end_at: int | None = None


class Projection(msgspec.Struct, frozen=True):
    """All slots by id, in agenda order; `over_s` is negative when the end is expected before the planned one."""

    slots: dict[str, SlotProjection]
    end_expected_at: int
    over_s: int


class Settlement(msgspec.Struct, frozen=True):
    """A way to settle an overrun: fields to change by slot, and what comes of it for the slots still to come."""

    how: How
    changes: dict[str, dict[str, int | bool]]  # slot id -> duration_s, min_s, flex or skip
    lengths: dict[str, int]  # seconds that each slot ahead is then expected to last; skipped ones are left out
    end_expected_at: int
    over_s: int


# ---- moves -----------------------------------------------------------------------------------------------------------
# None of them raises: where the precondition does not hold they return the timer as it was. The rules of who may do
# what, and when, are the caller's.


def begin(timer: Timer, slot_id: str, at: int, duration_s: int) -> Timer:
    """Put a fresh run of the slot on the clock, at any phase. The running one is closed; its open pause stays open."""
    trail = timer.trail
    if timer.current is not None:
        trail = (*trail[:-1], _closed(trail[-1], at))
    return Timer("running", (*trail, Run(slot_id, at, duration_s)))


def back(timer: Timer) -> Timer:
    """Return to the run before, as if it had not been left, and forget the one left. After the end: reopen the last.

    With a single run on the clock there is nothing to return to but the time before the start, and that is what comes
    back (callers refuse `previous` there; taking back the start wants it). Before the start nothing changes.
    """
    trail = timer.trail if timer.phase == "ended" else timer.trail[:-1]
    if not trail:
        return Timer()
    last = _replace(trail[-1], ended_at=None)
    return Timer("running" if last.paused_at is None else "paused", (*trail[:-1], last))


def pause(timer: Timer, at: int) -> Timer:
    """Precondition: running."""
    if timer.phase != "running" or not timer.trail:
        return timer
    return Timer("paused", (*timer.trail[:-1], _replace(timer.trail[-1], paused_at=at)))


def resume(timer: Timer, at: int) -> Timer:
    """Precondition: paused. A clock that stepped back meanwhile closes the pause with no length."""
    run = timer.current
    if timer.phase != "paused" or run is None or run.paused_at is None:
        return timer
    run = _replace(run, paused_at=None, paused_ms=run.paused_ms + max(0, at - run.paused_at))
    return Timer("running", (*timer.trail[:-1], run))


def add(timer: Timer, seconds: int) -> Timer:
    """Give (or, negative, take) time; below zero the slot is in overtime. Precondition: running or paused."""
    run = timer.current
    if run is None:
        return timer
    return Timer(timer.phase, (*timer.trail[:-1], _replace(run, added_s=run.added_s + seconds)))


def end(timer: Timer, at: int) -> Timer:
    """End the webinar; an open pause stays open in the last run, for `back`. Precondition: running or paused."""
    run = timer.current
    if run is None:
        return timer
    last = _closed(run, at)
    return Timer("ended", (*timer.trail[:-1], last), last.ended_at)


def _closed(run: Run, at: int) -> Run:
    # A clock that stepped back must not leave a run that ends before it started.
    return _replace(run, ended_at=max(at, run.started_at))


# ---- reading the clock -----------------------------------------------------------------------------------------------


def remaining_ms(timer: Timer, now: int) -> int | None:
    """Milliseconds left of the running slot, negative in overtime; None before the start and after the end."""
    run = timer.current
    if run is None:
        return None
    return run.deadline_at - (now if run.paused_at is None else run.paused_at)


def time_state(slot: Slot, timer: Timer, now: int) -> TimeState:
    """How the clock is to look; `slot` is the one running, for its thresholds."""
    left = remaining_ms(timer, now)
    if left is None:
        return "ended" if timer.phase == "ended" else "before"
    if timer.phase == "paused":
        return "paused"
    if left < 0:
        return "overtime"
    if left <= slot.danger_s * 1000:
        return "danger"
    return "warning" if left <= slot.warn_s * 1000 else "normal"


# ---- the projection --------------------------------------------------------------------------------------------------


def project(slots: Sequence[Slot], timer: Timer, ends_at: int, now: int) -> Projection:
    """What each slot was or will be. `slots` in agenda order, `ends_at` the planned end."""
    if timer.phase == "ended":
        return _project_ended(slots, timer, ends_at, now)
    out: dict[str, SlotProjection] = {}
    run = timer.current
    if run is None:
        if not slots or abs(now - slots[0].planned_start_at) > NEAR_MS:
            return _project_as_planned(slots, ends_at)
        cursor = _lay_out(out, slots, 0, max(slots[0].planned_start_at, now), ends_at, {})
        return Projection(out, cursor, _over_s(cursor, ends_at))

    runs = {past.slot: past for past in timer.trail}
    current = run.slot
    first = 0  # of the slots still to come
    for index, slot in enumerate(slots):
        if slot.id == current:
            first = index + 1
            break
    if first:
        _lay_behind(out, slots[: first - 1], runs, run.started_at)
        cursor = _running_end(run, now)
        out[current] = SlotProjection("now", run.started_at, cursor, run.started_at)
    else:  # not in the agenda any more; callers do not let that happen, screens should not stop for it
        cursor = _running_end(run, now)
    cursor = _lay_out(out, slots, first, cursor, ends_at, runs)
    return Projection(out, cursor, _over_s(cursor, ends_at))


def _running_end(run: Run, now: int) -> int:
    deadline = run.deadline_at if run.paused_at is None else run.deadline_at + now - run.paused_at
    # started_at: after a step back of the clock, or with all its time taken, a slot is empty but never negative.
    return max(now, deadline, run.started_at)


def _lay_behind(
    out: dict[str, SlotProjection], slots: Sequence[Slot], runs: Mapping[str, Run], current_at: int
) -> None:
    """The slots before the current one: done as they were, or passed over where they stood."""
    cursor = next((runs[slot.id].started_at for slot in slots if slot.id in runs), current_at)
    for slot in slots:
        run = runs.get(slot.id)
        if run is None:
            out[slot.id] = SlotProjection("skipped", cursor, cursor)
        else:
            cursor = _end_of(run)
            out[slot.id] = SlotProjection("done", run.started_at, cursor, run.started_at, cursor)


def _end_of(run: Run) -> int:
    return run.started_at if run.ended_at is None else max(run.started_at, run.ended_at)


def _lay_out(
    out: dict[str, SlotProjection],
    slots: Sequence[Slot],
    first: int,
    cursor: int,
    ends_at: int,
    runs: Mapping[str, Run],
) -> int:
    """The slots from `first` on, one after the other from `cursor`; returns where the last one ends.

    Between one fixed slot and the next (or the planned end) the flex slots share what the others leave, so each such
    stretch is first summed up and then laid out: every slot is looked at twice, whatever the agenda's length.
    """
    count = len(slots)
    state: SlotState = "next"
    index = first
    while index < count:
        stop, head_at, taken_s, flex = _stretch(slots, index)
        given: Mapping[str, int] = {}
        if flex:
            until = slots[stop].planned_start_at if stop < count else ends_at
            given = _share(
                [(s.id, s.duration_s, s.least_s) for s in flex], until - max(cursor, head_at) - taken_s * 1000
            )
        for slot in slots[index:stop]:
            past = runs.get(slot.id) if runs else None
            if slot.skip:
                start, this = cursor, "skipped"
            else:
                start = max(cursor, slot.planned_start_at) if slot.fixed else cursor
                cursor = start + (given[slot.id] if slot.flex else slot.duration_s) * 1000
                this, state = state, "later"
            if past is None:
                out[slot.id] = SlotProjection(this, start, cursor)  # type: ignore[arg-type]
            else:
                out[slot.id] = SlotProjection(this, start, cursor, past.started_at, _end_of(past))  # type: ignore[arg-type]
        index = stop
    return cursor


def _stretch(slots: Sequence[Slot], first: int) -> tuple[int, int, int, list[Slot]]:
    """From `first` to before the next fixed slot: where it stops, its earliest start, seconds not flex, the flex."""
    head_at: int | None = None
    taken_s = 0
    flex: list[Slot] = []
    index = first
    for index in range(first, len(slots)):
        slot = slots[index]
        if slot.skip:
            continue
        if slot.fixed:
            if head_at is not None:
                return index, head_at, taken_s, flex
            head_at = slot.planned_start_at
        elif head_at is None:
            head_at = 0
        if slot.flex:
            flex.append(slot)
        else:
            taken_s += slot.duration_s
    return len(slots), head_at or 0, taken_s, flex


def _share(parts: Sequence[tuple[str, int, int]], pool_ms: int) -> dict[str, int]:
    """Share `pool_ms` among parts (id, weight, least seconds): whole seconds rounded down, none below its least.

    A part that would get less than its least gets that, and the others share the rest. Those with the highest
    least-to-weight ratio fall below first, and each one that does leaves less for the others: one pass in that order
    finds what repeating would.
    """
    if len(parts) == 1:
        name, _, least = parts[0]
        return {name: max(least, pool_ms // 1000)}
    weight = sum(part[1] for part in parts)
    given: dict[str, int] = {}
    by_need = sorted(parts, key=lambda part: part[2] / part[1] if part[1] else float("inf"), reverse=True)
    for place, (name, own, least) in enumerate(by_need):
        if own and pool_ms * own >= least * 1000 * weight:
            for rest, own, _ in by_need[place:]:
                given[rest] = pool_ms * own // (1000 * weight)
            break
        given[name] = least
        pool_ms -= least * 1000
        weight -= own
    return given


def _project_as_planned(slots: Sequence[Slot], ends_at: int) -> Projection:
    out: dict[str, SlotProjection] = {}
    state: SlotState = "next"
    for slot in slots:
        if slot.skip:
            out[slot.id] = SlotProjection("skipped", slot.planned_start_at, slot.planned_start_at)
        else:
            out[slot.id] = SlotProjection(state, slot.planned_start_at, slot.planned_end_at)
            state = "later"
    return Projection(out, ends_at, 0)


def _project_ended(slots: Sequence[Slot], timer: Timer, ends_at: int, now: int) -> Projection:
    runs = {past.slot: past for past in timer.trail}
    ended_at = timer.ended_at if timer.ended_at is not None else max((_end_of(r) for r in timer.trail), default=now)
    out: dict[str, SlotProjection] = {}
    for slot in slots:
        run = runs.get(slot.id)
        if run is None:
            out[slot.id] = SlotProjection("skipped", ended_at, ended_at)
        else:
            out[slot.id] = SlotProjection("done", run.started_at, _end_of(run), run.started_at, _end_of(run))
    return Projection(out, ended_at, _over_s(ended_at, ends_at))


def _over_s(end_at: int, ends_at: int) -> int:
    over = end_at - ends_at
    return over // 1000 if over >= 0 else -(-over // 1000)


# ---- the plan --------------------------------------------------------------------------------------------------------


def expected_length_s(slots: Sequence[Slot], timer: Timer, ends_at: int, now: int, slot_id: str) -> int:
    """Seconds that the slot gets when it begins now: its duration, or, flex, its share of what is then left.

    The slot is taken to begin now whatever runs (`timer` may be in any phase), even where it is marked `skip`, or is
    fixed and early. Raises KeyError when the agenda has no such slot.
    """
    index = next((place for place, slot in enumerate(slots) if slot.id == slot_id), None)
    if index is None:
        raise KeyError(slot_id)
    slot = slots[index]
    if not slot.flex:
        return slot.duration_s
    ahead = [_replace(slot, skip=False, fixed=False), *slots[index + 1 :]]
    out: dict[str, SlotProjection] = {}
    _lay_out(out, ahead, 0, now, ends_at, {})
    return (out[slot_id].expected_end_at - now) // 1000


def replan(slots: Sequence[Slot], ends_at: int, slot_id: str, now: int) -> tuple[tuple[Slot, ...], int]:
    """Move the whole plan, fixed slots too, so that the slot is on time now. Raises KeyError for an unknown slot."""
    for slot in slots:
        if slot.id == slot_id:
            shift = now - slot.planned_start_at
            moved = tuple(_replace(s, planned_start_at=s.planned_start_at + shift) for s in slots)
            return moved, ends_at + shift
    raise KeyError(slot_id)


def chain(slots: Iterable[Slot], starts_at: int) -> tuple[Slot, ...]:
    """Plan the slots one after the other from `starts_at`, for edits of length and order before the start.

    A fixed slot keeps its planned start, or moves later when the slot before it does not leave it; a slot marked
    `skip` keeps its room in the plan. The planned end is then `planned_end(slots)`.
    """
    cursor = starts_at
    planned: list[Slot] = []
    for slot in slots:
        start = max(cursor, slot.planned_start_at) if slot.fixed else cursor
        planned.append(slot if slot.planned_start_at == start else _replace(slot, planned_start_at=start))
        cursor = start + slot.duration_s * 1000
    return tuple(planned)


def planned_end(slots: Sequence[Slot]) -> int:
    """The end of the last slot as planned; 0 for an empty agenda."""
    return slots[-1].planned_end_at if slots else 0


# ---- settling an overrun ---------------------------------------------------------------------------------------------


def settlements(
    slots: Sequence[Slot], timer: Timer, ends_at: int, now: int, skip: str | None = None
) -> tuple[Settlement, ...]:
    """The ways to settle an overrun that are open now, one of each kind, in the order debate, shave, skip, move.

    - debate: the flex slots ahead give the time; debates ahead that are not flex become so.
    - shave: the talks ahead give it in proportion, so that debates keep their planned length; each talk keeps at least
      half (its `min_s` remembers that half, so that shaving again never goes below it).
    - skip: the slot asked for is left out, by default the last wrap-up ahead, else the last break.
    - move: flex slots ahead keep their planned length, and the end moves.

    A way that would change nothing for want of a debate, a talk or a slot to skip is absent; after the end all are.
    An unknown `skip`, or one that is not ahead, leaves `skip` out.
    """
    if timer.phase == "ended":
        return ()
    before = project(slots, timer, ends_at, now)
    ahead = [slot for slot in slots if before.slots[slot.id].state in ("next", "later")]
    ways: list[tuple[How, dict[str, dict[str, int | bool]]]] = []
    if any(slot.flex or slot.kind == "debate" for slot in ahead):
        ways.append(("debate", {slot.id: {"flex": True} for slot in ahead if slot.kind == "debate" and not slot.flex}))
    shaved = _shave(ahead, before, ends_at)
    if shaved:
        ways.append(("shave", shaved))
    chosen = _to_skip(ahead, skip)
    if chosen is not None:
        ways.append(("skip", {chosen: {"skip": True}}))
    if ahead:
        ways.append(("move", {slot.id: {"flex": False} for slot in ahead if slot.flex}))
    return tuple(_settlement(slots, timer, ends_at, now, how, changes) for how, changes in ways)


def settle(slots: Iterable[Slot], changes: Mapping[str, Mapping[str, int | bool]]) -> tuple[Slot, ...]:
    """The slots with a settlement's changes made."""
    return tuple(_replace(slot, **changes[slot.id]) if slot.id in changes else slot for slot in slots)


def _settlement(
    slots: Sequence[Slot], timer: Timer, ends_at: int, now: int, how: How, changes: dict[str, dict[str, int | bool]]
) -> Settlement:
    after = project(settle(slots, changes), timer, ends_at, now)
    lengths = {
        name: (slot.expected_end_at - slot.expected_start_at) // 1000
        for name, slot in after.slots.items()
        if slot.state in ("next", "later")
    }
    return Settlement(how, changes, lengths, after.end_expected_at, after.over_s)


def _to_skip(ahead: Sequence[Slot], asked: str | None) -> str | None:
    if asked is not None:
        return next((slot.id for slot in ahead if slot.id == asked), None)
    for kind in ("wrapup", "break"):
        for slot in reversed(ahead):
            if slot.kind == kind:
                return slot.id
    return None


def _shave(ahead: Sequence[Slot], before: Projection, ends_at: int) -> dict[str, dict[str, int | bool]]:
    """Stretch by stretch: what the talks would be if they alone made up for being late there."""
    changes: dict[str, dict[str, int | bool]] = {}
    if not ahead:
        return changes
    # The first slot ahead starts where the running one is expected to end; a fixed one's wait is in head_at already.
    cursor = before.slots[ahead[0].id].expected_start_at
    index = 0
    while index < len(ahead):
        stop, head_at, _, _ = _stretch(ahead, index)
        part = ahead[index:stop]
        until = ahead[stop].planned_start_at if stop < len(ahead) else ends_at
        cursor = max(cursor, head_at)
        kept_s = sum(slot.duration_s for slot in part)
        talks = [slot for slot in part if slot.kind == "talk" and not slot.flex]
        if talks and cursor + kept_s * 1000 > until:
            kept_s -= sum(slot.duration_s for slot in talks)
            least = {slot.id: _talk_least_s(slot) for slot in talks}
            given = _share([(s.id, s.duration_s, least[s.id]) for s in talks], until - cursor - kept_s * 1000)
            kept_s += sum(given.values())
            for slot in talks:
                if given[slot.id] < slot.duration_s:
                    changes[slot.id] = {"duration_s": given[slot.id], "min_s": least[slot.id]}
        cursor += kept_s * 1000
        index = stop
    return changes


def _talk_least_s(slot: Slot) -> int:
    return min(slot.duration_s, max((slot.duration_s + 1) // 2, slot.min_s or 0))
