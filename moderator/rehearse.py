"""Bots for a rehearsal: they join, ask, vote and leave, so that a moderator can practise against a running server.

Each bot holds a real socket, so that the dashboard counts it; what it asks and votes goes over REST. No eventlet here:
one thread keeps all sockets open, a few others send.
"""

from __future__ import annotations

import base64
import heapq
import itertools
import json
import os
import random
import selectors
import socket
import ssl
import struct
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from .config import Config, Mistake

ASKS = 0.35  # questions per attendee in a whole webinar
VOTES = 5.0
RETURNS = 0.15  # attendees whose connection breaks once
SENDERS = 8
UNSURE_S = 5.0  # how long after a connection was closed the bots ask whether this still is a rehearsal
TEXTS = (
    "What does it cost per tonne compared with virgin material?",
    "Which regions can still join, and by when?",
    "How do you deal with additives that are no longer permitted?",
    "Is the energy balance positive without subsidies?",
    "Where do you see the first plant of commercial size?",
    "How do small companies take part without a laboratory of their own?",
    "What happens with the residue that cannot be recycled?",
    "Could this work with mixed household waste?",
    "Who owns the results of the cooperation?",
    "Which rule would you change first, if you could?",
    "How many jobs does it bring to the region, and which?",
    "Have you compared it with mechanical recycling?",
    "What did not work in the first year?",
    "How do you find partners along the value chain?",
    "Is there a list of the projects that we can look at?",
    "Was kostet die Anlage, und wer bezahlt sie?",
    "¿Cómo puede participar una región pequeña?",
    "Quels sont les délais pour rejoindre le projet ?",
    "Quanto idrogeno serve per una tonnellata?",
    "Welke stoffen zijn het lastigst te scheiden?",
)
ENDINGS = ("", "", "", " And in five years?", " Is there data on that?", " Also outside Europe?", " Who decides that?")


@dataclass
class Bot:
    number: int
    token: str = ""
    line: Line | None = None
    own: set[str] = field(default_factory=set)
    voted: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """Nobody takes it for a person of the real show."""
        return f"Rehearsal {self.number}"


class Crowd:
    """The bots of one webinar and what they did so far."""

    def __init__(self, url: str, slug: str, warning: str = "", *, rehearsal: bool = False) -> None:
        """`warning`: what the person should know before the bots are let in.

        `rehearsal`: it is one, and the bots leave when it no longer is.
        """
        self.url = url
        self.over = False
        """The rehearsal was wiped: what stands there now is the real webinar."""
        self._rehearsal = rehearsal
        self.warning = warning
        self.path = f"/api/v1/webinars/{quote(slug)}"
        self.slug = slug
        self.done: Counter[str] = Counter()
        self.public: list[str] = []
        self.lines = Lines(url, slug)
        self._cut = 0
        self._unsure_until = 0.0
        self._lock = threading.Lock()
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open

    def call(self, method: str, path: str, token: str = "", body: Any = None) -> dict[str, Any]:
        """The JSON answer, a refusal's as well. Raises OSError when there is none."""
        request = urllib.request.Request(self.url + path, method=method)
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        if body is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with self._open(request, json.dumps(body).encode() if body is not None else None, timeout=15) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            try:
                return dict(json.load(error))
            except ValueError:
                return {"ok": False, "error": {"code": str(error.code), "message": f"The server said {error.code}."}}

    def welcome(self) -> bool:
        """Whether bots may go on here. A wipe closes all connections, so a closed one is a reason to ask."""
        if self._cut != self.lines.cut:  # for a while: another worker may hear of it later
            self._cut, self._unsure_until = self.lines.cut, time.monotonic() + UNSURE_S
        if self._rehearsal and not self.over and time.monotonic() < self._unsure_until:
            found = self.call("GET", "/api/v1/webinars").get("webinars", ())
            self.over = any(one["slug"] == self.slug and not one.get("rehearsal") for one in found)
        return not self.over

    def join(self, bot: Bot) -> None:
        if not self.welcome():
            return
        if not bot.token:
            found = self.call("POST", f"{self.path}/join")
            if "attendee" not in found:
                self._count(f"refused to join: {found['error']['message']}")
                return
            bot.token = found["attendee"]
            self._count("joined")
        if bot.line is None:
            bot.line = self.lines.open(bot.token)

    def leave(self, bot: Bot) -> None:
        if bot.line is not None:
            self.lines.close(bot.line)
            bot.line = None

    def ask(self, bot: Bot) -> None:
        text = random.choice(TEXTS) + random.choice(ENDINGS)
        ack = self._command(
            bot, {"type": "question:ask", "text": text, "aloud": random.random() < 0.1, "name": bot.name}
        )
        if ack.get("ok"):
            bot.own.add(ack["question"]["id"])
            self._count("asked")

    def vote(self, bot: Bot) -> None:
        choice = [id for id in self.public if id not in bot.own and id not in bot.voted]
        if not choice:
            return
        # Popular ones are seen first, and so they are voted for more.
        id = choice[min(int(random.expovariate(0.35)), len(choice) - 1)]
        bot.voted.add(id)
        if self._command(bot, {"type": "question:vote", "question": id}).get("ok"):
            self._count("voted")

    def look(self, bot: Bot) -> None:
        """One bot reads the public questions for all of them."""
        found = self.call("GET", f"{self.path}/questions?sort=votes&limit=60", bot.token)
        self.public = [one["id"] for one in found.get("questions", ()) if one["state"] in ("public", "queued")]

    def _command(self, bot: Bot, body: dict[str, Any]) -> dict[str, Any]:
        if not bot.token or not self.welcome():
            return {"ok": False}
        ack = self.call("POST", f"{self.path}/commands", bot.token, body)
        if ack.get("ok"):
            return ack
        error = ack["error"]
        self._count(f"refused ({error['code']})")
        return {"ok": False, **error}

    def _count(self, what: str) -> None:
        with self._lock:
            self.done[what] += 1


def plan(bots: list[Bot], crowd: Crowd, length_s: float, dice: random.Random) -> list[tuple[float, Callable[[], None]]]:
    """What happens when, in seconds from now: most come at the beginning, ask in the middle and stay to the end."""
    steps: list[tuple[float, Callable[[], None]]] = []

    def at(moment: float, deed: Callable[[Bot], None], bot: Bot) -> None:
        steps.append((max(0.0, min(moment, length_s)), lambda: deed(bot)))

    for bot in bots:
        here = abs(dice.gauss(0, 0.06)) * length_s
        gone = length_s * (1 - abs(dice.gauss(0, 0.05)))
        at(here, crowd.join, bot)
        at(gone, crowd.leave, bot)
        if dice.random() < RETURNS:
            away = dice.uniform(here, gone)
            at(away, crowd.leave, bot)
            at(away + min(20.0, length_s * 0.02), crowd.join, bot)
        for deed, mean in ((crowd.ask, ASKS), (crowd.vote, VOTES)):
            for _ in range(_poisson(dice, mean)):
                at(dice.uniform(here, gone), deed, bot)
    if steps:
        first = bots[0]
        for moment in itertools.takewhile(lambda t: t < length_s, itertools.count(0.5, 2.0)):
            at(moment, lambda bot: crowd.look(bot) if bot.token else None, first)
    return steps


def _poisson(dice: random.Random, mean: float) -> int:
    count, left = 0, dice.expovariate(1)
    while left < mean:
        count += 1
        left += dice.expovariate(1)
    return count


def run(crowd: Crowd, attendees: int, minutes: float, speed: float) -> str:
    """Let the bots loose until the time is over or Ctrl-C. What they did, in one line. Raises Mistake."""
    bots = [Bot(number) for number in range(1, attendees + 1)]
    length_s = minutes * 60 / speed
    order = itertools.count()
    due = [(moment, next(order), deed) for moment, deed in plan(bots, crowd, length_s, random.Random())]
    heapq.heapify(due)
    began = time.monotonic()
    crowd.lines.start()
    with ThreadPoolExecutor(SENDERS) as senders:
        try:
            crowd.join(bots[0])
            while due and not crowd.over:
                moment, _, deed = heapq.heappop(due)
                time.sleep(max(0.0, began + moment - time.monotonic()))
                senders.submit(_careful, crowd, deed)
        except KeyboardInterrupt:
            senders.shutdown(cancel_futures=True)
        except OSError as error:
            raise Mistake(f"The server on {crowd.url} does not answer ({error}).") from None
    crowd.lines.stop()
    if crowd.over:
        crowd.done["left when the rehearsal was wiped"] = len([bot for bot in bots if bot.token])
    did = ", ".join(f"{count} {what}" for what, count in sorted(crowd.done.items()))
    return f"{crowd.slug}: {did or 'nothing happened'}, in {time.monotonic() - began:.0f} s."


def _careful(crowd: Crowd, deed: Callable[[], None]) -> None:
    """The server may be restarted while a rehearsal runs; the bots go on."""
    try:
        deed()
    except OSError:
        crowd.done["without an answer"] += 1


def crowd(config: Config, slug: str | None, url: str | None) -> Crowd:
    """The bots' way to the webinar on that server, by default the one that runs on the data. Raises Mistake."""
    from . import store
    from .server import noted_base

    if url is None:
        server = store.running(config)
        found = server.url if server is not None else noted_base(config.data, "local") if config.redis else None
        if found is None:
            raise Mistake(f"No server runs on {config.data}: start one, or name one with --url.")
        url = found
    url = url.rstrip("/")
    try:
        known = {one["slug"]: one for one in Crowd(url, "").call("GET", "/api/v1/webinars")["webinars"]}
    except (OSError, KeyError, ValueError) as error:
        raise Mistake(f"The server on {url} does not answer ({error}).") from None
    if slug is None and len(known) == 1:
        slug = next(iter(known))
    if slug not in known:
        raise Mistake(f"Name a webinar: {', '.join(known)}." if slug is None else f"There is no webinar called {slug}.")
    slug = str(slug)
    return Crowd(url, slug, _warning(known[slug]), rehearsal=bool(known[slug].get("rehearsal")))


def _warning(webinar: dict[str, Any]) -> str:
    if webinar.get("rehearsal"):
        return ""
    running = " and it is running now" if webinar.get("phase") in ("running", "paused") else ""
    return (
        f"{webinar['slug']} is not a rehearsal{running}: what the bots ask and vote stays in it. "
        "For a rehearsal start the server with --now."
    )


# ---- sockets ---------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Line:
    """One open websocket; what has come in but is not a whole frame yet."""

    socket: socket.socket
    inbox: bytearray = field(default_factory=bytearray)


class Lines:
    """Keeps sockets open: answers pings, leaves the rest unread. Speaks just enough WebSocket and Socket.IO for it."""

    def __init__(self, url: str, slug: str) -> None:
        self.cut = 0
        """How many the server closed."""
        self._url = urlsplit(url)
        self._slug = slug
        self._selector = selectors.DefaultSelector()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(timeout=5)
        for key in list(self._selector.get_map().values()):
            self.close(key.data)

    def open(self, token: str) -> Line:
        """Connect as an attendee. Raises OSError."""
        port = self._url.port or (443 if self._url.scheme == "https" else 80)
        wire = socket.create_connection((self._url.hostname or "", port), timeout=15)
        if self._url.scheme == "https":
            wire = ssl.create_default_context().wrap_socket(wire, server_hostname=self._url.hostname)
        nonce = base64.b64encode(os.urandom(16)).decode()
        wire.sendall(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {self._url.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {nonce}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        line = Line(wire)
        while b"\r\n\r\n" not in line.inbox:
            part = wire.recv(4096)
            if not part:
                raise OSError("the server closed the connection")
            line.inbox += part
        head, _, rest = bytes(line.inbox).partition(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n")[0]:
            wire.close()
            raise OSError("the server takes no websocket")
        line.inbox = bytearray(rest)
        auth = {"webinar": self._slug, "role": "attendee", "attendee": token}
        wire.sendall(frame(f"40{json.dumps(auth)}"))
        self._selector.register(wire, selectors.EVENT_READ, line)
        return line

    def close(self, line: Line) -> None:
        try:
            self._selector.unregister(line.socket)
        except (KeyError, ValueError):
            return  # closed already, by the other side
        line.socket.close()

    def _serve(self) -> None:
        while not self._stopped.is_set():
            for key, _ in self._selector.select(timeout=0.2):
                self._read(key.data)

    def _read(self, line: Line) -> None:
        try:
            part = line.socket.recv(65536)
            if not part:
                self._closed(line)
                return
            line.inbox += part
            for kind, text in frames(line.inbox):
                if kind == 8:
                    self._closed(line)
                    return
                if kind == 1 and text == b"2":
                    line.socket.sendall(frame("3"))
        except OSError:
            self._closed(line)

    def _closed(self, line: Line) -> None:
        self.cut += 1
        self.close(line)


def frame(text: str) -> bytes:
    """A text frame as a client sends it, masked."""
    body = text.encode()
    mask = os.urandom(4)
    head = bytes([0x81])
    if len(body) < 126:
        head += bytes([0x80 | len(body)])
    else:
        head += bytes([0x80 | 126]) + struct.pack("!H", len(body))
    return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(body))


def frames(inbox: bytearray) -> list[tuple[int, bytes]]:
    """The whole frames in `inbox`, taken out of it: (opcode, payload)."""
    found = []
    while len(inbox) >= 2:
        length, at = inbox[1] & 0x7F, 2
        if length == 126:
            if len(inbox) < 4:
                break
            length, at = struct.unpack_from("!H", inbox, 2)[0], 4
        elif length == 127:
            if len(inbox) < 10:
                break
            length, at = struct.unpack_from("!Q", inbox, 2)[0], 10
        if len(inbox) < at + length:
            break
        found.append((inbox[0] & 0x0F, bytes(inbox[at : at + length])))
        del inbox[: at + length]
    return found
