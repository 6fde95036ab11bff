"""Running the agenda: starting, going on, pausing, adding time. Rules only; the clock itself is `timer.py`."""

from __future__ import annotations

from typing import Any

from . import commands as c
from . import events as e
from . import timer as clock
from .agenda import Slot
from .questions import Context
from .refusal import N_, Refused
from .state import Webinar


def current(webinar: Webinar) -> dict[str, Any]:
    """What a conflict tells about the clock."""
    timer = webinar.timer
    now: dict[str, Any] = {"phase": timer.phase}
    if timer.current is not None:
        now["slot"] = timer.current.slot
    return now


def _conflict(webinar: Webinar, message: str) -> Refused:
    return Refused("conflict", message, current=current(webinar))


def unchanged(webinar: Webinar, command: c.Command) -> None:
    """Two moderators who press Next together move on by one."""
    if command.base is not None and webinar.timer_seq > command.base:
        raise _conflict(webinar, N_("The clock was changed meanwhile."))


def running(webinar: Webinar) -> clock.Run:
    run = webinar.timer.current
    if run is None:
        raise _conflict(
            webinar,
            N_("The webinar has ended.") if webinar.timer.phase == "ended" else N_("The webinar has not started yet."),
        )
    return run


def slot_of(webinar: Webinar, id: str, field: str = "slot") -> Slot:
    slot = webinar.slots.get(id)
    if slot is None:
        raise Refused("not_found", N_("This slot is not in the agenda."), field=field)
    return slot


def start(webinar: Webinar, command: c.TimerStart, context: Context) -> tuple[list[e.AnyEvent], dict[str, Any]]:
    if command.slot is not None:
        slot = slot_of(webinar, command.slot)
    else:
        if webinar.timer.phase != "before":
            raise _conflict(webinar, N_("The webinar has already started."))
        slots = [slot for slot in webinar.agenda() if not slot.skip]
        if not slots:
            raise Refused("conflict", N_("The agenda has no slot to start."), current=current(webinar))
        slot = slots[0]
    unchanged(webinar, command)
    events: list[e.AnyEvent] = []
    slots_now, ends_at = tuple(webinar.agenda()), webinar.ends_at
    replan = command.replan
    if replan is None:
        replan = abs(context.now - slot.planned_start_at) > clock.NEAR_MS
    if slot.skip:  # whoever starts it wants it
        slots_now = tuple(clock.settle(slots_now, {slot.id: {"skip": False}}))
    if replan:
        slots_now, ends_at = clock.replan(slots_now, ends_at, slot.id, context.now)
    changed = [after for after in slots_now if webinar.slots[after.id] != after]
    if changed or ends_at != webinar.ends_at:
        shift = ends_at - webinar.ends_at
        events.append(
            e.AgendaChanged(
                slots=changed,
                starts_at=webinar.starts_at + shift if shift else None,
                ends_at=ends_at if shift else None,
            )
        )
    length = clock.expected_length_s(slots_now, webinar.timer, ends_at, context.now, slot.id)
    events.append(e.SlotBegan(slot.id, context.now, length))
    return events, {"replanned": True} if replan else {}


def next_slot(webinar: Webinar, command: c.TimerNext, context: Context) -> list[e.AnyEvent]:
    run = running(webinar)
    unchanged(webinar, command)
    here = webinar.order.index(run.slot)
    for id in webinar.order[here + 1 :]:
        if not webinar.slots[id].skip:
            length = clock.expected_length_s(webinar.agenda(), webinar.timer, webinar.ends_at, context.now, id)
            return [e.SlotBegan(id, context.now, length)]
    return [e.Ended(context.now)]


def previous(webinar: Webinar, command: c.TimerPrevious, context: Context) -> list[e.AnyEvent]:
    timer = webinar.timer
    if timer.phase != "ended":
        running(webinar)
    unchanged(webinar, command)
    if timer.phase != "ended" and len(timer.trail) < 2:
        raise _conflict(webinar, N_("Nothing ran before this slot."))
    back_to = timer.trail[-1 if timer.phase == "ended" else -2].slot
    if back_to not in webinar.slots:
        raise _conflict(webinar, N_("The slot that ran before is no longer in the agenda."))
    return [e.WentBack()]


def pause(webinar: Webinar, command: c.TimerPause, context: Context) -> list[e.AnyEvent]:
    running(webinar)
    unchanged(webinar, command)
    if webinar.timer.phase == "paused":
        raise _conflict(webinar, N_("The clock is paused already."))
    return [e.Paused(context.now)]


def resume(webinar: Webinar, command: c.TimerResume, context: Context) -> list[e.AnyEvent]:
    running(webinar)
    unchanged(webinar, command)
    if webinar.timer.phase == "running":
        raise _conflict(webinar, N_("The clock is running already."))
    return [e.Resumed(context.now)]


def add(webinar: Webinar, command: c.TimerAdd, context: Context) -> list[e.AnyEvent]:
    running(webinar)
    unchanged(webinar, command)
    return [e.TimeAdded(command.seconds)] if command.seconds else []


def end(webinar: Webinar, command: c.TimerEnd, context: Context) -> list[e.AnyEvent]:
    running(webinar)
    unchanged(webinar, command)
    return [e.Ended(context.now)]
