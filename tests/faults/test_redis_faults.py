"""Workers and Redis are killed, stopped and emptied; what was acknowledged stays, once, and everybody sees the same."""

from __future__ import annotations

import itertools
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from moderator.domain import events
from moderator.log.redis import open_log
from tests.conftest import Connect, Serve
from tests.contract.stage import organiser_key
from tests.faults.storm import Storm
from tests.support.client import Client, assert_in_sync
from tests.support.cut import Caller, command
from tests.support.redis import Redis
from tests.support.server import Server

pytestmark = [pytest.mark.server, pytest.mark.slow]


def workers(server: Server) -> list[int]:
    """The process ids of a server's workers."""
    return [int(pid) for pid in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()]


def until(what: Callable[[], object], timeout: float = 15) -> None:
    """Wait until something holds."""
    give_up = time.monotonic() + timeout
    while not what():
        assert time.monotonic() < give_up, f"waited {timeout} s in vain"
        time.sleep(0.05)


def test_workers_that_are_killed_again_and_again_lose_nothing(redis: Redis, serve: Serve) -> None:
    server = serve("--redis", redis.url, "--workers", "2")
    storm = Storm(server, fans=300, commands=20, asks=2, pace_s=0.8, whole=20)
    storm.start()
    total = 300 * 20
    kills = 0
    for kills in range(1, 6):
        until(lambda: storm.acked >= total * kills // 7 or not storm.going, 60)  # noqa: B023
        until(lambda: len(workers(server)) == 2)
        os.kill(workers(server)[kills % 2], signal.SIGKILL)
    storm.finish()
    until(lambda: len(workers(server)) == 2)

    log = open_log(redis.url)
    facts = storm.check(log)
    log.close()
    storm.check_views()
    assert kills == 5
    assert facts["reconnects"] >= 300
    assert facts["asks"] >= 500
    assert facts["votes"] >= 5000


def test_a_redis_that_is_killed_keeps_what_it_answered(redis: Redis, serve: Serve) -> None:
    server = serve("--redis", redis.url)
    storm = Storm(server, fans=20, commands=24, asks=4, pace_s=0.15)
    storm.start()
    for _ in range(3):
        time.sleep(1.2)
        redis.kill9()
        time.sleep(0.3)
        redis.start()
    storm.finish()

    log = open_log(redis.url)
    storm.check(log)
    storm.check_views()
    log.close()


STILL_S = 10.0


def clock(client: Client) -> tuple[float, int, float]:
    """When the server was asked for its time (monotonic), its time in ms, when the answer was here."""
    sent = time.monotonic()
    now = client.send("clock", {"t0": 1})["now"]
    return sent, int(now), time.monotonic()


def test_while_redis_stands_still_a_command_is_unavailable_or_late_and_never_both(redis: Redis, serve: Serve) -> None:
    server = serve("--redis", redis.url)
    storm = Storm(server, fans=12, commands=22, asks=4, pace_s=0.2)
    moderator = Client(server.base, {"webinar": server.webinar, "role": "moderator", "key": server.key("moderator")})
    moderator.connect()
    moderator.do("timer:start")
    storm.start()
    until(lambda: storm.acked >= 20)
    redis.freeze()
    frozen_at = time.monotonic()
    try:
        moderator.wait_for(lambda client: "log" in client.view["presence"], timeout=10, what="the dashboard's word")
        assert server.get("/readyz").status_code == 503
        assert server.get("/healthz").status_code == 200
        first = clock(moderator)
        time.sleep(max(0.0, frozen_at + STILL_S - time.monotonic()))
        last = clock(moderator)
        # Countdowns go on, and at their pace.
        assert last[0] - first[2] - 0.5 < (last[1] - first[1]) / 1000 < last[2] - first[0] + 0.5
    finally:
        redis.thaw()
    storm.finish()
    if moderator.connected:
        moderator.wait_for(lambda client: "log" not in client.view["presence"], timeout=10, what="the end of it")
    moderator.close()

    log = open_log(redis.url)
    facts = storm.check(log)
    storm.check_views()
    log.close()
    assert facts["unavailable"] + facts["unanswered"] > 0


def test_on_an_emptied_redis_the_server_goes_on_only_when_the_data_is_back(
    redis: Redis, serve: Serve, connect: Connect
) -> None:
    server = serve("--redis", redis.url)
    moderator = connect(server, "moderator")
    moderator.do("timer:start")
    redis.kill9()
    redis.start(empty=True)

    moderator.wait_for(lambda client: "is empty" in client.view["presence"].get("log", ""), timeout=10)
    refused = moderator.send("timer:next", {"id": "after-the-loss"})
    assert refused["error"]["code"] == "unavailable"
    ready = server.get("/readyz")
    assert ready.status_code == 503
    assert "Put its data back" in ready.json()["message"]
    begun = [key for key in redis.client().scan_iter() if b":presence:" not in key]
    assert begun == []  # nothing was begun anew

    redis.bring_back()
    until(lambda: server.get("/readyz").status_code == 200)
    moderator.wait_for(lambda client: "log" not in client.view["presence"], timeout=10)
    moderator.do("timer:next", {"id": "after-the-loss"})
    assert_in_sync(moderator)


def test_a_server_that_kept_its_log_in_redis_does_not_start_on_an_empty_one(redis: Redis, serve: Serve) -> None:
    server = serve("--redis", redis.url)
    server.stop()
    redis.kill9()
    redis.start(empty=True)

    with pytest.raises(AssertionError, match=r"exited 2[\s\S]*is empty[\s\S]*Put its data back"):
        server.start()

    redis.bring_back()
    server.start()


class Writer(threading.Thread):
    """A moderator that sends one command after the other, several ahead of the answers."""

    def __init__(self, server: Server, name: str, auth: dict[str, Any]) -> None:
        super().__init__(daemon=True)
        self.name = name
        self.acked: dict[str, dict[str, Any]] = {}
        """Command id -> ack, in the order of sending."""
        self.fault: BaseException | None = None
        self._caller = Caller(server.port, auth)

    def run(self) -> None:
        try:
            self._write()
        except BaseException as error:
            self.fault = error
        finally:
            self._caller.close()

    def _write(self) -> None:
        until, sent, asked = time.monotonic() + RACE_S, 0, ["q1"]
        ids: dict[int, str] = {}
        while ids or (sent < RACE_MOST and time.monotonic() < until):
            while len(ids) < AHEAD and sent < RACE_MOST and time.monotonic() < until:
                sent += 1
                id = ids[sent] = f"both-{sent:05d}" if sent % 10 == 0 else f"{self.name}-{sent:05d}"
                how = "star" if sent % 20 in (0, 2, 4, 7, 9) else "unstar"
                if sent % 10 == 0:  # the same deed under the same id by both
                    bytes_ = command(sent, f"question:{how}", {"id": id, "question": "q1"})
                elif sent % 5 == 1:
                    payload = {"id": id, "text": f"Point {sent} of {self.name}?", "source": "room"}
                    bytes_ = command(sent, "question:ask", payload)
                else:
                    bytes_ = command(sent, f"question:{how}", {"id": id, "question": asked[-1]})
                self._caller.sock.sendall(bytes_)
            told = self._caller.until(b"43")
            number, _, rest = told[2:].partition(b"[")
            ack = json.loads(b"[" + rest)[0]
            assert ack["ok"], ack
            if "question" in ack:
                asked.append(ack["question"]["id"])
            self.acked[ids.pop(int(number))] = ack


RACE_S = 10.0
RACE_MOST = 1400  # a moderator may do 3,000 things in a minute, and these two are one
AHEAD = 6


def test_two_workers_that_race_on_every_command_agree(redis: Redis, serve: Serve, connect: Connect) -> None:
    one = serve("--redis", redis.url)
    two = serve("--redis", redis.url, data=one.data)
    auth = {"webinar": one.webinar, "role": "moderator", "key": one.key("moderator")}
    watching = [connect(server, "moderator", key=auth["key"]) for server in (one, two)]
    assert watching[0].do("question:ask", {"text": "The first?", "source": "room"})["question"]["id"] == "q1"
    watching[1].wait_for(lambda client: "q1" in client.view["questions"])
    writers = [Writer(server, name, auth) for server, name in ((one, "one"), (two, "two"))]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert not writer.is_alive()
        assert writer.fault is None, repr(writer.fault)

    found: dict[str, int] = {}
    twice, seqs = 0, []
    log = open_log(redis.url)
    for commit in log.read(one.webinar):
        seqs.append(commit.seq)
        for action in events.decode(commit.body):
            if action.id is not None:
                twice += action.id in found
                found[action.id] = commit.seq
    log.close()
    assert seqs == list(range(1, len(seqs) + 1))
    assert twice == 0
    for writer in writers:
        assert {id: ack["seq"] for id, ack in writer.acked.items()} == {id: found.get(id) for id in writer.acked}
        mine = [id for id in found if id.startswith(writer.name)]
        assert mine == sorted(mine) == [id for id in writer.acked if id.startswith(writer.name)]
        assert len(mine) > 100
    both = [id for id in writers[0].acked if id in writers[1].acked]
    assert len(both) > 10
    assert all(writers[0].acked[id] == writers[1].acked[id] for id in both)
    turns = [id[:3] for id in found if id[:3] in ("one", "two")]
    assert sum(before != after for before, after in itertools.pairwise(turns)) > 50  # they did race
    print({"commands": len(found), "commits": len(seqs), "both": len(both), "twice": twice})  # noqa: T201
    for client in watching:
        assert_in_sync(client, timeout=15)
    assert watching[0].view["questions"] == watching[1].view["questions"]


def test_a_worker_whose_clock_is_wrong_goes_by_the_one_of_redis(redis: Redis, serve: Serve, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    (wrong / "sitecustomize.py").write_text(
        "import time\n_t, _ns = time.time, time.time_ns\n"
        "time.time = lambda: _t() + 30\ntime.time_ns = lambda: _ns() + 30_000_000_000\n"
    )
    right = serve("--redis", redis.url)
    os.environ["PYTHONPATH"] = str(wrong)
    try:
        late = serve("--redis", redis.url, data=right.data)
    finally:
        del os.environ["PYTHONPATH"]
    auth = {"webinar": right.webinar, "role": "moderator", "key": right.key("moderator")}
    clients = [Client(server.base, auth).connect() for server in (right, late)]
    clients[1].do("timer:start")
    clients[0].wait_for(lambda client: client.view["timer"]["phase"] == "running")

    assert clients[0].view["timer"]["started_at"] == pytest.approx(time.time() * 1000, abs=3000)
    nows = [client.send("clock", {"t0": 1})["now"] for client in clients]
    assert nows[0] == pytest.approx(nows[1], abs=250)
    for client in clients:
        client.close()


def test_limits_count_over_all_workers(redis: Redis, serve: Serve, connect: Connect) -> None:
    one = serve("--redis", redis.url)
    two = serve("--redis", redis.url, data=one.data)
    token = one.join()
    clients = [connect(server, "attendee", attendee=token) for server in (one, two)]
    acks = [clients[n % 2].send("question:ask", {"text": f"What about number {n}?"}) for n in range(36)]

    codes = [ack["error"]["code"] if not ack["ok"] else "ok" for ack in acks]
    assert codes[:10] == ["ok"] * 10
    assert codes[-1] == "rate_limited"
    assert codes.count("ok") <= 31
    assert 1 <= acks[-1]["error"]["retry_after_s"] <= 60


def test_keys_that_are_rotated_and_webinars_that_come_and_go_reach_all_workers(
    redis: Redis, serve: Serve, tmp_path: Path
) -> None:
    from tests.support.server import run

    one = serve("--redis", redis.url)
    two = serve("--redis", redis.url, data=one.data)
    old = one.key("moderator")
    at = ["--data", str(one.data), "--redis", redis.url]
    run("links", "--rotate", "moderator", *at)
    for server in (one, two):
        until(lambda server=server: server.get(f"/k/{old}").status_code in (403, 404))  # type: ignore[misc]
    programme = tmp_path / "second.txt"
    programme.write_text("Second meeting\n09:00 - 09:30 Welcome\n09:30 - 10:30 Debate\n")
    run("import", programme, "--webinar", "second", *at)
    for server in (one, two):
        until(lambda server=server: server.get("/w/second").status_code == 200)  # type: ignore[misc]
    run("erase", "second", *at)
    for server in (one, two):
        until(lambda server=server: server.get("/w/second").status_code == 404)  # type: ignore[misc]


def test_a_webinar_made_at_one_worker_is_served_by_another_at_once(redis: Redis, serve: Serve) -> None:
    one = serve("--redis", redis.url)
    two = serve("--redis", redis.url, data=one.data)
    key = organiser_key(one)
    for n in range(5):
        body = {"text": "Meeting\n09:00 - 09:30 Welcome\n", "slug": f"meeting-{n}"}
        made = one.post("/api/v1/webinars", json=body, headers={"Authorization": f"Bearer {key}"})
        assert made.status_code == 201, made.text
        assert two.get(f"/w/meeting-{n}").status_code == 200
        time.sleep(0.15)  # it looks no more often than that for webinars it does not know
