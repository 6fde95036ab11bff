"""What a real server says at /metrics is what it did."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import pytest
import websocket

from tests.conftest import Connect
from tests.contract.raw import Raw
from tests.support import server as support
from tests.support.metrics import Numbers, numbers, until
from tests.support.server import Server

pytestmark = [pytest.mark.server, pytest.mark.embedded("the numbers of one process")]

ROLES = ("attendee", "moderator", "speaker", "screen")


@pytest.fixture(scope="module", params=["direct", "stock"])
def either(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on either path of bytes to sockets."""
    plain = support.environment
    server = Server(tmp_path_factory.mktemp("metrics") / "server")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(support, "environment", lambda: {**plain(), "MODERATOR_FANOUT": request.param})
        server.start()
    yield server
    server.finish()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for all that does not depend on the path. Counts are compared with those before."""
    server = Server(tmp_path_factory.mktemp("metrics") / "server")
    yield server.start()
    server.finish()


def command(server: Server, key: str, type: str, **payload: object) -> None:
    """Over REST, so that it takes no connection of its own."""
    answer = server.post(
        f"/api/v1/webinars/{server.webinar}/commands",
        json={"type": type, **payload},
        headers={"Authorization": f"Bearer {key}"},
    )
    assert answer.json()["ok"], answer.text


class Listening:
    """A bare client that counts the bytes of each kind of event, as JSON, without what wraps them."""

    def __init__(self, server: Server, role: str) -> None:
        self.role = role
        self.bytes: Counter[str] = Counter()
        auth = {"webinar": server.webinar, "role": role}
        if role == "attendee":
            auth["attendee"] = server.join()
        else:
            auth |= {"slot": next(iter(server.links["speakers"]))} if role == "speaker" else {}
            auth["key"] = server.key(role, auth.get("slot"))
        self.raw = Raw(server)
        self.raw.connect(auth)
        self.raw.socket.settimeout(0.05)

    def listen(self) -> None:
        """Take what has come."""
        with suppress(websocket.WebSocketTimeoutException):
            while text := self.raw.socket.recv():
                for event in ("patch", "snapshot"):
                    head = f'42["{event}",'
                    if isinstance(text, str) and text.startswith(head):
                        self.bytes[event] += len(text[len(head) : -1].encode())
                if text == "2":
                    self.raw.socket.send("3")


def test_what_is_sent_is_counted_byte_by_byte_and_connections_go_up_and_down_by_role(either: Server) -> None:
    hall = [Listening(either, role) for role in (*ROLES, "attendee", "moderator")]
    until(either, lambda found: [found.of("webinar_connections", role=role) for role in ROLES] == [2, 2, 1, 1])
    asker = either.join()
    for n in range(3):
        command(either, asker, "question:ask", text=f"Wer bezahlt für Anlage {n}?")
    desk = either.key("moderator")
    command(either, desk, "question:approve", questions=["q1", "q2", "q3"])
    command(either, desk, "timer:start")

    def equal(found: Numbers) -> bool:
        for one in hall:
            one.listen()
        return all(
            found.of(f"webinar_{event}_bytes_total", role=role)
            == sum(one.bytes[event] for one in hall if one.role == role)
            > 0
            for event in ("patch", "snapshot")
            for role in ROLES
        )

    until(either, equal)
    for one in hall[2:]:
        one.raw.close()
    until(either, lambda found: [found.of("webinar_connections", role=role) for role in ROLES] == [1, 1, 0, 0])
    for one in hall[:2]:
        one.raw.close()
    until(either, lambda found: found.of("webinar_connections") == 0)


def test_commands_and_commits_are_counted_and_nobody_is_named(house: Server, connect: Connect) -> None:
    before = numbers(house)
    assert before.of("webinar_workers") == before.of("webinar_worker_starts_total") == 1
    attendee = connect(house, "attendee")
    for n in range(3):
        attendee.do("question:ask", {"text": f"What of number {n}?"})
    attendee.send("question:ask", {"text": ""})
    attendee.send("timer:start")
    attendee.send("nothing:known")
    found = numbers(house)
    done = {
        (labels["type"], labels["result"]): found.of("webinar_commands_total", **labels)
        for labels in found.named("webinar_commands_total")
    }
    assert done == {
        ("question:ask", "ok"): 3,
        ("question:ask", "invalid"): 1,
        ("timer:start", "forbidden"): 1,
        ("unknown", "invalid"): 1,
    }
    for name in ("webinar_commit_seconds_count", "webinar_commit_commands_count", "webinar_commit_commands_sum"):
        assert found.of(name) == before.of(name) + 3
    assert 0 < found.of("webinar_commit_seconds_sum") < 60
    assert found.of("webinar_http_requests_total", route="api.join", status="200") >= 1
    names = {value for _, labels in found for _, value in labels}
    assert not any(secret in name for name in names for secret in (house.webinar, "number", house.key("moderator")))


def test_the_process_says_what_it_takes(house: Server) -> None:
    before = numbers(house)
    assert 20e6 < before.of("process_resident_memory_bytes") < 500e6
    assert 0 < before.of("process_open_fds") < before.of("process_max_fds")
    held = [socket.create_connection(("127.0.0.1", house.port)) for _ in range(30)]
    until(house, lambda found: found.of("process_open_fds") >= before.of("process_open_fds") + 20)
    for one in held:
        one.close()
    assert numbers(house).of("process_cpu_seconds_total") > 0


def test_a_loop_that_stood_still_is_told(house: Server) -> None:
    begun = until(house, lambda found: found.of("webinar_loop_late_seconds_count") >= 2)
    assert begun.of("webinar_loop_late_seconds_bucket", le="+Inf") == begun.of("webinar_loop_late_seconds_count")
    late = late_by_more(begun, "0.5")
    os.kill(house.pid, signal.SIGSTOP)
    time.sleep(1)  # what is measured is time, so it has to pass
    os.kill(house.pid, signal.SIGCONT)
    until(house, lambda found: late_by_more(found, "0.5") > late)


def late_by_more(found: Numbers, than: str) -> float:
    return found.of("webinar_loop_late_seconds_count") - found.of("webinar_loop_late_seconds_bucket", le=than)


def test_a_reader_that_is_too_slow_is_cut_and_counted_and_one_that_goes_is_not(house: Server) -> None:
    until(house, lambda found: found.of("webinar_connections") == 0)
    gone = Listening(house, "attendee")
    gone.raw.close()
    before = until(house, lambda found: found.of("webinar_connections") == 0)
    assert before.of("webinar_slow_readers_cut_total") == 0

    one = Listening(house, "attendee")
    ping = b"\x89\xfd\x00\x00\x00\x00" + bytes(125)  # is answered with as much
    wire = one.raw.socket.sock
    wire.settimeout(20)
    with suppress(OSError):
        for _ in range(400):
            wire.sendall(ping * 200)
    until(house, lambda found: found.of("webinar_slow_readers_cut_total") == 1)
    until(house, lambda found: found.of("webinar_connections", role="attendee") == 0)
    one.raw.close()
