"""Keeping a role's view up to date from what changed, as RFC 7386 merge patches. Pure, but for the view it holds.

Views are compared only where something was touched. Two patches in a row can be composed into one that serves whoever
holds the view before the first, after it, or anything in between: it carries values, not differences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sortedcontainers import SortedKeyList

from ..domain import timer as clock
from ..domain.draft import Changed
from ..domain.state import Question, Webinar
from . import views

Patch = dict[str, Any]


class Gone:
    """A null in a patch, with the shape of the object it deletes.

    When a later patch brings the object back, whoever still holds the old one must lose the keys that the new one
    lacks: composing the two needs to know them.
    """

    __slots__ = ("shape",)

    def __init__(self, shape: Patch) -> None:
        self.shape = shape


def _shape(value: Any) -> Any:
    return {key: _shape(inner) for key, inner in value.items()} if isinstance(value, dict) else True


def gone(value: Any) -> Gone | None:
    """What stands in a patch for the deletion of `value`."""
    return Gone(_shape(value)) if isinstance(value, dict) else None


def _union(shape: Patch, patch: Patch) -> Patch:
    merged = dict(shape)
    for key, value in patch.items():
        inner = value.shape if isinstance(value, Gone) else value
        if isinstance(inner, dict):
            old = merged.get(key)
            merged[key] = _union(old if isinstance(old, dict) else {}, inner)
        else:
            merged.setdefault(key, True)
    return merged


def _filled(shape: Patch, value: Patch) -> Patch:
    """`value` with a null for every key that whoever holds an object of this shape has to lose."""
    filled = dict(value)
    for key, inner in shape.items():
        if key not in value:
            filled[key] = Gone(inner) if isinstance(inner, dict) else None
        elif isinstance(inner, dict) and isinstance(value[key], dict):
            filled[key] = _filled(inner, value[key])
    return filled


def diff(before: Patch, after: Patch) -> Patch:
    """The merge patch that takes `before` to `after`; {} when they are equal."""
    patch: Patch = {}
    for key, value in after.items():
        old = before.get(key, _ABSENT)
        if old is value:
            continue
        if isinstance(value, dict) and isinstance(old, dict):
            inner = diff(old, value)
            if inner:
                patch[key] = inner
        elif old != value or type(old) is not type(value):
            patch[key] = value
    for key, old in before.items():
        if key not in after:
            patch[key] = gone(old)
    return patch


_ABSENT: Any = object()


def merge(target: Any, patch: Any) -> Any:
    """RFC 7386, into a new object."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None or isinstance(value, Gone):
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), value)
    return merged


def compose(first: Patch, second: Patch) -> Patch:
    """One patch for both, in this order, for whoever holds the view before the first, after it, or in between.

    A name that stands for an object must do so always, as in all views.
    """
    composed = dict(first)
    for key, value in second.items():
        old = composed.get(key, _ABSENT)
        if isinstance(value, dict):
            if isinstance(old, dict):
                value = compose(old, value)
            elif isinstance(old, Gone):
                value = _filled(old.shape, value)
        elif isinstance(value, Gone) and isinstance(old, dict):
            value = Gone(_union(value.shape, old))
        elif isinstance(value, Gone) and isinstance(old, Gone):
            value = Gone(_union(value.shape, old.shape))
        composed[key] = value
    return composed


class Window:
    """`views.window`, kept in order while questions change, so that 10,000 of them cost what 100 do."""

    def __init__(self, webinar: Webinar) -> None:
        self._public: dict[str, Question] = {}
        self._answered: dict[str, Question] = {}
        self._popular: Any = SortedKeyList(key=views.popular_key)
        self._recent: Any = SortedKeyList(key=views.recent_key)
        self._last: Any = SortedKeyList(key=views.answered_key)
        self._ids: set[str] | None = None
        self._queue: tuple[str, ...] = ()
        self._live: str | None = None
        self.update(webinar, webinar.questions)

    def update(self, webinar: Webinar, touched: Iterable[str]) -> None:
        for id in touched:
            after = webinar.questions[id]
            before = self._public.pop(id, None)
            if before is not None:
                self._popular.remove(before)
                self._recent.remove(before)
            earlier = self._answered.pop(id, None)
            if earlier is not None:
                self._last.remove(earlier)
            if after.state == "public":
                self._public[id] = after
                self._popular.add(after)
                self._recent.add(after)
            elif after.state == "answered":
                self._answered[id] = after
                self._last.add(after)
            self._ids = None
        if self._queue != webinar.queue or self._live != webinar.live:
            self._queue, self._live, self._ids = webinar.queue, webinar.live, None

    def ids(self) -> set[str]:
        if self._ids is None:
            ids = set(self._queue)
            if self._live is not None:
                ids.add(self._live)
            ids.update(q.id for q in self._last.islice(0, views.ANSWERED_SHOWN))
            ids.update(q.id for q in self._popular.islice(0, views.POPULAR_SHOWN))
            ids.update(q.id for q in self._recent.islice(0, views.RECENT_SHOWN))
            self._ids = ids
        return self._ids


_PLAN = {"slots", "order", "timer", "starts_at", "ends_at"}
_TOUCHES: dict[str, frozenset[str]] = {
    "webinar": frozenset({"title", "settings", "starts_at", "ends_at", "join_code"}),
    "speakers": frozenset({"speakers"}),
    "plan": frozenset(_PLAN),
    "qa": frozenset({"qa_mode", "settings", "timer", "order", "slots"}),
    "queue": frozenset({"queue", "live", "settings", "answered", *_PLAN}),
    "counts": frozenset({"tally", "votes", "last_n"}),
    "ledger": frozenset({"tally", "last_n", "answered", "reasons", "timer", "order", "slots", "qa_mode"}),
    "live": frozenset({"live"}),
    "hands": frozenset({"hands"}),
    "message": frozenset({"message"}),
    "call": frozenset({"call"}),
    "deeds": frozenset({"deeds"}),
    "floor": frozenset({"aired", "queue", "live", "speakers", "answered"}),
    "signals": frozenset({"signals"}),
    "hands_past": frozenset({"hands_past"}),
}


class Channel:
    """One view that several sockets share: a role, or the speakers of one slot.

    `advance` brings `view` up to the state and adds what changed to the patch that waits; `take` hands that patch out.
    """

    def __init__(self, role: str, slot: str | None, webinar: Webinar, now: int) -> None:
        self.role = role
        self.slot = slot
        self.seq = webinar.seq  # what `view` holds
        self.view = views.view(webinar, role, now, slot=slot)
        self.sent_seq = webinar.seq  # the newest that was handed out
        self._waiting: Patch = {}
        self._presence_shape: Patch = {}

    @property
    def waiting(self) -> bool:
        return bool(self._waiting)

    def advance(self, webinar: Webinar, changed: Changed, window: Window, now: int) -> Patch:
        """Bring the view to `webinar`, in which `changed` was touched since; returns what that changed in it."""
        patch: Patch = {}
        projection: clock.Projection | None = None
        fields = changed.fields

        def touched(name: str) -> bool:
            return not _TOUCHES[name].isdisjoint(fields)

        def part(name: str, value: Any) -> None:
            old = self.view.get(name, _ABSENT)
            if value is _ABSENT:
                if old is not _ABSENT:
                    del self.view[name]
                    patch[name] = gone(old)
                return
            if isinstance(old, dict) and isinstance(value, dict):
                change = diff(old, value)
                if change:
                    patch[name] = change
                    self.view[name] = value
            elif old is _ABSENT or old != value:
                patch[name] = value
                self.view[name] = value

        if touched("plan") or touched("queue") or (changed.questions and webinar.queue):
            projection = views.project(webinar, now)
        if touched("webinar"):
            part("webinar", views.webinar_part(webinar))
        if touched("speakers"):
            part("speakers", views.speakers_part(webinar))
        if touched("plan") and projection is not None:
            part("slots", views.slots_part(webinar, projection))
            part("timer", views.timer_part(webinar, projection))
        if touched("qa"):
            part("qa", views.qa_part(webinar))
        if projection is not None and (touched("queue") or not changed.questions.isdisjoint(webinar.queue)):
            part("queue", views.queue_part(webinar, projection, now))
        if self.role == "speaker" and touched("signals"):
            part("signals", views.signals_part(webinar, self.slot or ""))
        if touched("counts"):
            part("counts", {**views.counts_part(webinar, self.role), **self._kept_counts()})
        if touched("ledger"):
            ledger = views.ledger_part(webinar, self.role)
            part("ledger", ledger if ledger is not None else _ABSENT)
        self._optional(webinar, touched, part)
        if self.role == "moderator":
            self._moderators(webinar, changed, touched, part)
            self._questions(patch, changed.questions, lambda id: views.moderated_view(webinar, webinar.questions[id]))
        else:
            ids = window.ids()
            held: Patch = self.view["questions"]
            moved = (changed.questions & ids) | (held.keys() ^ ids)
            self._questions(
                patch, moved, lambda id: views.question_view(webinar.questions[id], self.role) if id in ids else None
            )
        self.seq = webinar.seq
        if patch:
            self._waiting = compose(self._waiting, patch) if self._waiting else patch
        return patch

    def _kept_counts(self) -> Patch:
        # Presence is told besides the log (see `presence`); a change of the other counts must not take it away.
        attendees = self.view["counts"].get("attendees")
        return {} if attendees is None else {"attendees": attendees}

    def _optional(self, webinar: Webinar, touched: Callable[[str], bool], part: Callable[[str, Any], None]) -> None:
        if not any(touched(name) for name in ("live", "hands", "message", "call")):
            return
        there = views.optional_parts(webinar, self.role, self.slot)
        for name in ("live", "live_since", "hands", "message", "call"):
            part(name, there.get(name, _ABSENT))

    def _moderators(
        self, webinar: Webinar, changed: Changed, touched: Callable[[str], bool], part: Callable[[str, Any], None]
    ) -> None:
        if touched("deeds"):
            part("deeds", views.deeds_part(webinar))
        if touched("floor") or touched("counts") or not changed.questions.isdisjoint((*webinar.aired, *webinar.queue)):
            floor, suggested = views.floor_parts(webinar)
            part("floor", floor)
            part("suggest", suggested if suggested is not None else _ABSENT)
        if touched("signals"):
            part("signals", views.signals_part(webinar))
        if touched("hands_past"):
            part("hands_past", [views.hands_part(hands) for hands in webinar.hands_past])

    def _questions(self, patch: Patch, ids: Iterable[str], make: Callable[[str], Patch | None]) -> None:
        held: Patch = self.view["questions"]
        changes: Patch = {}
        for id in ids:
            before = held.get(id)
            after = make(id)
            if after is None:
                if before is not None:
                    del held[id]
                    changes[id] = gone(before)
            elif before is None:
                held[id] = after
                changes[id] = after
            else:
                change = diff(before, after)
                if change:
                    held[id] = after
                    changes[id] = change
        if changes:
            patch["questions"] = changes

    def presence(self, part: Patch) -> Patch:
        """Put what is not of the log (who is here) into the view; returns the patch for it."""
        change = diff({name: self.view.get(name, {}) for name in part}, part)
        self.view.update(part)
        self._presence_shape = _union(self._presence_shape, change)
        return change

    def presence_again(self) -> Patch:
        """A patch that sets presence right for whoever holds any earlier one."""
        parts: Patch = {name: self.view[name] for name in ("presence", "counts") if name in self.view}
        return _filled({name: shape for name, shape in self._presence_shape.items() if name in parts}, parts)

    def peek(self) -> Patch:
        """What waits to be sent; it goes on waiting."""
        return self._waiting

    def take(self) -> tuple[int, Patch]:
        """(from, patch): what waits to be sent. Afterwards nothing waits."""
        patch, self._waiting = self._waiting, {}
        start, self.sent_seq = self.sent_seq, self.seq
        return start, patch
