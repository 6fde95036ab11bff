"""Taking a moderator's action back: every action remembers what it changed; what something later rests on stays."""

from __future__ import annotations

from typing import Any

from immutables import Map
from msgspec.structs import replace

from . import commands as c
from . import events as e
from .agenda import Slot
from .draft import Changed, Draft, without
from .events import Action
from .questions import MOVES, Context
from .refusal import N_, Refused
from .state import Deed, Question, Webinar

KEPT = 200  # so many actions can be taken back, or looked up

_QUESTION_FIELDS = (
    "state", "was", "text", "original", "answer", "reason", "labels", "starred", "to", "budget_s", "merged",
    "merged_into", "aired_at", "answered_at", "air_s", "on_air", "draft",
)  # fmt: skip

Change = tuple[str, str, str, Any, Any]


def changes(before: Webinar, after: Webinar, changed: Changed) -> tuple[Change, ...]:
    """What an action changed, as (part, key, field, before, after)."""
    found: list[Change] = []
    for id in sorted(changed.questions):
        old, new = before.questions.get(id), after.questions[id]
        if old is None or old is new:
            continue
        for field in _QUESTION_FIELDS:
            a, b = getattr(old, field), getattr(new, field)
            if a != b:
                found.append(("question", id, field, a, b))
    for field in ("queue", "live", "call", "timer", "order", "starts_at", "ends_at", "settings"):
        a, b = getattr(before, field), getattr(after, field)
        if a != b:
            found.append(("webinar", "", field, a, b))
    for part in ("slots", "speakers"):
        old_map, new_map = getattr(before, part), getattr(after, part)
        if old_map is not new_map:
            for id in sorted({*old_map, *new_map}):
                a, b = old_map.get(id), new_map.get(id)
                if a != b:
                    found.append((part, id, "", a, b))
    return tuple(found)


def deed(before: Webinar, after: Webinar, changed: Changed, action: Action, seq: int, at: int, undoable: bool) -> Deed:
    asked = sum(isinstance(event, e.Placed | e.Noted | e.Merged | e.Unmerged) for event in action.events)
    text = ""
    if action.question is not None and action.question in after.questions:
        text = after.questions[action.question].text[:120]
    elif action.slot is not None and action.slot in after.slots:
        text = after.slots[action.slot].title[:120]
    elif action.type == "message:send" and after.message is not None:
        text = after.message.text[:120]
    return Deed(
        seq=seq,
        at=at,
        by=action.by,
        type=action.type,
        undoable=undoable,
        question=action.question,
        slot=action.slot,
        text=text,
        count=max(asked, 1),
        changes=changes(before, after, changed) if undoable else (),
    )


_LATER = N_("Something later depends on this; take that back first.")


def _merge_order(before: tuple[str, ...], after: tuple[str, ...], now: tuple[str, ...]) -> tuple[str, ...]:
    """The order with one action's change taken out of it, and what others did to it since kept."""
    if now == after:
        return before
    order = list(now)
    moved = [id for id in after if id not in before]  # it put these in
    for id in moved:
        if id not in order:
            raise Refused("conflict", _LATER)
        order.remove(id)
    rest_before = [id for id in before if id in after]
    rest_after = [id for id in after if id in before]
    back = [id for id in before if id not in after]  # it took these out
    if rest_before != rest_after:  # it moved one: put that back where it was, next to those still there
        shifted = [id for id in rest_before if _shifted(id, rest_before, rest_after)]
        if not shifted:  # it put the whole queue in order: that cannot be told from what came later
            raise Refused("conflict", _LATER)
        back += shifted
        order = [id for id in order if id not in back]
    for id in sorted(back, key=before.index):
        if id in order:
            raise Refused("conflict", _LATER)
        place = before.index(id)
        ahead = next((other for other in reversed(before[:place]) if other in order), None)
        following = next((other for other in before[place + 1 :] if other in order), None)
        if ahead is not None:
            order.insert(order.index(ahead) + 1, id)
        else:
            order.insert(order.index(following) if following is not None else len(order), id)
    return tuple(order)


def _shifted(id: str, before: list[str], after: list[str]) -> bool:
    """Is this the one whose move turned `before` into `after`?"""
    return [other for other in before if other != id] == [other for other in after if other != id]


def _restored(webinar: Webinar, deed: Deed) -> list[Change]:
    """What to set, as changes with the value wanted. Raises `Refused("conflict")` when something later rests on it."""
    wanted: list[Change] = []
    for part, key, field, before, after in deed.changes:
        if part == "question":
            now = getattr(webinar.questions[key], field)
        elif part == "webinar":
            now = getattr(webinar, field)
            if field == "queue":
                wanted.append((part, key, field, _merge_order(before, after, now), now))
                continue
            if field == "call" and now != after:  # somebody else was called up since: that stands
                continue
            if field == "settings" and now.each_s == after.each_s:  # the others are not its business
                wanted.append((part, key, field, replace(now, each_s=before.each_s), now))
                continue
        else:
            now = getattr(webinar, part).get(key)
        if now != after:
            raise Refused("conflict", _LATER)
        wanted.append((part, key, field, before, now))
    return wanted


# What may change of a slot that ran since: the rest decided how it ran.
_FREE = ("title", "speakers", "links", "warn_s", "danger_s", "planned_start_at")


def _agenda_holds(webinar: Webinar, wanted: list[Change]) -> None:
    """Raises `Refused("conflict")` when the clock, the agenda or a question rests on what would be taken back."""
    parts: dict[str, dict[str, Any]] = {"slots": {}, "speakers": {}, "webinar": {}}
    for part, key, field, value, _ in wanted:
        if part != "question":
            parts[part][key or field] = value
    slots, speakers, fields = parts["slots"], parts["speakers"], parts["webinar"]
    timer = fields.get("timer", webinar.timer)
    order = fields.get("order", webinar.order)
    ran = {run.slot for run in timer.trail}
    if timer.trail and timer.trail[-1].slot not in order:
        raise Refused("conflict", _LATER)
    if "timer" not in fields:
        for id, slot in slots.items():
            if id in ran and (slot is None or _as_it_ran(slot) != _as_it_ran(webinar.slots[id])):
                raise Refused("conflict", _LATER)
        if timer.trail and order != webinar.order:
            over = webinar.order.index(timer.trail[-1].slot) + 1
            if order[:over] != webinar.order[:over]:
                raise Refused("conflict", _LATER)
    removed = {id for id, speaker in speakers.items() if speaker is None}
    if removed:
        after = {**webinar.slots, **slots}
        addressed = {id for question in webinar.questions.values() for id in question.to}
        for slot in after.values():
            addressed.update(slot.speakers if slot is not None else ())
        if not removed.isdisjoint(addressed):
            raise Refused("conflict", _LATER)


def _as_it_ran(slot: Slot) -> Slot:
    return replace(slot, **{name: getattr(_BARE, name) for name in _FREE})


_BARE = Slot(id="", title="", kind="talk", planned_start_at=0, duration_s=0)


def _of(webinar: Webinar, seq: int) -> Deed | None:
    return next((deed for deed in reversed(webinar.deeds) if deed.seq == seq), None)


def undo(webinar: Webinar, command: c.Undo, context: Context) -> tuple[list[e.AnyEvent], dict[str, Any]]:
    if command.of is None:
        found = next((deed for deed in reversed(webinar.deeds) if deed.undoable and not deed.undone), None)
        if found is None:
            raise Refused("conflict", N_("There is nothing to take back."))
    else:
        found = _of(webinar, command.of)
        if found is None or not found.undoable:
            raise Refused("not_found", N_("There is no action to take back there."), field="of")
        if found.undone:
            raise Refused("conflict", N_("This was taken back already."))
    wanted = _restored(webinar, found)
    queue = next(
        (value for part, _, field, value, _ in wanted if part == "webinar" and field == "queue"), webinar.queue
    )
    states = {key: value for part, key, field, value, _ in wanted if part == "question" and field == "state"}
    for id in queue:  # a question that was withdrawn meanwhile cannot come back into the queue
        if states.get(id, webinar.questions[id].state) != "queued":
            raise Refused("conflict", _LATER)
    _agenda_holds(webinar, wanted)
    return [e.Undone(found.seq)], {"of": found.seq}


def evolve(draft: Draft, event: e.Undone) -> None:
    found = _of(draft.state, event.of)
    if found is None:
        return
    per_question: dict[str, dict[str, Any]] = {}
    maps: dict[str, Map[str, Any]] = {}
    fields: dict[str, Any] = {}
    for part, key, field, value, _ in _restored(draft.state, found):
        if part == "question":
            per_question.setdefault(key, {})[field] = value
        elif part == "webinar":
            fields[field] = value
        else:
            map = maps.get(part, getattr(draft.state, part))
            maps[part] = without(map, key) if value is None else map.set(key, value)
            if part == "slots":
                fields["slot_seq"] = fields.get("slot_seq", draft.state.slot_seq).set(key, draft.seq)
    if "timer" in fields:
        fields["timer_seq"] = draft.seq
    if "order" in fields:
        fields["order_seq"] = draft.seq
    if "live" in fields:
        fields["live_seq"] = draft.seq
    if "queue" in fields and fields["queue"][:1] != draft.state.queue[:1]:
        fields["head_seq"] = draft.seq
    if fields or maps:
        draft.set(**fields, **maps)
    for id, values in per_question.items():
        if "text" in values:
            values["text_seq"] = draft.seq
        draft.question(id, **values)
    for id in per_question:
        draft.recount(id)
        touched: Question = draft.state.questions[id]
        for voter in touched.voters if "merged_into" in per_question[id] else ():
            draft.changed.attendees.add(voter)
    called = draft.state.call
    if called is not None and draft.state.questions[called].state not in MOVES["question:call"].states:
        draft.set(call=None)
    draft.set(deeds=tuple(_taken_back(deed, event.of) for deed in draft.state.deeds))


def _taken_back(deed: Deed, seq: int) -> Deed:
    return replace(deed, undone=True) if deed.seq == seq else deed
