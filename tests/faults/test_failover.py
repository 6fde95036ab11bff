"""The master dies and a replica takes over: the server goes on by itself, or says what that cost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from moderator.domain import events
from moderator.log.redis import open_log
from moderator.opening import NOTE
from tests.conftest import Connect, Serve
from tests.support.client import Client, assert_in_sync
from tests.support.redis import BINARY
from tests.support.sentinel import Trio
from tests.support.server import Server

pytestmark = [
    pytest.mark.server,
    pytest.mark.slow,
    pytest.mark.skipif(BINARY is None, reason="redis-server is not installed"),
]


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    started = Trio(tmp_path / "trio")
    try:
        yield started.start()
    finally:
        started.finish()


def insist(client: Client, event: str, payload: dict[str, Any], timeout: float = 40) -> dict[str, Any]:
    """Repeat a command under its id, as pages do, until it is `ok`; its ack."""
    give_up = time.monotonic() + timeout
    while True:
        if not client.connected:
            client.disconnect()
            client.connect()
        ack = client.send(event, payload, timeout=30)
        if ack["ok"]:
            return ack
        assert ack["error"]["code"] == "unavailable"
        assert time.monotonic() < give_up
        time.sleep(0.2)


def ids_in_log(server: Server, url: str) -> dict[str, int]:
    """Command id -> seq. Each once."""
    found: dict[str, int] = {}
    log = open_log(url)
    for commit in log.read(server.webinar):
        for action in events.decode(commit.body):
            if action.id is not None:
                assert action.id not in found
                found[action.id] = commit.seq
    log.close()
    return found


def question(name: str, n: int) -> dict[str, Any]:
    return {"id": f"{name}-{n:04d}", "text": f"Number {n} {name}?", "source": "room"}


def test_the_server_goes_on_by_itself_on_the_replica_that_took_over(trio: Trio, serve: Serve, connect: Connect) -> None:
    server = serve("--redis", trio.url)
    assert "a replica that takes over may lack the last moments" in server.stdout
    moderator, attendee = connect(server, "moderator"), connect(server, "attendee")
    moderator.do("timer:start")
    acked = {ack["id"]: moderator.do("question:ask", ack)["seq"] for ack in (question("before", n) for n in range(20))}
    trio.caught_up()
    epoch = moderator.epoch

    trio.kill_master()
    for n in range(20):
        asked = question("after", n)
        acked[asked["id"]] = insist(moderator, "question:ask", asked)["seq"]

    in_log = ids_in_log(server, trio.replica.url)
    assert {id: in_log.get(id) for id in acked} == acked
    moderator.wait_for(lambda client: "log" not in client.view["presence"], timeout=20, what="the end of it")
    trio.until(lambda: server.get("/readyz").status_code == 200)
    assert moderator.epoch == epoch
    for client in (moderator, attendee):
        assert_in_sync(client, timeout=15)


def test_what_the_replica_had_not_got_is_missed_and_taken_as_lost_only_when_somebody_says_so(
    trio: Trio, serve: Serve, connect: Connect
) -> None:
    server = serve("--redis", trio.url)
    moderator = connect(server, "moderator")
    kept = [moderator.do("question:ask", question("kept", n))["seq"] for n in range(3)]
    trio.caught_up()
    trio.part()
    lost = [moderator.do("question:ask", question("lost", n))["seq"] for n in range(3)]
    moderator.wait_for(lambda client: client.seq >= lost[-1])

    trio.kill_master()
    said = f"lost the newest commits of {server.webinar} ({kept[-1]} is the last, there were {lost[-1]})"
    moderator.wait_for(lambda client: said in client.view["presence"].get("log", ""), timeout=30)
    refused = moderator.send("question:ask", question("refused", 0), timeout=30)
    assert refused["error"]["code"] == "unavailable"
    readiness = server.get("/readyz")
    assert (readiness.status_code, said in readiness.text) == (503, True)
    assert set(ids_in_log(server, trio.replica.url)) == {f"kept-{n:04d}" for n in range(3)}

    # As docs/operations.md says: stop all servers, give the log another name, remove the note, start.
    moderator.disconnect()
    server.stop()
    trio.replica.client().set("{moderator}:epoch", "accepted")
    (server.data / NOTE).unlink()
    server.start()

    other = connect(server, "moderator")
    assert other.epoch == "accepted"
    assert [other.do("question:ask", question("anew", n))["seq"] for n in range(4)] == [*lost, lost[-1] + 1]
    back = Client(server.base, moderator.auth)
    back.epoch, back.seq, back.view = moderator.epoch, moderator.seq, moderator.view
    back.connect()
    assert [frame.event for frame in back.frames[:1]] == ["snapshot"]
    assert_in_sync(back)
    back.close()
