"""An audience without sockets or waiting: a clock that tests move, and clients that hold what they were sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest

from moderator.domain import events as e
from moderator.domain import evolve
from moderator.domain.commands import RULES
from moderator.domain.decide import decide
from moderator.domain.draft import Changed
from moderator.domain.questions import Context
from moderator.domain.refusal import Refused
from moderator.domain.state import Webinar
from moderator.live import audience, views
from moderator.live.audience import Audience, Since
from moderator.live.identity import Caller
from tests.domain.acts import Sent
from tests.domain.show import Show
from tests.support.merge import difference, merge, timeless


class Clock:
    """Time and timers in the place of `time.monotonic` and `loop.Later`."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.timers: list[Timer] = []

    def monotonic(self) -> float:
        return self.at

    def time(self) -> float:
        return self.at

    def advance(self, seconds: float) -> None:
        """Let time pass; what falls due happens in its order."""
        until = self.at + seconds
        while True:
            due = min((timer for timer in self.timers if timer.at <= until), key=lambda timer: timer.at, default=None)
            if due is None:
                break
            self.timers.remove(due)
            self.at = max(self.at, due.at)
            due.function(*due.args)
        self.at = until


class Timer:
    def __init__(self, clock: Clock, seconds: float, function: Callable[..., Any], args: tuple[Any, ...]) -> None:
        self.clock = clock
        self.at = clock.at + max(0.0, seconds)
        self.function = function
        self.args = args
        clock.timers.append(self)

    def cancel(self) -> None:
        if self in self.clock.timers:
            self.clock.timers.remove(self)


@contextmanager
def stopped_clock(ring: int = 512) -> Iterator[Clock]:
    """The audience's time stands still until it is moved; its windows are small."""
    clock = Clock()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(audience, "time", clock)
        patched.setattr(audience, "Later", lambda seconds, function, *args: Timer(clock, seconds, function, args))
        patched.setattr(audience, "RING", ring)
        patched.setattr(views, "ANSWERED_SHOWN", 2)
        patched.setattr(views, "POPULAR_SHOWN", 3)
        patched.setattr(views, "RECENT_SHOWN", 2)
        patched.setattr(views, "DEEDS_SHOWN", 3)
        yield clock


class Client:
    """Holds one view, by RFC 7386, and complains about every frame that breaks the protocol."""

    def __init__(self, role: str, *, slot: str | None = None, attendee: str | None = None) -> None:
        self.role, self.slot, self.attendee = role, slot, attendee
        self.sid = ""
        self.view: dict[str, Any] = {}
        self.seq = 0
        self.frames: list[dict[str, Any]] = []
        self.past: list[tuple[int, dict[str, Any]]] = []  # what it held after each frame

    def take(self, event: str, data: dict[str, Any]) -> None:
        self.frames.append(data)
        assert data["epoch"] == "epoch"
        if event == "snapshot":
            assert len(self.frames) == 1, "only the first frame is a snapshot"
            self.view = data["view"]
        else:
            assert data["from"] <= self.seq, "from is never later than what the client holds"
            self.view = merge(self.view, data["patch"])
        assert data["seq"] >= self.seq, "no client's seq ever falls"
        self.seq = data["seq"]
        self.past.append((self.seq, self.view))


class FakeWire:
    """Hands every frame to its clients as they would read it, in order."""

    def __init__(self) -> None:
        self.clients: dict[str, Client] = {}
        self.groups: dict[str, set[str]] = {}
        self.watch: Callable[[Client, str], None] = lambda client, text: None

    def join(self, sid: str, group: str) -> None:
        self.groups.setdefault(group, set()).add(sid)

    def leave(self, sid: str, group: str) -> None:
        self.groups[group].discard(sid)

    def broadcast(self, group: str, event: str, data: msgspec.Raw) -> float:
        for sid in sorted(self.groups.get(group, ())):
            self.send(sid, event, data)
        return 0.0

    def send(self, sid: str, event: str, data: msgspec.Raw) -> None:
        text = bytes(data).decode()
        client = self.clients[sid]
        client.take(event, json.loads(text))
        self.watch(client, text)

    def cut(self, sid: str) -> None:
        raise AssertionError("nobody is cut here")


class Hall:
    """A room reduced to what an `Audience` asks of it, over a show of the domain tests."""

    slug = "moss"
    epoch = "epoch"
    trouble = None

    def __init__(self, show: Show, clock: Clock) -> None:
        self.show = show
        self.clock = clock
        self.state: Webinar = show.state
        self.wire = FakeWire()
        self.entered = 0
        self.open_audience()

    def open_audience(self) -> None:
        """As after a restart: nothing is remembered of what was sent."""
        self.clock.timers.clear()
        self.wire.clients.clear()
        self.wire.groups.clear()
        self.audience = Audience(self)  # type: ignore[arg-type]

    @property
    def seq(self) -> int:
        return self.state.seq

    def now(self) -> int:
        return self.show.now + int(self.clock.at * 1000)

    def commit(self, batch: list[Callable[[Webinar], Sent]]) -> None:
        """Decide some commands together, as the room does."""
        state, changed, actions = self.state, Changed(), []
        seq, now = self.seq + 1, self.now()
        for sent in (make(state) for make in batch):
            rule = RULES[sent.type]
            context = Context(now, seq, sent.role, sent.actor, sent.slot)
            try:
                command = msgspec.convert(sent.payload, rule.payload)
                made, answer = decide(state, sent.type, command, context, sent.agenda)
            except Refused:
                continue
            if not made:
                continue
            slot = sent.payload.get("slot") or answer.get("slot")
            action = e.Action(sent.actor, sent.type, made, question=sent.payload.get("question"), slot=slot)
            state, touched = evolve.fold_action(state, action, seq, now)
            changed.add(touched)
            actions.append(action)
        if actions:
            self.state = msgspec.structs.replace(state, seq=seq)
            self.audience.changed(changed)
            assert self.audience.window.ids() == views.window(self.state)

    def enter(self, client: Client, since: int | None = None) -> None:
        self.entered += 1
        client.sid = f"sid{self.entered}"
        client.frames = []
        if since is None:
            client.seq, client.view = 0, {}
        self.wire.clients[client.sid] = client
        actor = client.attendee or (client.role if client.slot is None else f"speaker:{client.slot}")
        caller = Caller(self.slug, client.role, actor, client.slot, connection=client.sid)  # type: ignore[arg-type]
        self.audience.enter(client.sid, caller, Since(self.epoch, since) if since is not None else None, self.wire)
        assert len(client.frames) == 1, "the first frame is one snapshot or one patch"

    def leave(self, client: Client) -> None:
        self.audience.leave(client.sid)
        del self.wire.clients[client.sid]

    def fresh(self, client: Client) -> dict[str, Any]:
        view = views.view(self.state, client.role, self.now(), slot=client.slot, attendee=client.attendee)
        return json.loads(msgspec.json.encode(view))  # type: ignore[no-any-return]

    def settle(self) -> None:
        """Let everything that waits be sent; then everybody holds what a fresh snapshot would."""
        self.clock.advance(3)
        for client in list(self.wire.clients.values()):
            wrong = difference(timeless(client.view), timeless(self.fresh(client)))
            assert not wrong, f"{client.role} {client.slot or client.attendee or ''}: {wrong}"
            mine = self.audience.fresh(client.role, client.slot, client.attendee)
            assert not difference(timeless(json.loads(msgspec.json.encode(mine))), timeless(self.fresh(client)))
