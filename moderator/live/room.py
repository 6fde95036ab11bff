"""One webinar in one worker: commands come in, are decided together, become durable in one commit, and go out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import msgspec

from .. import metrics
from ..collector import uncollected
from ..domain import events, evolve, planning
from ..domain.commands import RULES, AgendaReplace, Clock, Command, Presence, Report, Similar
from ..domain.draft import Changed
from ..domain.refusal import N_, Refused
from ..domain.replay import Replay
from ..domain.similar import SimilarIndex
from ..domain.state import VISIBLE, Webinar
from ..domain.text import clean
from ..log.base import Commit, Log
from . import views
from .alarm import Alarm
from .answers import Answers
from .audience import Audience
from .birth import new_slot
from .gate import admit, digest, refusal_ack
from .identity import Caller
from .limits import Limits
from .loop import Promise, sleep
from .writer import Ack, Pending, Writer

log_ = logging.getLogger("moderator.room")


class Translate(Protocol):
    """Looks a sentence up in the catalogue of a language and fills its placeholders."""

    def __call__(self, lang: str, text: str, **params: Any) -> str: ...


class Room:
    def __init__(
        self, slug: str, log: Log, translate: Translate, limits: Limits, *, rehearsal: bool = False, speed: float = 1.0
    ) -> None:
        """`speed`: seconds of the log's clock in a second."""
        self.slug = slug
        self.speed = speed
        self.rehearsal = rehearsal
        self.log = log
        self.epoch = log.epoch
        self.translate = translate
        self.limits = limits
        self.state: Webinar = evolve.blank(slug)
        self.closed = False
        self.trouble: str | None = None  # what is wrong with the log, while something is
        self.answers = Answers()
        self.similar = SimilarIndex()
        self._alarm = Alarm(self)
        self._writer = Writer(self)
        self.load()
        self.audience = Audience(self)

    # ---- reading ----

    @property
    def seq(self) -> int:
        return self.state.seq

    def now(self) -> int:
        return self.log.now()

    def load(self) -> None:
        """Fold the log from the beginning. Blocks; called before the room serves."""
        replay = Replay(self.slug)
        self.answers.clear()
        now = self.now()
        with uncollected():
            for commit in self.log.read(self.slug):
                actions = events.decode(commit.body)
                if replay.add(actions, commit.seq, commit.at):
                    self.answers.clear()
                self.answers.read(actions, commit.seq, commit.at, now)
            self.state = replay.finish()
        if self.rehearsal:  # a webinar made for a show, opened under a rehearsal clock, is a rehearsal too
            self.state = msgspec.structs.replace(self.state, rehearsal=True)
        self.similar = SimilarIndex()
        for question in self.state.questions.values():
            self.similar.put(question)

    def view(self, caller: Caller) -> views.View:
        """The view of the caller's role, as a fresh snapshot would hold it."""
        attendee = caller.actor if caller.role == "attendee" else None
        return self.audience.fresh(caller.role, caller.slot, attendee)

    # ---- commands ----

    def submit(self, caller: Caller, payload: dict[str, Any]) -> Ack:
        """Carry out a command; `payload` has its `type`. Returns the ack, once what it did is durable. Never raises."""
        promise = Promise()
        fields = dict(payload)
        self.send(caller, fields.pop("type", None), fields, promise.set)
        ack: Ack = promise.wait()
        return ack

    def send(self, caller: Caller, type: Any, payload: Any, reply: Callable[[Ack], None]) -> None:
        """Like `submit`, with the answer handed to `reply`; keeps the order of the calls, and does not wait."""
        name = type if isinstance(type, str) else ""
        known = name if name in RULES else "unknown"

        def answer(ack: Ack) -> None:
            metrics.commands(known, "ok" if ack["ok"] else ack["error"]["code"]).inc()
            reply(ack)

        try:
            rule, command = admit(caller, name, payload, self.limits)
            if not rule.kept:
                answer({"ok": True, **self._at_once(caller, command)})
                return
            if self.closed:
                raise Refused("unavailable", N_("The server is closing. Try again."))
            mark = digest(name, command)
            agenda = self._read_agenda(command) if isinstance(command, AgendaReplace) else ()
        except Refused as refused:
            answer(refusal_ack(refused, self.translate, caller.lang))
            return
        self._writer.take(Pending(caller, name, rule, command, mark, answer, agenda))

    def _at_once(self, caller: Caller, command: Command) -> Ack:
        """Commands that the log need not know of."""
        match command:
            case Clock():
                return {"t0": command.t0, "now": self.now()}
            case Similar():
                return {"questions": self._find_similar(caller, command.text)}
            case Presence():
                self.audience.presence.moderator(caller, command)
                if isinstance(command.name, str):
                    self.audience.rename(caller, clean(command.name, limit=80, field="name", required=False))
            case Report():
                self.audience.presence.report(caller, command)
        return {"seq": self.seq}

    def _find_similar(self, caller: Caller, text: str) -> list[Ack]:
        found = []
        for id, score in self.similar.find(text[:2000]):
            question = self.state.questions[id]
            if question.state in VISIBLE or (caller.role == "moderator" and question.state == "review"):
                found.append({"question": id, "score": score})
        return found

    def _read_agenda(self, command: AgendaReplace) -> tuple[planning.NewSlot, ...]:
        from ..programme import ProgrammeError, read_slots, read_text

        if (command.text is None) == (command.slots is None):
            raise Refused("invalid", N_("Send a programme as text, or a list of slots."), field="text")
        if command.slots == []:
            raise Refused("invalid", N_("The programme has no slot."), field="slots")
        zone = self.state.timezone
        day = datetime.fromtimestamp(self.state.starts_at / 1000, ZoneInfo(zone)).date()
        try:
            if command.text is not None:
                slots = read_text(command.text, day, zone).slots
            else:
                slots = read_slots(command.slots or [], day.isoformat(), zone, self.state.starts_at)
        except ProgrammeError as error:
            field = "text" if command.text is not None else "slots"
            raise Refused(
                "invalid", N_("The programme cannot be read. {detail}"), field=field, detail=str(error)
            ) from None
        return tuple(new_slot(slot) for slot in slots)

    # ---- the log ----

    def follow(self, commits: Sequence[Commit]) -> None:
        """Fold what was appended, by this worker or by others, as far as it is new. Blocks the greenthread."""
        self._writer.follow(commits)

    def reach(self, seq: int) -> None:
        """Read on, if another worker may be at `seq` already and this one is not. Blocks the greenthread."""
        self._writer.reach(seq)

    def record(self, *made: events.AnyEvent) -> None:
        """Append events that no command leads to (keys rotated). Blocks the greenthread. Raises LogError."""
        self._writer.record(*made)

    def in_trouble(self, reason: str) -> None:
        """The log cannot be used now; the dashboard says why."""
        if self.trouble is None:
            log_.error("The log is unavailable", extra={"webinar": self.slug, "reason": reason})
        if self.trouble != reason:
            self.trouble = reason
            self.audience.health_changed()

    def out_of_trouble(self) -> None:
        """The log can be used."""
        if self.trouble is not None:
            self.trouble = None
            self.audience.health_changed()

    def applied(self, state: Webinar, actions: list[events.Action], changed: Changed, at: int) -> None:
        """The log holds one commit more, made here or elsewhere, and this is the state after it."""
        if changed.anew:
            self._begin_anew(state)
            return
        generations, self.state = self.state.generations, state
        self.answers.remember(actions, state.seq, at)
        for id in changed.questions:
            self.similar.put(state.questions[id])
        self.audience.changed(changed)
        if "generations" in changed.fields:
            now_at = state.generations
            self.audience.cut_holders({role for role in now_at if now_at[role] != generations.get(role, 0)})
        if not changed.fields.isdisjoint(("timer", "settings", "slots", "starts_at", "order")):
            self._alarm.set()

    def _begin_anew(self, state: Webinar) -> None:
        """No patch leads from what was to what is: everybody comes back for a snapshot."""
        self.state = msgspec.structs.replace(state, rehearsal=state.rehearsal or self.rehearsal)
        self.answers.clear()
        self.similar = SimilarIndex()
        self.audience.begin_anew()
        self._alarm.begin_anew()

    # ---- the clock and the end ----

    def set_alarm(self) -> None:
        """Wake up when the next automatic deed falls due."""
        self._alarm.set()

    def close(self) -> None:
        """Take nothing more, finish what is being committed. Blocks the greenthread for at most about three seconds."""
        self.closed = True
        self._alarm.cancel()
        give_up = time.monotonic() + 3
        while self._writer.busy and time.monotonic() < give_up:
            sleep(0.01)
        self.audience.close()
