"""Changing the agenda, before and during the show: what has happened stays as it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from . import commands as c
from . import events as e
from . import timer as clock
from .agenda import DEFAULT_DANGER_S, DEFAULT_WARN_S, Kind, Link, Slot, Speaker
from .questions import Context
from .refusal import N_, Refused
from .running import slot_of
from .running import unchanged as clock_unchanged
from .state import Webinar
from .text import clean

MAX_SLOTS = 1000
MAX_TITLE = 300  # as in programmes


class NewSpeaker(msgspec.Struct, frozen=True):
    name: str
    affiliation: str = ""
    title: str = ""


class NewSlot(msgspec.Struct, frozen=True):
    """A slot as a programme gives it, before it has an id in this webinar."""

    title: str
    kind: Kind
    duration_s: int
    start_at: int | None = None
    speakers: tuple[NewSpeaker, ...] = ()
    id: str | None = None
    flex: bool = False
    fixed: bool = False
    skip: bool = False
    min_s: int | None = None
    warn_s: int = DEFAULT_WARN_S
    danger_s: int = DEFAULT_DANGER_S
    links: tuple[Link, ...] = ()


class Plan:
    """Slots and speakers in the making, with ids that were never used before."""

    def __init__(self, webinar: Webinar) -> None:
        self.serial = {"s": webinar.serial, "p": webinar.serial}
        self.speakers: dict[str, Speaker] = dict(webinar.speakers)
        self.taken = set(webinar.slots) | set(self.speakers) | {run.slot for run in webinar.timer.trail}
        self.gone = set(webinar.slot_seq) - self.taken  # a removed slot's link must not become another one's

    def new_id(self, prefix: str) -> str:
        while True:
            self.serial[prefix] += 1
            id = f"{prefix}{self.serial[prefix]}"
            if id not in self.taken and id not in self.gone:
                self.taken.add(id)
                return id

    def speaker(self, wanted: str | NewSpeaker | c.SpeakerFields) -> str:
        """The id of a speaker of this name, made when there is none; an affiliation given anew replaces the old one."""
        if isinstance(wanted, str):
            if wanted in self.speakers:
                return wanted
            wanted = NewSpeaker(wanted)
        name = clean(wanted.name, limit=120, field="speakers")
        affiliation = clean(wanted.affiliation, limit=300, field="speakers", required=False)
        title = clean(wanted.title, limit=120, field="speakers", required=False)
        for speaker in self.speakers.values():
            if speaker.name.casefold() == name.casefold():
                self.speakers[speaker.id] = replace(
                    speaker, affiliation=affiliation or speaker.affiliation, title=title or speaker.title
                )
                return speaker.id
        id = self.new_id("p")
        self.speakers[id] = Speaker(id, name, title, affiliation)
        return id

    def changed_speakers(self, webinar: Webinar) -> list[Speaker]:
        return [speaker for id, speaker in self.speakers.items() if webinar.speakers.get(id) != speaker]


def links(given: Sequence[c.LinkFields | Link]) -> tuple[Link, ...]:
    made = []
    for link in given:
        url = link.url.strip()
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.hostname or any(ch in url for ch in ' \t\r\n"<>\\'):
            raise Refused("invalid", N_("A link starts with http:// or https://."), field="links")
        made.append(Link(clean(link.title, limit=120, field="links", required=False) or parts.hostname, url))
    return tuple(made)


def happened(webinar: Webinar) -> int:
    """How many slots at the front of the agenda are over or running: they stay where they are."""
    timer = webinar.timer
    if timer.phase == "ended":
        return len(webinar.order)
    run = timer.current
    return 0 if run is None else webinar.order.index(run.slot) + 1


def unchanged(webinar: Webinar, command: c.Command, *slots: str, order: bool = False) -> None:
    """Nobody overwrites unseen: what the command touches must be as the sender saw it."""
    if command.base is None:
        return
    stale = [id for id in slots if webinar.slot_seq.get(id, 0) > command.base]
    if stale or (order and webinar.order_seq > command.base):
        current: dict[str, Any] = {"order": list(webinar.order)}
        current["slots"] = {id: msgspec.to_builtins(webinar.slots[id]) for id in stale if id in webinar.slots}
        raise Refused("conflict", N_("The agenda was changed meanwhile."), current=current)


def _result(webinar: Webinar, plan: Plan, slots: Sequence[Slot], *, planned: bool = False) -> list[e.AnyEvent]:
    """The events that turn the agenda into `slots`. Before the start it is chained anew, unless it is `planned`."""
    ends_at = webinar.ends_at
    starts_at = webinar.starts_at
    if webinar.timer.phase == "before":
        if not planned:
            slots = clock.chain(slots, starts_at)
        if slots:
            starts_at = slots[0].planned_start_at
            ends_at = max(slot.planned_end_at for slot in slots)
    order = [slot.id for slot in slots]
    changed = [slot for slot in slots if webinar.slots.get(slot.id) != slot]
    removed = [id for id in webinar.order if id not in set(order)]
    speakers = plan.changed_speakers(webinar)
    if not (changed or removed or speakers or order != list(webinar.order)):
        return []
    return [
        e.AgendaChanged(
            slots=changed,
            removed=removed,
            order=order if order != list(webinar.order) else None,
            speakers=speakers,
            starts_at=starts_at if starts_at != webinar.starts_at else None,
            ends_at=ends_at if ends_at != webinar.ends_at else None,
        )
    ]


def _fields(command: c.SlotFields, plan: Plan) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name in ("kind", "duration_s", "flex", "fixed", "skip", "min_s", "warn_s", "danger_s"):
        value = getattr(command, name)
        if value is not UNSET:
            fields[name] = value
    if command.title is not UNSET:
        fields["title"] = clean(command.title, limit=MAX_TITLE, field="title")
    if command.speakers is not UNSET:
        fields["speakers"] = tuple(dict.fromkeys(plan.speaker(wanted) for wanted in command.speakers))
    if command.links is not UNSET:
        fields["links"] = links(command.links)
    return fields


_HAPPENED = N_("What has happened stays as it was: only the title, the speakers and the links can change.")


def edit(webinar: Webinar, command: c.AgendaEdit, context: Context) -> list[e.AnyEvent]:
    slot = slot_of(webinar, command.slot)
    unchanged(webinar, command, slot.id)
    plan = Plan(webinar)
    fields = _fields(command, plan)
    place = webinar.order.index(slot.id)
    run = webinar.timer.current
    is_running = run is not None and run.slot == slot.id
    free = {"title", "speakers", "links", "warn_s", "danger_s"}
    if place < happened(webinar):
        allowed = free | ({"duration_s", "min_s", "kind", "flex", "fixed"} if is_running else set())
        refused = [name for name in fields if name not in allowed and fields[name] != getattr(slot, name)]
        if refused:
            raise Refused("conflict", _HAPPENED, field=refused[0], current={"slot": slot.id})
    after = replace(slot, **fields)
    slots = [after if other.id == slot.id else other for other in webinar.agenda()]
    chained = any(name in fields for name in ("duration_s", "fixed"))
    events = _result(webinar, plan, slots, planned=not chained)
    if is_running and "duration_s" in fields and run is not None and run.duration_s != after.duration_s:
        events.append(e.RunChanged(after.duration_s))
    return events


def add(webinar: Webinar, command: c.AgendaAdd, context: Context) -> tuple[list[e.AnyEvent], dict[str, Any]]:
    if command.slot is not None:  # the fields may come nested as well
        try:
            nested = msgspec.convert({"after": None, **command.slot}, c.AgendaAdd)
        except msgspec.ValidationError as error:
            raise Refused("invalid", N_("This slot cannot be read: {error}"), field="slot", error=str(error)) from None
        command = replace(nested, after=command.after, base=command.base, slot=None)
    if command.title is UNSET:
        raise Refused("invalid", N_("Give the slot a title."), field="title")
    if command.duration_s is UNSET:
        raise Refused("invalid", N_("Say how long the slot takes."), field="duration_s")
    if len(webinar.order) >= MAX_SLOTS:
        raise Refused("invalid", N_("An agenda has at most {n} slots."), n=MAX_SLOTS)
    slots = webinar.agenda()
    if command.after is UNSET:
        place = len(slots)
    elif command.after is None:
        place = 0
    else:
        place = webinar.order.index(slot_of(webinar, command.after, "after").id) + 1
    if place < happened(webinar):
        raise Refused("conflict", N_("A slot cannot be added before what has happened."), field="after")
    plan = Plan(webinar)
    fields = _fields(command, plan)
    fields.setdefault("kind", "talk")
    fields.setdefault("flex", fields["kind"] == "debate")
    starts = slots[place - 1].planned_end_at if place else webinar.starts_at
    slot = Slot(id=plan.new_id("s"), planned_start_at=starts, **fields)
    slots.insert(place, slot)
    return _result(webinar, plan, slots), {"slot": slot.id}


def move(webinar: Webinar, command: c.AgendaMove, context: Context) -> list[e.AnyEvent]:
    slot = slot_of(webinar, command.slot)
    unchanged(webinar, command, order=True)
    rest = [other for other in webinar.agenda() if other.id != slot.id]
    if command.before == slot.id:
        return []
    if command.before is None:
        place = len(rest)
    else:
        place = rest.index(slot_of(webinar, command.before, "before"))
    fixed = happened(webinar)
    if webinar.order.index(slot.id) < fixed or place < fixed:
        raise Refused("conflict", N_("What has happened stays in its place."), current={"order": list(webinar.order)})
    return _result(webinar, Plan(webinar), [*rest[:place], slot, *rest[place:]])


def remove(webinar: Webinar, command: c.AgendaRemove, context: Context) -> list[e.AnyEvent]:
    slot = slot_of(webinar, command.slot)
    unchanged(webinar, command, slot.id)
    if webinar.order.index(slot.id) < happened(webinar):
        raise Refused("conflict", N_("A slot that is running or over cannot be removed."), current={"slot": slot.id})
    return _result(webinar, Plan(webinar), [other for other in webinar.agenda() if other.id != slot.id])


def settle(webinar: Webinar, command: c.AgendaSettle, context: Context) -> list[e.AnyEvent]:
    if command.slot is not None:
        slot_of(webinar, command.slot)
    # What was offered is worked out from the clock and from every slot ahead.
    unchanged(webinar, command, *webinar.order[happened(webinar) :], order=True)
    clock_unchanged(webinar, command)
    slots = webinar.agenda()
    for way in clock.settlements(slots, webinar.timer, webinar.ends_at, context.now, command.slot):
        if way.how == command.how:
            return _result(webinar, Plan(webinar), clock.settle(slots, way.changes), planned=True)
    raise Refused("conflict", N_("There is no slot left that could give the time in this way."))


def borrow(webinar: Webinar, command: c.AgendaBorrow, context: Context) -> list[e.AnyEvent]:
    """A slot to come gives seconds to the debate that runs or comes next; all others and the end stay as they are."""
    slots = webinar.agenda()
    ahead = slots[happened(webinar) :]
    if command.slot is not None:
        lender = slot_of(webinar, command.slot)
    else:
        found = next((slot for slot in ahead if slot.kind == "wrapup" and not slot.skip), None)
        if found is None:
            raise Refused("conflict", N_("There is no slot left that could give the time in this way."))
        lender = found
    unchanged(webinar, command, lender.id)
    run = webinar.timer.current
    runs = run is not None and webinar.slots[run.slot].kind == "debate"
    debate = next((slot for slot in ahead if slot.kind == "debate" and not slot.skip), None)
    able = lender in ahead and not lender.skip
    if able and not runs:  # up to a slot that never starts early nothing grows
        place = -1 if debate is None else ahead.index(debate)
        able = 0 <= place < ahead.index(lender) and not any(
            slot.fixed for slot in ahead[place + 1 : ahead.index(lender) + 1]
        )
    if not able:
        raise Refused("conflict", N_("There is no slot left that could give the time in this way."))
    if command.seconds >= lender.duration_s:
        raise Refused("invalid", N_("This slot does not have so much time."), field="seconds")
    after = {lender.id: replace(lender, duration_s=lender.duration_s - command.seconds)}
    if not runs and debate is not None and (webinar.timer.phase == "before" or not debate.flex):
        # One that takes up what is late and early grows by itself, once the webinar runs.
        after[debate.id] = replace(debate, duration_s=debate.duration_s + command.seconds)
    events = _result(webinar, Plan(webinar), [after.get(slot.id, slot) for slot in slots])
    return [*events, e.TimeAdded(command.seconds)] if runs else events


_Name = tuple[str, frozenset[str]]


def _name(title: str, speakers: Iterable[str]) -> _Name:
    return clean(title, limit=MAX_TITLE, field="title").casefold(), frozenset(name.casefold() for name in speakers)


def _new_name(slot: NewSlot) -> _Name:
    return _name(slot.title, (clean(one.name, limit=120, field="speakers") for one in slot.speakers))


def slots_of(new: Sequence[NewSlot], plan: Plan, known: Sequence[Slot], starts_at: int) -> list[Slot]:
    """Slots for a programme. One keeps its id when it is matched by id, else by title and speakers."""
    by_id = {slot.id for slot in known}
    claimed = {slot.id for slot in new}
    by_name: dict[_Name, list[str]] = {}
    for slot in known:
        if slot.id not in claimed:
            name = _name(slot.title, (plan.speakers[id].name for id in slot.speakers))
            by_name.setdefault(name, []).append(slot.id)
    wanted = Counter(_new_name(slot_) for slot_ in new if slot_.id not in by_id)
    for name, ids in by_name.items():  # of several that are called the same, the ones behind stay
        del ids[: max(0, len(ids) - wanted[name])]
    used: set[str] = set()
    made: list[Slot] = []
    cursor = starts_at
    for slot_ in new:
        speakers = tuple(dict.fromkeys(plan.speaker(speaker) for speaker in slot_.speakers))
        id = slot_.id
        if id not in by_id:
            namesakes = by_name.get(_new_name(slot_))
            id = namesakes.pop(0) if namesakes else None
        if id is None or id in used:
            given = slot_.id if slot_.id and slot_.id not in plan.taken else None
            id = given or plan.new_id("s")
        plan.taken.add(id)
        used.add(id)
        start = slot_.start_at if slot_.start_at is not None else cursor
        made.append(
            Slot(
                id=id,
                title=clean(slot_.title, limit=MAX_TITLE, field="title"),
                kind=slot_.kind,
                planned_start_at=start,
                duration_s=slot_.duration_s,
                speakers=speakers,
                flex=slot_.flex,
                fixed=slot_.fixed,
                skip=slot_.skip,
                min_s=slot_.min_s,
                warn_s=slot_.warn_s,
                danger_s=slot_.danger_s,
                links=links(slot_.links),
            )
        )
        cursor = start + slot_.duration_s * 1000
    return made


def _with_what_was_set(slot: Slot, known: Slot) -> Slot:
    """A slot read from a text, with what moderators had set and the text has no words for."""
    plain = Slot(id="", title="", kind=slot.kind, planned_start_at=0, duration_s=0, flex=slot.kind == "debate")
    names = ["fixed", "skip", "min_s", "warn_s", "danger_s", "links"]
    if slot.kind == known.kind:
        names.append("flex")
    return replace(
        slot, **{name: getattr(known, name) for name in names if getattr(slot, name) == getattr(plain, name)}
    )


def replace_agenda(
    webinar: Webinar, command: c.AgendaReplace, new: Sequence[NewSlot], context: Context
) -> list[e.AnyEvent]:
    """The whole agenda anew. Slots done or running stay as they are, and so do planned times once it has started."""
    if not new:
        raise Refused("invalid", N_("The programme has no slot."), field="slots")
    if len(new) > MAX_SLOTS:
        raise Refused("invalid", N_("An agenda has at most {n} slots."), n=MAX_SLOTS)
    unchanged(webinar, command, *webinar.order, order=True)
    plan = Plan(webinar)
    slots = slots_of(new, plan, webinar.agenda(), webinar.starts_at)
    if command.text is not None:
        named = {slot.id for slot in new}
        slots = [
            _with_what_was_set(slot, webinar.slots[slot.id])
            if slot.id in webinar.slots and slot.id not in named
            else slot
            for slot in slots
        ]
    kept = webinar.agenda()[: happened(webinar)]
    if webinar.timer.phase != "before":
        there = {slot.id for slot in kept}
        slots = [*kept, *(slot for slot in slots if slot.id not in there)]
        slots = [
            replace(slot, planned_start_at=webinar.slots[slot.id].planned_start_at)
            if slot.id in webinar.slots
            else slot
            for slot in slots
        ]
    return _result(webinar, plan, slots, planned=True)


def created(facts: dict[str, Any], new: Sequence[NewSlot], join_code: str) -> e.Created:
    """The first event of a webinar from a programme's facts: slug, title, timezone, starts_at and so on."""
    if not new:
        raise Refused("invalid", N_("The programme has no slot."), field="slots")
    blank = Webinar(slug="", title="", timezone="", starts_at=0, ends_at=0, join_code="", created_at=0)
    plan = Plan(blank)
    slots = slots_of(new, plan, (), facts["starts_at"])
    return e.Created(
        slots=slots,
        speakers=list(plan.speakers.values()),
        join_code=join_code,
        ends_at=max(slot.planned_end_at for slot in slots),
        **facts,
    )
