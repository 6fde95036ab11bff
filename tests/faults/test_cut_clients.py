"""Clients that are cut off at every byte of what they say: each command is done once, or not at all."""

from __future__ import annotations

import json
import os
import socket
import time
from collections import Counter
from typing import Any
from urllib.parse import urlencode

import pytest

from moderator.domain import events
from moderator.live.identity import Identities, cookie_name, load_secret
from moderator.log.sqlite import open_reader
from tests.conftest import Connect
from tests.support.client import Client, assert_in_sync
from tests.support.cut import Caller, How, command, dial, drain, hang_up
from tests.support.server import Server

pytestmark = pytest.mark.server
HOWS: tuple[How, How] = ("fin", "rst")
FORM = "application/x-www-form-urlencoded"
SLACK = 3
"""Files that come and go by themselves: the question about them, for one."""


class Hall:
    """A server with somebody who watches, and what was acknowledged there."""

    def __init__(self, server: Server, connect: Connect) -> None:
        self.server = server
        self.watcher: Client = connect(server, "moderator")
        self.acked: dict[str, int] = {}
        """Command id -> seq."""
        self.cuts = 0
        self._mint = Identities(load_secret(server.data, {})).mint_attendee
        self.question = str(self.watcher.do("question:ask", {"text": "Is it?", "source": "room"})["question"]["id"])
        self._before = self.held()

    def attendee(self) -> dict[str, Any]:
        """The handshake of a new one."""
        return {
            "webinar": self.server.webinar,
            "role": "attendee",
            "attendee": self._mint(self.server.webinar),
        }

    def took(self, id: str, ack: dict[str, Any]) -> None:
        """An answer came; it must be `ok`."""
        assert ack["ok"], (id, ack)
        assert self.acked.setdefault(id, ack["seq"]) == ack["seq"], id

    def held(self) -> tuple[list[str], int]:
        """What the server has open: its gauges of connections, and the files of its process."""
        lines = self.server.get("/metrics").text.splitlines()
        gauges = sorted(line for line in lines if line.startswith("webinar_connections{"))
        open_files = len(os.listdir(f"/proc/{self.server.pid}/fd"))
        return [line for line in gauges if not line.endswith(" 0.0")], open_files

    def repeat(self, request: bytes) -> bytes:
        """Send a whole request over HTTP; the answer's body. Fails unless it is good."""
        sock = dial(self.server.port)
        sock.sendall(request)
        head, _, body = drain(sock).partition(b"\r\n\r\n")
        assert head.split(b" ", 2)[1] in (b"200", b"303"), head[:2000]
        return body

    def cut(self, data: bytes, how: How) -> socket.socket | None:
        """Send it on a connection of its own and hang up; the socket, if the other side is still to do so."""
        sock = dial(self.server.port)
        self.leave(sock, data, how)
        return sock if how == "fin" else None

    def leave(self, sock: socket.socket, data: bytes, how: How) -> None:
        """Say so much and hang up."""
        if data:
            sock.sendall(data)
        hang_up(sock, how)
        self.cuts += 1

    def look_around(self) -> None:
        """Nobody else is held up."""
        assert self.watcher.send("clock", {"t0": 1})["ok"]

    def check(self) -> list[str]:
        """With the log, with those who stayed, and with what is left open. The ids that the log holds."""
        seen: dict[str, int] = {}
        twice: Counter[str] = Counter()
        texts: list[str] = []
        reader = open_reader(self.server.data)
        for commit in reader.read(self.server.webinar):
            for action in events.decode(commit.body):
                if action.id is not None:
                    twice[action.id] += action.id in seen
                    seen[action.id] = commit.seq
                texts += [event.text for event in action.events if isinstance(event, events.Asked)]
        reader.close()
        print({"cuts": self.cuts, "ids": len(seen), "acked": len(self.acked), "twice": twice.total()})  # noqa: T201
        assert +twice == Counter()
        assert {id: seen.get(id) for id in self.acked} == self.acked
        assert all(text.endswith("?") for text in texts), "a question came in without its end"
        assert_in_sync(self.watcher)
        give_up = time.monotonic() + 15
        while self.held()[0] != self._before[0] or self.held()[1] > self._before[1] + SLACK:
            assert time.monotonic() < give_up, (self.held(), self._before)
            time.sleep(0.05)
        return list(seen)


@pytest.fixture
def hall(server: Server, connect: Connect) -> Hall:
    return Hall(server, connect)


def post(path: str, body: bytes, kind: str, *headers: str) -> bytes:
    """A request's bytes."""
    lines = (f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", f"Content-Type: {kind}", *headers)
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


@pytest.mark.parametrize("event", ["question:ask", "question:vote"])
def test_cut_at_every_byte_of_a_command_on_a_websocket(hall: Hall, event: str) -> None:
    port = hall.server.port
    closing: list[socket.socket] = []

    def payload(id: str) -> dict[str, Any]:
        return {"id": id} | ({"text": f"What is {id}?"} if event == "question:ask" else {"question": hall.question})

    length = len(command(1, event, payload("cut-fin-000")))
    for how in HOWS:
        for k in range(length + 1):
            id = f"cut-{how}-{k:03d}"
            auth = hall.attendee()
            caller = Caller(port, auth)
            data = command(1, event, payload(id))
            assert len(data) == length
            hall.leave(caller.sock, data[:k], how)
            if how == "fin":
                closing.append(caller.sock)
            again = Caller(port, auth)
            hall.took(id, again.command(event, payload(id)))
            again.close()
            if k % 40 == 0:
                hall.look_around()
    for sock in closing:
        drain(sock)
    assert len(hall.acked) == 2 * (length + 1)
    hall.check()


def test_cut_at_every_byte_of_a_request_over_http(hall: Hall) -> None:
    slug, bearer = hall.server.webinar, f"Authorization: Bearer {hall.server.key('moderator')}"
    cookie = f"Cookie: {cookie_name(slug, 'attendee')}="

    def rest(id: str) -> bytes:
        asked = {"type": "question:ask", "id": id, "text": f"What is {id}?", "source": "phone"}
        return post(f"/api/v1/webinars/{slug}/commands", json.dumps(asked).encode(), "application/json", bearer)

    def form(id: str) -> bytes:
        body = urlencode({"id": id, "text": f"What is {id}?"}).encode()
        return post(f"/w/{slug}/ask", body, FORM, cookie + hall.attendee()["attendee"])

    def join(id: str) -> bytes:
        return post(f"/api/v1/webinars/{slug}/join", b"{}", "application/json")

    whole: set[str] = set()
    for request in (rest, form, join):
        for how in HOWS:
            closing = []
            for k in range(len(request(f"{request.__name__}-{how}-000")) + 1):
                id = f"{request.__name__}-{how}-{k:03d}"
                data = request(id)
                begins = data.index(b"\r\n\r\n")
                if k < begins and k % 4 and request is not rest:  # the heads are much the same
                    continue
                closing.append(hall.cut(data[:k], how))
                # What is cut before its body begins is no command yet; some of those are repeated as well.
                if request is not join and (k % 16 == 0 or k >= begins):
                    answer = hall.repeat(data)
                    whole.add(id)
                    if request is rest:
                        hall.took(id, json.loads(answer))
            hall.look_around()
            for sock in closing:
                if sock is not None:
                    drain(sock)
    assert len(whole) > 300
    # Each one that was sent whole is there once, and nothing else is, for none was whole before.
    assert set(hall.check()) == whole


def test_cut_at_every_byte_of_a_command_over_polling(hall: Hall) -> None:
    path = "/socket.io/?EIO=4&transport=polling"

    def enter(auth: dict[str, Any]) -> str:
        said = hall.server.get(path).text
        at = f"{path}&sid={json.loads(said[1:])['sid']}"
        assert hall.server.post(at, data=f"40{json.dumps(auth)}").text.lower() == "ok"
        assert "42[" in hall.server.get(at).text
        return at

    def answered(at: str, number: int, text: bytes) -> dict[str, Any] | None:
        """The ack; None if the server does not know this client any more."""
        answer, start = hall.server.post(at, data=text), f"43{number}["
        while answer.status_code == 200:
            answer = hall.server.get(at)
            if start in answer.text:
                said = answer.text[answer.text.index(start) + len(start) - 1 :]
                return dict(json.loads(said.split("\x1e")[0])[0])
        return None

    auth = hall.attendee()
    at = enter(auth)
    head = len(post(at, b"..", "text/plain")) - 2
    number = 100
    for how in HOWS:
        for k in range(head - 2, head + 200):
            payload = {"id": f"poll-{how}-{k:03d}", "question": hall.question}
            first, second = vote_text(number, payload), vote_text(number + 1, payload)
            if k > head + len(first):
                break
            sock = hall.cut(post(at, first, "text/plain")[:k], how)
            if sock is not None:
                drain(sock)
            number += 2
            again = number % 20 == 0
            while (ack := None if again else answered(at, number - 1, second)) is None:  # it was cut off, or must be
                hall.server.post(at, data="1")  # else it is given up only when it has not polled for a while
                at, again = enter(auth), False
            hall.took(payload["id"], ack)
    assert len(hall.acked) > 120
    assert hall.server.post(at, data="1").status_code == 200
    hall.check()


def vote_text(number: int, payload: dict[str, Any]) -> bytes:
    """A vote as it goes over polling."""
    return f"42{number}{json.dumps(['question:vote', payload])}".encode()
