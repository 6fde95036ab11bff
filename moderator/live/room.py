"""One webinar in one worker: commands come in, are decided together, become durable in one commit, and go out."""

from __future__ import annotations

import logging
import random
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import msgspec

from .. import metrics
from ..collector import uncollected
from ..domain import automatic, events, evolve, planning
from ..domain.commands import RULES, AgendaReplace, Ask, Clock, Command, Presence, Report, Rule, Similar
from ..domain.decide import decide
from ..domain.draft import Changed
from ..domain.questions import Context
from ..domain.refusal import N_, Refused
from ..domain.replay import Replay
from ..domain.similar import SimilarIndex
from ..domain.state import VISIBLE, Webinar
from ..domain.text import clean
from ..log.base import Commit, Log, LogConflict, LogError, LogFrozen, LogGone, LogUncertain
from . import views
from .audience import Audience
from .birth import new_slot
from .gate import admit, digest, refusal_ack, refusal_error
from .identity import Caller
from .limits import Limits, too_many
from .loop import Later, Promise, here, in_thread, lock, sleep, spawn

Ack = dict[str, Any]
log_ = logging.getLogger("moderator.room")

BATCH = 500  # commands in one commit
# Where workers race, the winner gives way for long enough that the others can decide a small commit: otherwise the one
# with more to do decides longer, loses again, and has still more to do.
LEAST = 25
RACE_S = 0.25
GIVE_WAY_S = (0.002, 0.006)
REMEMBER_MS = 2 * 3_600_000  # how long an id gives its first answer again (the contract asks for one hour)
ALARM_AGAIN_S = 1.0  # what fell due while the log was unavailable is tried again after this
SETTLE_S = 20.0  # how long an append of unknown outcome is looked into before the connections are told
_NOT_SAVED = Refused("unavailable", N_("Not saved. Try again."))


class Translate(Protocol):
    """Looks a sentence up in the catalogue of a language and fills its placeholders."""

    def __call__(self, lang: str, text: str, **params: Any) -> str: ...


class Pending(msgspec.Struct):
    """A command that was let in and waits for its answer."""

    caller: Caller
    type: str
    rule: Rule
    command: Command
    digest: str
    reply: Callable[[Ack], None]
    agenda: tuple[planning.NewSlot, ...] = ()
    counted: bool = False  # against what this caller does on other workers


class Kept(msgspec.Struct, frozen=True, gc=False):
    """The first answer to a command's id."""

    digest: str
    seq: int
    at: int
    answer: msgspec.Raw


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
        self._do = in_thread if log.native else here
        self.translate = translate
        self.limits = limits
        self.state: Webinar = evolve.blank(slug)
        self.closed = False
        self.trouble: str | None = None  # what is wrong with the log, while something is
        self._inbox: deque[Pending] = deque()
        self._writing = False
        self._most = BATCH
        self._others_at = -RACE_S  # when another worker's commit was last taken over
        self._appending = lock()
        self._kept: OrderedDict[tuple[str, str], Kept] = OrderedDict()
        self._similar = SimilarIndex()
        self._alarm: Later | None = None
        self._alarmed: set[str] = set()
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
        self._kept.clear()
        horizon = self.now() - REMEMBER_MS
        with uncollected():
            for commit in self.log.read(self.slug):
                actions = events.decode(commit.body)
                if replay.add(actions, commit.seq, commit.at):
                    self._kept.clear()
                if commit.at >= horizon:
                    self._remember(actions, commit.seq, commit.at)
            self.state = replay.finish()
        if self.rehearsal:  # a webinar made for a show, opened under a rehearsal clock, is a rehearsal too
            self.state = msgspec.structs.replace(self.state, rehearsal=True)
        self._similar = SimilarIndex()
        for question in self.state.questions.values():
            self._similar.put(question)

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
        self._inbox.append(Pending(caller, name, rule, command, mark, answer, agenda))
        if not self._writing:
            self._writing = True
            spawn(self._write)

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
        for id, score in self._similar.find(text[:2000]):
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

    # ---- the writer ----

    def _write(self) -> None:
        """Carries out what is in the inbox, batch by batch, until it is empty. One at a time per room."""
        try:
            while self._inbox:
                with self._appending:
                    self._count()
                    before = self.seq
                    self._one_commit()
                    won = self.log.shared and self.seq == before + 1
                if won and time.monotonic() < self._others_at + RACE_S:
                    sleep(random.uniform(*GIVE_WAY_S))
        finally:
            self._writing = False
            if self._inbox and not self._writing:  # something failed half-way: the rest must still be answered
                self._writing = True
                spawn(self._write)

    def _count(self) -> None:
        """Refuse who did too much on all workers together; one question to the others for many commands."""
        if self.limits.shared is None:
            return
        fresh = [pending for pending in self._inbox if not pending.counted]
        for pending in fresh:
            pending.counted = True
        asked = [(pending.rule.limit, pending.caller) for pending in fresh]
        late = list(zip(fresh, self.limits.shared.waits(asked), strict=True))
        for pending, wait in late:
            if wait:
                self._inbox.remove(pending)
                pending.reply(refusal_ack(too_many(wait), self.translate, pending.caller.lang))

    def _one_commit(self) -> None:
        batch: list[Pending] = []
        answers: list[Ack] = []
        actions: list[events.Action] = []
        changed = Changed()
        state, seq, now = self.state, self.state.seq + 1, self.now()
        fresh: dict[tuple[str, str], Kept] = {}
        desk = False
        if self.rehearsal and not state.rehearsed:  # the first of its commits says so, for ever
            mark = events.Action(actor="host", type="host", events=[events.Rehearsed()])
            state, changed = evolve.fold_action(state, mark, seq, now)
        else:
            mark = None
        while self._inbox and len(batch) < self._most:
            pending = self._inbox[0]
            if pending.caller.role == "moderator" and pending.type != "question:ask":
                if desk:  # one of these per commit, so that a seq names one deed, to be shown and taken back
                    break
                desk = True
            self._inbox.popleft()
            batch.append(pending)
            try:
                made, after, touched, ack = self._decide(state, pending, seq, now, fresh)
                if made is not None:
                    actions.append(made)
                    state = after
                    changed.add(touched)
                answers.append(ack)
            except Refused as refused:
                answers.append(refusal_ack(refused, self.translate, pending.caller.lang))
            except Exception:
                # A fault of ours must not take the others in the batch down with it, nor be told as success.
                log_.exception("A command failed", extra={"command": pending.type, "webinar": self.slug})
                answers.append(refusal_ack(_NOT_SAVED, self.translate, pending.caller.lang))
        if actions:
            if mark is not None:
                actions.insert(0, mark)
            state = msgspec.structs.replace(state, seq=seq)
            body = events.encode(actions)
            outcome = self._append(seq, body, now)
            while outcome == "conflict":
                try:
                    others = self._catch_up()
                except LogError as error:  # the batch is not in the log, that much is known
                    self.in_trouble(error.message)
                    outcome = "unavailable"
                    break
                if not _indifferent(actions, others):
                    self._most = max(LEAST, self._most // 2)  # decided sooner, it has a better chance next time
                    self._inbox.extendleft(reversed(batch))
                    return
                lost, seq, now = seq, self.state.seq + 1, self.now()
                state, changed = evolve.fold(self.state, actions, seq, now)
                for answer in answers:
                    if answer.get("seq") == lost:
                        answer["seq"] = seq
                outcome = self._append(seq, body, now)
            if outcome == "unknown":  # the server ends without the truth: clients repeat the same ids to the next one
                self.audience.cut_all()
                return
            if outcome == "unavailable":
                for pending in batch:
                    pending.reply(refusal_ack(_NOT_SAVED, self.translate, pending.caller.lang))
                return
            self._most = min(BATCH, self._most * 2)
            metrics.BATCH_SIZE.observe(len(actions))
            self._applied(state, actions, changed, now)
        for pending, answer in zip(batch, answers, strict=True):
            pending.reply(answer)

    def _decide(
        self, state: Webinar, pending: Pending, seq: int, now: int, fresh: dict[tuple[str, str], Kept]
    ) -> tuple[events.Action | None, Webinar, Changed, Ack]:
        """What a command does to `state`, and its ack. Raises `Refused`."""
        caller, command = pending.caller, pending.command
        key = (caller.actor, command.id) if command.id is not None else None
        if key is not None:
            kept = self._kept.get(key) or fresh.get(key)
            if kept is not None:
                if kept.digest != pending.digest:
                    raise Refused("conflict", N_("This id was used for something else."), field="id")
                return None, state, Changed(), _again(kept)
        context = Context(now, seq, caller.role, caller.actor, caller.slot, caller.name, self._similar.ids)
        made, answer = decide(state, pending.type, command, context, pending.agenda)
        if "refused" in answer:
            answer["refused"] = {
                id: refusal_error(refused, self.translate, caller.lang) for id, refused in answer["refused"].items()
            }
        if not made and key is None:
            return None, state, Changed(), {"ok": True, "seq": state.seq, **answer}
        action = events.Action(
            actor=caller.actor,
            type=pending.type,
            events=made,
            by=caller.name,
            question=getattr(command, "question", None),
            slot=_slot_of(command, made) or answer.get("slot"),
            id=command.id,
            digest=pending.digest if key is not None else None,
        )
        after, touched = evolve.fold_action(state, action, seq, now)
        if isinstance(command, Ask):
            id = f"q{after.last_n}"
            answer["question"] = {"id": id, **views.own_question(after, after.questions[id])}
            action = msgspec.structs.replace(action, question=id)
        elif pending.type == "question:edit":
            id = command.question  # type: ignore[attr-defined]
            answer["question"] = {"id": id, **views.own_question(after, after.questions[id])}
        if key is not None:
            raw = msgspec.Raw(msgspec.json.encode(answer)) if answer else events.NO_ANSWER
            action = msgspec.structs.replace(action, answer=raw)
            fresh[key] = Kept(pending.digest, seq, now, raw)
        return action, after, touched, {"ok": True, "seq": seq, **answer}

    def _append(self, seq: int, body: bytes, now: int) -> str:
        """`ok`, `conflict`, `unavailable`; an unknown outcome is looked into until it is known, or the room closes."""
        started = time.perf_counter()
        give_up = started + SETTLE_S
        while True:
            try:
                self._do(self.log.append, self.slug, seq, body, now)
            except (LogGone, LogFrozen):  # read anew, or closed, by whoever follows the log; or free again in a moment
                return "unavailable"
            except LogConflict:
                return "conflict"
            except LogUncertain as error:
                self.in_trouble(error.message)
                self._refuse_inbox()  # these were not sent, and need not wait for what is not known
                if time.perf_counter() > give_up:
                    # The truth is not known: an answer either way could be wrong, a cut connection is not.
                    self.audience.cut_all()
                    give_up = time.perf_counter() + SETTLE_S
                if self.closed:
                    return "unknown"
                sleep(0.2)
                continue
            except LogError as error:
                self.in_trouble(error.message)
                return "unavailable"
            self.out_of_trouble()
            metrics.COMMIT_SECONDS.observe(time.perf_counter() - started)
            return "ok"

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

    def _refuse_inbox(self) -> None:
        while self._inbox:
            pending = self._inbox.popleft()
            pending.reply(refusal_ack(_NOT_SAVED, self.translate, pending.caller.lang))

    def follow(self, commits: Sequence[Commit]) -> None:
        """Fold what was appended, by this worker or by others, as far as it is new. Blocks the greenthread."""
        if commits[-1].seq <= self.seq:
            return
        with self._appending:
            new = [commit for commit in commits if commit.seq > self.seq]
            if not new or self.closed:
                return
            if new[0].seq == self.seq + 1:
                self._fold(new)
            else:
                self._catch_up()

    def _catch_up(self) -> list[events.Action]:
        """Fold what others appended, and return it."""
        return self._fold(self._do(lambda: list(self.log.read(self.slug, after=self.seq))))

    def _fold(self, commits: Sequence[Commit]) -> list[events.Action]:
        self._others_at = time.monotonic()
        folded: list[events.Action] = []
        now = self.now()
        for commit in commits:
            metrics.LOG_LAG.observe(max(0, now - commit.at) / 1000)
            actions = events.decode(commit.body)
            state, changed = evolve.fold(self.state, actions, commit.seq, commit.at)
            self._applied(state, actions, changed, commit.at)
            folded += actions
        return folded

    def _applied(self, state: Webinar, actions: list[events.Action], changed: Changed, at: int) -> None:
        if changed.anew:
            self._begin_anew(state)
            return
        generations, self.state = self.state.generations, state
        self._remember(actions, state.seq, at)
        for id in changed.questions:
            self._similar.put(state.questions[id])
        self.audience.changed(changed)
        if "generations" in changed.fields:
            now_at = state.generations
            self.audience.cut_holders({role for role in now_at if now_at[role] != generations.get(role, 0)})
        if not changed.fields.isdisjoint(("timer", "settings", "slots", "starts_at", "order")):
            self.set_alarm()

    def _begin_anew(self, state: Webinar) -> None:
        """No patch leads from what was to what is: everybody comes back for a snapshot."""
        self.state = msgspec.structs.replace(state, rehearsal=state.rehearsal or self.rehearsal)
        self._kept.clear()
        self._similar = SimilarIndex()
        self._alarmed.clear()
        self.audience.begin_anew()
        self.set_alarm()

    def _remember(self, actions: list[events.Action], seq: int, at: int) -> None:
        for action in actions:
            if action.id is not None and action.digest is not None:
                self._kept[action.actor, action.id] = Kept(action.digest, seq, at, action.answer)
        while self._kept and next(iter(self._kept.values())).at < at - REMEMBER_MS:
            self._kept.popitem(last=False)

    # ---- what the clock does by itself ----

    def set_alarm(self) -> None:
        """Wake up when the next automatic deed falls due."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self.closed:
            return
        now = self.now()
        ahead = [due.at for due in automatic.due(self.state, now) if due.id not in self._alarmed]
        if ahead:
            self._alarm = Later((min(ahead) - now) / 1000 / self.speed, self._ring)

    def _ring(self) -> None:
        self._alarm = None
        now = self.now()
        for due in list(automatic.due(self.state, now)):
            if due.at <= now and due.id not in self._alarmed:
                self._alarmed.add(due.id)
                caller = Caller(self.slug, "moderator", "clock")
                # `base`: when somebody pressed Next in the same moment, the clock does not go on once more.
                payload = {**due.payload, "id": due.id, "base": self.seq}
                self.send(caller, due.type, payload, lambda ack, id=due.id: self._rang(id, ack))  # type: ignore[misc]
        self.set_alarm()

    def _rang(self, id: str, ack: Ack) -> None:
        if not ack["ok"] and ack["error"]["code"] == "unavailable" and not self.closed:
            self._alarmed.discard(id)
            Later(ALARM_AGAIN_S, self.set_alarm)

    # ---- events of the house ----

    def record(self, *made: events.AnyEvent) -> None:
        """Append events that no command leads to (keys rotated). Blocks the greenthread. Raises LogError."""
        action = events.Action(actor="host", type="host", events=list(made))
        with self._appending:
            while True:
                seq, now = self.state.seq + 1, self.now()
                outcome = self._append(seq, events.encode([action]), now)
                if outcome == "unavailable":
                    raise LogError(self.trouble or "The log is unavailable.")
                if outcome == "ok":
                    break
                self._catch_up()
            state, changed = evolve.fold(self.state, [action], seq, now)
            self._applied(state, [action], changed, now)

    def close(self) -> None:
        """Take nothing more, finish what is being committed. Blocks the greenthread for at most about three seconds."""
        self.closed = True
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        give_up = time.monotonic() + 3
        while (self._writing or self._inbox) and time.monotonic() < give_up:
            sleep(0.01)
        self.audience.close()


def _again(kept: Kept) -> Ack:
    answer: Ack = msgspec.json.decode(kept.answer)
    return {"ok": True, "seq": kept.seq, **answer}


def _indifferent(actions: Sequence[events.Action], others: Sequence[events.Action]) -> bool:
    """Whether what was decided stands although others came first: all are votes, and nobody voted here and there."""
    if any(one.type != "question:vote" for one in (*actions, *others)):
        return False
    return {one.actor for one in actions}.isdisjoint(one.actor for one in others)


def _slot_of(command: Command, made: list[events.AnyEvent]) -> str | None:
    """Which slot a deed is about: the one named, or the one that began."""
    named = getattr(command, "slot", None)
    if isinstance(named, str):
        return named
    return next((event.slot for event in made if isinstance(event, events.SlotBegan)), None)
