"""A crowd that asks and votes while things are killed, and the check: nothing acknowledged is lost or done twice."""

from __future__ import annotations

import json
import random
import secrets
import threading
import time
from collections import Counter
from typing import Any

import websocket

from moderator.domain import events
from moderator.log.base import Log
from tests.support.client import Client
from tests.support.merge import difference, merge, timeless
from tests.support.server import Server

ANSWER_S = 12.0


class Fan(threading.Thread):
    """One attendee on a bare websocket: sends its commands one after the other, each again until it is answered."""

    def __init__(self, base: str, webinar: str, token: str, commands: int, asks: int, pace_s: float, seed: int) -> None:
        super().__init__(daemon=True)
        self.acked: dict[str, dict[str, Any]] = {}
        """Command id -> the ack that was `ok`."""
        self.refused: Counter[str] = Counter()
        self.unanswered = 0
        self.reconnects = 0
        self.view: dict[str, Any] = {}
        self.seq = 0
        self.violations: list[str] = []
        self.name_ = secrets.token_hex(4)
        self.done = False
        self._url = base.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
        self.auth = {"webinar": webinar, "role": "attendee", "attendee": token}
        self._random = random.Random(seed)
        self._commands = commands
        self._asks = asks
        self._pace_s = pace_s
        self._epoch = ""
        self._socket: websocket.WebSocket | None = None
        self._acks: dict[int, dict[str, Any]] = {}
        self._next = 0
        self.give_up = time.monotonic() + 100
        self.fault: BaseException | None = None

    def run(self) -> None:
        try:
            self._run()
        except BaseException as error:
            self.fault = error
        finally:
            self.done = True

    def _run(self) -> None:
        own: set[str] = set()
        for n in range(self._commands):
            id = f"{self.name_}-{n:04d}"
            others = [q for q in self.view.get("questions", {}) if q not in own]
            if n < self._asks or not others:
                ack = self._command(id, "question:ask", {"text": f"What follows from point {n} of {self.name_}?"})
                if ack is not None:
                    own.add(ack["question"]["id"])
            else:
                voted = self.view["me"]["votes"]
                choice = self._random.choice(others)
                self._command(id, f"question:{'unvote' if choice in voted else 'vote'}", {"question": choice})
            self._read_for(self._pace_s * self._random.uniform(0.5, 1.5))

    def _command(self, id: str, type: str, payload: dict[str, Any]) -> dict[str, Any] | None:
        """Its ack once it is `ok`, or None when the rules refuse it."""
        while time.monotonic() < self.give_up:
            ack = self._try(type, {**payload, "id": id})
            if ack is None:
                self.unanswered += 1
                continue
            if ack["ok"]:
                self.acked[id] = ack
                return ack
            code = ack["error"]["code"]
            self.refused[code] += 1
            if code not in ("unavailable", "rate_limited"):
                return None
            self._read_for(0.3)
        raise AssertionError(f"{self.name_}: {type} was never answered")

    def _try(self, type: str, payload: dict[str, Any]) -> dict[str, Any] | None:
        try:
            if self._socket is None:
                self._connect()
            assert self._socket is not None
            self._next += 1
            number = self._next
            self._socket.send(f"42{number}{json.dumps([type, payload])}")
            give_up = time.monotonic() + ANSWER_S
            while number not in self._acks and time.monotonic() < give_up:
                self._read(give_up)
            return self._acks.pop(number, None)
        except (OSError, websocket.WebSocketException):
            self._drop()
            return None

    def _connect(self) -> None:
        self.reconnects += 1
        made = websocket.WebSocket()
        try:
            made.connect(self._url, timeout=5)
        except BaseException:
            made.shutdown()
            raise
        self._socket = made
        made.recv()  # the engine's handshake
        auth = {**self.auth, **({"since": {"epoch": self._epoch, "seq": self.seq}} if self._epoch else {})}
        made.send("40" + json.dumps(auth))
        self._fresh = False
        give_up = time.monotonic() + 8
        while not self._fresh:
            if time.monotonic() > give_up:
                raise TimeoutError
            self._read(give_up)

    def _drop(self) -> None:
        self.leave()
        self._acks.clear()
        time.sleep(self._random.uniform(0.05, 0.3))

    def _read_for(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if self._socket is None:
                    self._connect()
                self._read(until)
            except (OSError, websocket.WebSocketException):
                self._drop()

    def _read(self, until: float) -> None:
        assert self._socket is not None
        self._socket.settimeout(max(0.001, until - time.monotonic()))
        try:
            text = self._socket.recv()
        except websocket.WebSocketTimeoutException:
            return
        if not text:
            raise OSError("closed")
        assert isinstance(text, str)
        if text == "2":
            self._socket.send("3")
        elif text.startswith("42"):
            self._take(*json.loads(text[2:]))
        elif text.startswith("43"):
            number, _, rest = text[2:].partition("[")
            self._acks[int(number)] = json.loads("[" + rest)[0]
        elif text.startswith(("41", "44", "1")):
            raise OSError(text)

    def _take(self, event: str, body: dict[str, Any]) -> None:
        self._fresh = True
        if event == "snapshot":
            view = body["view"]
        elif event == "patch":
            if body["epoch"] != self._epoch or body["from"] > self.seq:
                self.violations.append(f"a patch {body['epoch']}/{body['from']} to a view {self._epoch}/{self.seq}")
            view = merge(self.view, body["patch"])
        else:
            return
        if body["epoch"] == self._epoch and body["seq"] < self.seq:
            self.violations.append(f"seq fell from {self.seq} to {body['seq']}")
        self.view, self.seq, self._epoch = view, body["seq"], body["epoch"]

    def settle(self, seq: int) -> None:
        """After its commands: read on until it holds `seq`, or nothing new comes for a while."""
        give_up = time.monotonic() + 8
        while self.seq < seq and time.monotonic() < give_up:
            self._read_for(0.05)
        self._read_for(0.15)

    def leave(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            self._socket.shutdown()
            self._socket = None


class Storm:
    """Many fans at once, and what came of it."""

    def __init__(self, server: Server, fans: int, commands: int, asks: int, pace_s: float) -> None:
        webinar = server.webinar
        self.server = server
        moderator = Client(server.base, {"webinar": webinar, "role": "moderator", "key": server.key("moderator")})
        moderator.connect()
        moderator.do("settings:change", {"moderation": "post"})
        moderator.disconnect()
        self.fans = [
            Fan(server.base, webinar, server.join(), commands, asks, pace_s, seed) for seed in range(fans)
        ]  # fmt: skip

    def start(self) -> None:
        """All begin within a second."""
        for fan in self.fans:
            fan.start()
            time.sleep(1 / len(self.fans))

    @property
    def going(self) -> bool:
        """Whether any of them has something left to do."""
        return any(fan.is_alive() for fan in self.fans)

    def finish(self, timeout: float = 60) -> None:
        """Wait until all are through."""
        give_up = time.monotonic() + timeout
        for fan in self.fans:
            fan.join(max(0.0, give_up - time.monotonic()))
        assert not self.going, f"{sum(fan.is_alive() for fan in self.fans)} fans are still at it"
        for fan in self.fans:
            assert fan.fault is None, repr(fan.fault)

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
        facts = {
            "acked": len(acked),
            "missing": len(missing),
            "twice": twice,
            "elsewhere": len(elsewhere),
            "disordered": len(disordered),
            "commits": newest,
            "reconnects": sum(fan.reconnects for fan in self.fans) - len(self.fans),
            "unanswered": sum(fan.unanswered for fan in self.fans),
            "unavailable": sum(fan.refused["unavailable"] for fan in self.fans),
        }
        print(facts)  # noqa: T201
        assert (missing, twice, elsewhere, disordered) == ([], 0, [], []), facts
        return facts

    def check_views(self, log: Log) -> None:
        """Every surviving screen shows what a fresh one shows."""
        newest = log.last(self.server.webinar)
        for fan in self.fans:
            fan.settle(newest)
            assert fan.violations == []
            fresh = Client(self.server.base, fan.auth)
            fresh.connect()
            lines = difference(timeless(fan.view), timeless(fresh.view))
            assert not lines, "\n".join(lines[:10])
            fresh.close()
            fan.leave()
