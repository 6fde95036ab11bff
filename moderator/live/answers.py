"""The first answers to commands' ids, given again when a command is repeated."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import msgspec

from ..domain import events

REMEMBER_MS = 2 * 3_600_000  # how long an id gives its first answer again (the contract asks for one hour)


class Kept(msgspec.Struct, frozen=True, gc=False):
    """The first answer to a command's id."""

    digest: str
    seq: int
    at: int
    answer: msgspec.Raw

    def ack(self) -> dict[str, Any]:
        answer: dict[str, Any] = msgspec.json.decode(self.answer)
        return {"ok": True, "seq": self.seq, **answer}


class Answers:
    """By actor and id, oldest first; `at` and `now` are milliseconds of the log's clock."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Kept] = OrderedDict()

    def get(self, actor: str, id: str) -> Kept | None:
        return self._kept.get((actor, id))

    def clear(self) -> None:
        self._kept.clear()

    def read(self, actions: Sequence[events.Action], seq: int, at: int, now: int) -> None:
        """Remember a commit of the past, if it is not too long ago."""
        if at >= now - REMEMBER_MS:
            self.remember(actions, seq, at)

    def remember(self, actions: Sequence[events.Action], seq: int, at: int) -> None:
        """Remember a commit, and forget what is too old by then."""
        for action in actions:
            if action.id is not None and action.digest is not None:
                self._kept[action.actor, action.id] = Kept(action.digest, seq, at, action.answer)
        while self._kept and next(iter(self._kept.values())).at < at - REMEMBER_MS:
            self._kept.popitem(last=False)
