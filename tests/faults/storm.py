"""A crowd that asks and votes while things are killed, and the check: nothing acknowledged is lost or done twice."""

from __future__ import annotations

import json
import random
import re
import secrets
import threading
import time
from collections import Counter
from functools import partial
from typing import Any

from moderator.domain import events
from moderator.live.identity import Identities, load_secret
from moderator.log.base import Log
from tests.support.client import Client
from tests.support.crowd import Line, Loop
from tests.support.merge import difference, merge, timeless
from tests.support.server import Server

ANSWER_S = 12.0
ENTER_S = 8.0
AGAIN_S = 0.3
KNOWN_S = 1.0  # a question is voted on when every worker knows it
LONGEST_S = 110.0  # a deadline, not an expectation
_HEAD = re.compile(rb'42\["(snapshot|patch)",\{"epoch":"([^"]+)",(?:"from":(\d+),)?"seq":(\d+),')


class Fan:
    """One attendee on a bare websocket: sends its commands one after the other, each again until it is answered."""

    def __init__(self, storm: Storm, token: str, seed: int, *, whole: bool) -> None:
        """`whole`: it keeps its view as a page does, and not only how far it is."""
        self.acked: dict[str, dict[str, Any]] = {}
        """Command id -> the ack that was `ok`."""
        self.asked = 0
        self.refused: Counter[str] = Counter()
        self.unanswered = 0
        self.reconnects = -1
        self.whole = whole
        self.view: dict[str, Any] = {}
        self.seq = 0
        self.epoch = ""
        self.violations: list[str] = []
        self.name = secrets.token_hex(4)
        self.done = False
        self.auth = {"webinar": storm.server.webinar, "role": "attendee", "attendee": token}
        self._storm = storm
        self._random = random.Random(seed)
        self._line: Line | None = None
        self._entered = False
        self._number = 0
        self._voted: set[str] = set()
        self._next = 0
        self._doing: tuple[str, str, dict[str, Any]] | None = None
        """Id, type and payload of the command that is not answered yet."""

    # ---- the connection ----

    def connect(self) -> None:
        """Come, or come back with what it holds."""
        self.reconnects += 1
        self._entered = False
        line = self._line = Line(self._storm.loop, self._storm.server.port, self)
        self._storm.loop.later(ENTER_S, partial(self._late, line, None))

    def leave(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def lost(self) -> None:
        """The connection is over; come back in a moment."""
        self._line = None
        if self._doing is not None and self._entered:
            self.unanswered += 1
        self._storm.loop.later(self._random.uniform(0.05, 0.3), self.connect)

    def _late(self, line: Line, number: int | None) -> None:
        """It did not let this fan in (None), or did not answer its command of this number, in time."""
        waits = not self._entered if number is None else (self._doing is not None and number == self._number)
        if line is self._line and waits and not self._storm.over:
            self.leave()
            self.lost()

    def got(self, payload: bytes) -> None:
        """A message of the server."""
        assert self._line is not None
        kind = payload[:2]
        if kind == b"42":
            self._take(payload)
        elif kind == b"43":
            number, _, rest = payload[2:].partition(b"[")
            if int(number) == self._number:
                self._answered(json.loads(b"[" + rest)[0])
        elif payload == b"2":
            self._line.send("3")
        elif payload[:1] == b"0":
            since = {"since": {"epoch": self.epoch, "seq": self.seq}} if self.epoch else {}
            self._line.send("40" + json.dumps({**self.auth, **since}))
        elif kind in (b"41", b"44") or payload == b"1":
            self.leave()
            self.lost()

    def _take(self, payload: bytes) -> None:
        head = _HEAD.match(payload)
        if head is None:
            return
        event, epoch, start, seq = head[1], head[2].decode(), head[3], int(head[4])
        if epoch == self.epoch and seq < self.seq:
            self.violations.append(f"seq fell from {self.seq} to {seq}")
        if event == b"patch" and (epoch != self.epoch or int(start) > self.seq):
            self.violations.append(f"a patch {epoch}/{int(start)} to a view {self.epoch}/{self.seq}")
        self.epoch, self.seq = epoch, seq
        if self.whole:
            body = json.loads(payload[2:])[1]
            self.view = body["view"] if event == b"snapshot" else merge(self.view, body["patch"])
        if not self._entered:
            self._entered = True
            if self._doing is not None:
                self._send()
            elif self._next == 0:
                self._go_on()

    # ---- the commands ----

    def _go_on(self) -> None:
        """The next command."""
        storm = self._storm
        if self._next >= storm.commands:
            self.done = True
            return
        id = f"{self.name}-{self._next:04d}"
        if self._next % (storm.commands // storm.asks) == 0 and self.asked < storm.asks:
            text = f"What follows from point {self._next} of {self.name}?"
            self._doing = (id, "question:ask", {"text": text})
        else:
            choice = storm.choose(self)
            if choice is None:
                storm.loop.later(AGAIN_S, self._go_on)
                return
            voted = choice in self._voted
            self._doing = (id, f"question:{'unvote' if voted else 'vote'}", {"question": choice})
        self._next += 1
        self._send()

    def _send(self) -> None:
        if self._line is None or not self._entered or self._doing is None:
            return  # it goes out when the connection stands
        id, type, payload = self._doing
        self._number += 1
        self._line.send(f"42{self._number}{json.dumps([type, {**payload, 'id': id}])}")
        self._storm.loop.later(ANSWER_S, partial(self._late, self._line, self._number))

    def _answered(self, ack: dict[str, Any]) -> None:
        assert self._doing is not None
        id, type, payload = self._doing
        code = "ok" if ack["ok"] else ack["error"]["code"]
        self._number += 1  # whatever else comes is of no use
        if code in ("unavailable", "rate_limited"):
            self.refused[code] += 1
            self._storm.loop.later(AGAIN_S, self._send)
            return
        self._doing = None
        if code != "ok":
            self.refused[code] += 1
        else:
            self.acked[id] = ack
            self._storm.acked += 1
            if type == "question:ask":
                self.asked += 1
                self._storm.questions.append((ack["question"]["id"], time.monotonic(), self))
            elif type == "question:vote":
                self._voted.add(payload["question"])
            else:
                self._voted.discard(payload["question"])
        self._storm.loop.later(self._storm.pace_s * self._random.uniform(0.5, 1.5), self._go_on)


class Storm:
    """Many fans at once, and what came of it."""

    def __init__(
        self, server: Server, fans: int, commands: int, asks: int, pace_s: float, whole: int | None = None
    ) -> None:
        """Each of the fans gives so many commands, `asks` of them questions, spread over all. `whole`: so many of the
        fans keep their view (all, if it is None)."""
        self.server = server
        self.commands = commands
        self.asks = asks
        self.pace_s = pace_s
        self.loop = Loop()
        self.acked = 0
        self.questions: list[tuple[str, float, Fan]] = []
        self.over = False
        self._choosing = random.Random(1)
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._moderator = {"webinar": server.webinar, "role": "moderator", "key": server.key("moderator")}
        moderator = Client(server.base, self._moderator).connect()
        moderator.do("settings:change", {"moderation": "post"})
        moderator.close()
        mint = Identities(load_secret(server.data, {})).mint_attendee
        self.fans = [
            Fan(self, mint(server.webinar), seed, whole=whole is None or seed < whole) for seed in range(fans)
        ]  # fmt: skip

    def choose(self, fan: Fan) -> str | None:
        """A question of somebody else to vote on, or not to any more."""
        for _ in range(8):
            if not self.questions:
                return None
            id, at, author = self._choosing.choice(self.questions)
            if author is not fan and at < time.monotonic() - KNOWN_S:
                return id
        return None

    def start(self) -> None:
        """All begin within a second."""
        for number, fan in enumerate(self.fans):
            self.loop.later(number / len(self.fans), fan.connect)
        self._thread.start()

    def _run(self) -> None:
        give_up = time.monotonic() + LONGEST_S
        try:
            self.loop.run(lambda: self.over or time.monotonic() > give_up)
        except BaseException as error:
            self._fault = error

    @property
    def going(self) -> bool:
        """Whether any of them has something left to do."""
        return self._thread.is_alive() and not all(fan.done for fan in self.fans)

    def finish(self, timeout: float = 80) -> None:
        """Wait until all are through; they stay connected."""
        give_up = time.monotonic() + timeout
        while self.going and time.monotonic() < give_up:
            time.sleep(0.02)
        late = sum(not fan.done for fan in self.fans)
        if late or self._fault is not None:
            self.end()
            raise AssertionError(f"{late} fans are still at it; {self._fault!r}")

    def end(self) -> None:
        """All hang up."""
        self.over = True
        self._thread.join(10)
        for fan in self.fans:
            fan.leave()
        self.loop.close()

    def check(self, log: Log) -> dict[str, int]:
        """Compare what was acknowledged with the log; the numbers. Asserts that nothing is missing or twice."""
        slug = self.server.webinar
        at: dict[str, int] = {}
        order: dict[str, list[str]] = {}
        twice = 0
        newest = 0
        for commit in log.read(slug):
            assert commit.seq == newest + 1
            newest = commit.seq
            for action in events.decode(commit.body):
                if action.id is not None:
                    twice += action.id in at
                    at[action.id] = commit.seq
                    order.setdefault(action.id.rsplit("-", 1)[0], []).append(action.id)
        acked = {id: ack for fan in self.fans for id, ack in fan.acked.items()}
        missing = [id for id in acked if id not in at]
        elsewhere = [id for id, ack in acked.items() if id in at and at[id] != ack["seq"]]
        disordered = [name for name, ids in order.items() if ids != sorted(ids)]
        asks = sum(fan.asked for fan in self.fans)
        facts = {
            "acked": len(acked),
            "asks": asks,
            "votes": len(acked) - asks,
            "missing": len(missing),
            "twice": twice,
            "elsewhere": len(elsewhere),
            "disordered": len(disordered),
            "commits": newest,
            "reconnects": sum(fan.reconnects for fan in self.fans),
            "unanswered": sum(fan.unanswered for fan in self.fans),
            "unavailable": sum(fan.refused["unavailable"] for fan in self.fans),
            "refused": sum(sum(fan.refused.values()) for fan in self.fans),
        }
        print(facts)  # noqa: T201
        assert (missing, twice, elsewhere, disordered) == ([], 0, [], []), facts
        return facts

    def check_views(self) -> None:
        """All surviving screens are at the same commit, and those that are kept show what a fresh one shows."""
        moderator = Client(self.server.base, self._moderator).connect()
        # Something that everybody sees, so that everybody is told.
        last = moderator.do("message:send", {"to": "all", "text": "That was the storm."})["seq"]
        moderator.close()
        give_up = time.monotonic() + 20
        while any(fan.seq < last for fan in self.fans) and time.monotonic() < give_up:
            assert self._thread.is_alive(), repr(self._fault)
            time.sleep(0.02)
        late = [fan.seq for fan in self.fans if fan.seq < last]
        self.end()
        assert late == [], f"{last} is the newest commit"
        assert len({fan.epoch for fan in self.fans}) == 1
        for fan in self.fans:
            assert fan.violations == [], fan.violations
            if fan.whole:
                fresh = Client(self.server.base, fan.auth).connect()
                assert fresh.seq == fan.seq == last
                lines = difference(timeless(fan.view), timeless(fresh.view))
                assert not lines, "\n".join(lines[:10])
                fresh.close()
