"""A room over a real SQLite log, with a clock that tests set and a log that can be told to fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from moderator.domain import events as e
from moderator.live.identity import Caller
from moderator.live.limits import Limits
from moderator.live.loop import Promise, sleep
from moderator.live.room import Ack, Room
from moderator.log.base import Commit, LogError
from moderator.log.sqlite import SqliteLog, open_log
from tests.domain.show import T0, created

SLUG = "moss"
MODERATOR = Caller(SLUG, "moderator", "moderator", name="Olga")
SCREEN = Caller(SLUG, "screen", "screen")


def attendee(n: int = 0) -> Caller:
    return Caller(SLUG, "attendee", f"attendee-{n}")


def speaker(slot: str) -> Caller:
    return Caller(SLUG, "speaker", f"speaker:{slot}", slot)


def translate(lang: str, text: str, **params: Any) -> str:
    return text.format(**params) if params else text


class SetClock:
    """Stands still at `at` until it is set."""

    rehearsal = False

    def __init__(self) -> None:
        self.at = T0

    def now(self) -> int:
        return self.at


class Log:
    """A SQLite log between which and the room things can go wrong."""

    def __init__(self, folder: Path, clock: SetClock) -> None:
        self.inner: SqliteLog = open_log(folder, clock)
        self.appended: list[int] = []  # seqs
        self.before: list[LogError | Callable[[], Any] | None] = []  # what happens before the next appends
        self.after: list[LogError | None] = []  # what is raised after the next appends were made

    def append(self, webinar: str, seq: int, body: bytes, at: int) -> None:
        happens = self.before.pop(0) if self.before else None
        if isinstance(happens, LogError):
            raise happens
        if happens is not None:
            happens()
        if self.inner.last(webinar) == seq and self.last_commit(webinar) == Commit(seq, at, body):
            return  # a repeated append of what is there, as the protocol has it
        self.inner.append(webinar, seq, body, at)
        self.appended.append(seq)
        lost = self.after.pop(0) if self.after else None
        if lost is not None:
            raise lost

    def last_commit(self, webinar: str) -> Commit:
        *_, last = self.inner.read(webinar)
        return last

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class World:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = SetClock()
        self.log = Log(folder, self.clock)
        self.log.create(SLUG, e.encode([e.Action("host", "create", [created()])]), T0)
        self.room = self._open()

    def _open(self) -> Room:
        room = Room(SLUG, self.log, translate, Limits())  # type: ignore[arg-type]
        room.set_alarm()
        return room

    def restart(self) -> Room:
        self.room.close()
        self.log.close()
        self.log = Log(self.folder, self.clock)
        self.room = self._open()
        return self.room

    def close(self) -> None:
        self.room.close()
        self.log.close()

    # ---- sending ----

    def send(self, caller: Caller, type: str, **payload: Any) -> Ack:
        return self.room.submit(caller, {"type": type, **payload})

    def ok(self, caller: Caller, type: str, **payload: Any) -> Ack:
        ack = self.send(caller, type, **payload)
        assert ack["ok"], ack
        return ack

    def no(self, caller: Caller, type: str, **payload: Any) -> dict[str, Any]:
        ack = self.send(caller, type, **payload)
        assert not ack["ok"], ack
        error: dict[str, Any] = ack["error"]
        return error

    def together(self, *commands: tuple[Caller, str, dict[str, Any]]) -> list[Ack]:
        """Sent before any of them can be decided; the acks in the order of the commands."""
        promises = [Promise() for _ in commands]
        for promise, (caller, type, payload) in zip(promises, commands, strict=True):
            self.room.send(caller, type, payload, promise.set)
        acks = [promise.wait(30) for promise in promises]
        assert None not in acks
        return acks

    def public(self, *callers: Caller) -> list[str]:
        """A public question of each."""
        ids = []
        for caller in callers or (attendee(),):
            ids.append(self.ok(caller, "question:ask", text="Is it so?")["question"]["id"])
            self.ok(MODERATOR, "question:approve", question=ids[-1])
        return ids

    def until(self, true: Callable[[], Any], seconds: float = 5.0) -> None:
        """Let the loop run until something is so."""
        for _ in range(int(seconds / 0.005)):
            if true():
                return
            sleep(0.005)
        raise AssertionError("it did not come to pass")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "data")
    yield made
    made.close()
