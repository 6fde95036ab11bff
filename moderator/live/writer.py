"""The writer of a room: commands that arrive together are decided together and made durable in one commit."""

from __future__ import annotations

import logging
import random
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec

from .. import metrics
from ..domain import events, evolve, planning
from ..domain.commands import Ask, Command, Rule
from ..domain.decide import decide
from ..domain.draft import Changed
from ..domain.questions import Context
from ..domain.refusal import N_, Refused
from ..domain.state import Webinar
from ..log.base import Commit, LogConflict, LogError, LogFrozen, LogGone, LogUncertain
from . import views
from .answers import Kept
from .gate import refusal_ack, refusal_error
from .identity import Caller
from .limits import too_many
from .loop import here, in_thread, lock, sleep, spawn

if TYPE_CHECKING:
    from .room import Room

Ack = dict[str, Any]
log_ = logging.getLogger("moderator.room")

BATCH = 500  # commands in one commit
# Where workers race, the winner gives way for long enough that the others can decide a small commit: otherwise the one
# with more to do decides longer, loses again, and has still more to do.
LEAST = 25
RACE_S = 0.25
GIVE_WAY_S = (0.002, 0.006)
SETTLE_S = 20.0  # how long an append of unknown outcome is looked into before the connections are told
_NOT_SAVED = Refused("unavailable", N_("Not saved. Try again."))


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


class Writer:
    """One of a room. Also folds what other workers appended: only one of both at a time."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._do = in_thread if room.log.native else here
        self._inbox: deque[Pending] = deque()
        self._writing = False
        self._most = BATCH
        self._others_at = -RACE_S  # when another worker's commit was last taken over
        self._appending = lock()

    @property
    def busy(self) -> bool:
        """Whether anybody waits for an answer."""
        return self._writing or bool(self._inbox)

    def take(self, pending: Pending) -> None:
        """Carry a command out, after those that were taken before."""
        self._inbox.append(pending)
        if not self._writing:
            self._writing = True
            spawn(self._write)

    def _write(self) -> None:
        """Carries out what is in the inbox, batch by batch, until it is empty. One at a time per room."""
        try:
            while self._inbox:
                with self._appending:
                    self._count()
                    before = self._room.seq
                    self._one_commit()
                    won = self._room.log.shared and self._room.seq == before + 1
                if won and time.monotonic() < self._others_at + RACE_S:
                    sleep(random.uniform(*GIVE_WAY_S))
        finally:
            self._writing = False
            if self._inbox and not self._writing:  # something failed half-way: the rest must still be answered
                self._writing = True
                spawn(self._write)

    def _count(self) -> None:
        """Refuse who did too much on all workers together; one question to the others for many commands."""
        if self._room.limits.shared is None:
            return
        fresh = [pending for pending in self._inbox if not pending.counted]
        for pending in fresh:
            pending.counted = True
        asked = [(pending.rule.limit, pending.caller) for pending in fresh]
        late = list(zip(fresh, self._room.limits.shared.waits(asked), strict=True))
        for pending, wait in late:
            if wait:
                self._inbox.remove(pending)
                pending.reply(refusal_ack(too_many(wait), self._room.translate, pending.caller.lang))

    def _one_commit(self) -> None:
        room = self._room
        batch: list[Pending] = []
        answers: list[Ack] = []
        actions: list[events.Action] = []
        changed = Changed()
        state, seq, now = room.state, room.state.seq + 1, room.now()
        fresh: dict[tuple[str, str], Kept] = {}
        desk = False
        if room.rehearsal and not state.rehearsed:  # the first of its commits says so, for ever
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
                answers.append(refusal_ack(refused, room.translate, pending.caller.lang))
            except Exception:
                # A fault of ours must not take the others in the batch down with it, nor be told as success.
                log_.exception("A command failed", extra={"command": pending.type, "webinar": room.slug})
                answers.append(refusal_ack(_NOT_SAVED, room.translate, pending.caller.lang))
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
                    room.in_trouble(error.message)
                    outcome = "unavailable"
                    break
                if not others or not _indifferent(actions, others):
                    self._most = max(LEAST, self._most // 2)  # decided sooner, it has a better chance next time
                    self._inbox.extendleft(reversed(batch))
                    return
                lost, seq, now = seq, room.state.seq + 1, room.now()
                state, changed = evolve.fold(room.state, actions, seq, now)
                for answer in answers:
                    if answer.get("seq") == lost:
                        answer["seq"] = seq
                outcome = self._append(seq, body, now)
            if outcome == "unknown":  # the server ends without the truth: clients repeat the same ids to the next one
                room.audience.cut_all()
                return
            if outcome == "unavailable":
                for pending in batch:
                    pending.reply(refusal_ack(_NOT_SAVED, room.translate, pending.caller.lang))
                return
            self._most = min(BATCH, self._most * 2)
            metrics.BATCH_SIZE.observe(len(actions))
            room.applied(state, actions, changed, now)
        for pending, answer in zip(batch, answers, strict=True):
            pending.reply(answer)

    def _decide(
        self, state: Webinar, pending: Pending, seq: int, now: int, fresh: dict[tuple[str, str], Kept]
    ) -> tuple[events.Action | None, Webinar, Changed, Ack]:
        """What a command does to `state`, and its ack. Raises `Refused`."""
        caller, command = pending.caller, pending.command
        key = (caller.actor, command.id) if command.id is not None else None
        if key is not None:
            kept = self._room.answers.get(*key) or fresh.get(key)
            if kept is not None:
                if kept.digest != pending.digest:
                    raise Refused("conflict", N_("This id was used for something else."), field="id")
                return None, state, Changed(), kept.ack()
        context = Context(now, seq, caller.role, caller.actor, caller.slot, caller.name, self._room.similar.ids)
        made, answer = decide(state, pending.type, command, context, pending.agenda)
        if "refused" in answer:
            answer["refused"] = {
                id: refusal_error(refused, self._room.translate, caller.lang)
                for id, refused in answer["refused"].items()
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
                self._do(self._room.log.append, self._room.slug, seq, body, now)
            except (LogGone, LogFrozen):  # read anew, or closed, by whoever follows the log; or free again in a moment
                return "unavailable"
            except LogConflict:
                return "conflict"
            except LogUncertain as error:
                self._room.in_trouble(error.message)
                self._refuse_inbox()  # these were not sent, and need not wait for what is not known
                if time.perf_counter() > give_up:
                    # The truth is not known: an answer either way could be wrong, a cut connection is not.
                    self._room.audience.cut_all()
                    give_up = time.perf_counter() + SETTLE_S
                if self._room.closed:
                    return "unknown"
                sleep(0.2)
                continue
            except LogError as error:
                self._room.in_trouble(error.message)
                return "unavailable"
            self._room.out_of_trouble()
            metrics.COMMIT_SECONDS.observe(time.perf_counter() - started)
            return "ok"

    def _refuse_inbox(self) -> None:
        while self._inbox:
            pending = self._inbox.popleft()
            pending.reply(refusal_ack(_NOT_SAVED, self._room.translate, pending.caller.lang))

    def follow(self, commits: Sequence[Commit]) -> None:
        """Fold what was appended, by this worker or by others, as far as it is new. Blocks the greenthread."""
        if commits[-1].seq <= self._room.seq:
            return
        with self._appending:
            new = [commit for commit in commits if commit.seq > self._room.seq]
            if not new or self._room.closed:
                return
            if new[0].seq == self._room.seq + 1:
                self._fold(new)
            else:
                self._catch_up()

    def reach(self, seq: int) -> None:
        """Read on, if the log may be at `seq` already and this worker is not. Blocks the greenthread."""
        with self._appending:
            if self._room.seq < seq and not self._room.closed:
                with suppress(LogError):  # whoever follows the log says so
                    self._catch_up()

    def _catch_up(self) -> list[events.Action]:
        """Fold what others appended, and return it."""
        return self._fold(self._do(lambda: list(self._room.log.read(self._room.slug, after=self._room.seq))))

    def _fold(self, commits: Sequence[Commit]) -> list[events.Action]:
        self._others_at = time.monotonic()
        folded: list[events.Action] = []
        now = self._room.now()
        for commit in commits:
            metrics.LOG_LAG.observe(max(0, now - commit.at) / 1000)
            actions = events.decode(commit.body)
            state, changed = evolve.fold(self._room.state, actions, commit.seq, commit.at)
            self._room.applied(state, actions, changed, commit.at)
            folded += actions
        return folded

    def record(self, *made: events.AnyEvent) -> None:
        """Append events that no command leads to (keys rotated). Blocks the greenthread. Raises LogError."""
        action = events.Action(actor="host", type="host", events=list(made))
        with self._appending:
            while True:
                seq, now = self._room.state.seq + 1, self._room.now()
                outcome = self._append(seq, events.encode([action]), now)
                if outcome in ("unavailable", "unknown"):
                    raise LogError(self._room.trouble or "The log is unavailable.")
                if outcome == "ok":
                    break
                self._catch_up()
            state, changed = evolve.fold(self._room.state, [action], seq, now)
            self._room.applied(state, [action], changed, now)


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
