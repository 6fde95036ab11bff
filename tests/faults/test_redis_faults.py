"""Workers and Redis are killed, stopped and emptied; what was acknowledged stays, once, and everybody sees the same."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from moderator.log.redis import open_log
from tests.conftest import Connect, Serve
from tests.faults.storm import Storm
from tests.support.client import Client, assert_in_sync
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
    storm = Storm(server, fans=50, commands=32, asks=6, pace_s=0.25)
    storm.start()
    kills = 0
    while storm.going and kills < 10:
        time.sleep(0.8)
        alive = workers(server)
        if len(alive) == 2:
            os.kill(alive[kills % 2], signal.SIGKILL)
            kills += 1
    storm.finish()
    until(lambda: len(workers(server)) == 2)

    log = open_log(redis.url)
    facts = storm.check(log)
    storm.check_views(log)
    log.close()
    assert kills >= 4
    assert facts["reconnects"] > 0
    assert facts["acked"] > 1400


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
    storm.check_views(log)
    log.close()


def test_while_redis_stands_still_a_command_is_unavailable_or_late_and_never_both(redis: Redis, serve: Serve) -> None:
    server = serve("--redis", redis.url)
    storm = Storm(server, fans=12, commands=22, asks=4, pace_s=0.2)
    moderator = Client(server.base, {"webinar": server.webinar, "role": "moderator", "key": server.key("moderator")})
    moderator.connect()
    moderator.do("timer:start")
    storm.start()
    time.sleep(1)
    redis.freeze()
    try:
        moderator.wait_for(lambda client: "log" in client.view["presence"], timeout=10, what="the dashboard's word")
        assert server.get("/readyz").status_code == 503
        assert server.get("/healthz").status_code == 200
        before = moderator.send("clock", {"t0": 1})
        time.sleep(2)
        assert moderator.send("clock", {"t0": 2})["now"] - before["now"] == pytest.approx(2000, abs=400)
    finally:
        redis.thaw()
    storm.finish()
    if moderator.connected:
        moderator.wait_for(lambda client: "log" not in client.view["presence"], timeout=10, what="the end of it")
    moderator.close()

    log = open_log(redis.url)
    facts = storm.check(log)
    storm.check_views(log)
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


def test_two_workers_that_race_on_every_command_agree(redis: Redis, serve: Serve) -> None:
    one = serve("--redis", redis.url)
    two = serve("--redis", redis.url, data=one.data)
    key = one.key("moderator")
    clients = [
        Client(server.base, {"webinar": one.webinar, "role": "moderator", "key": key}).connect()
        for server in (one, two)
    ]
    acks: list[dict[str, object]] = []
    for n in range(300):
        for client in clients:
            client.post("question:ask", {"text": f"Question {n} from the hall?", "source": "room"}, acks.append)
    until(lambda: len(acks) == 600, 30)

    assert all(ack["ok"] for ack in acks)
    newest = max(int(str(ack["seq"])) for ack in acks)
    for client in clients:
        client.wait_for(lambda client: client.seq >= newest, timeout=10)
    assert [q["n"] for q in clients[0].view["questions"].values()].count(1) == 1
    assert len(clients[0].view["questions"]) == 600
    assert clients[0].view["questions"] == clients[1].view["questions"]
    # The same deed by both: the id lets one win.
    for n in range(20):
        both = [client.send("timer:add", {"seconds": 5, "id": f"both-{n:05d}"}) for client in clients]
        assert both[0] == both[1]
    for client in clients:
        client.close()


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


def test_presence_and_attendees_are_counted_over_all_workers(redis: Redis, serve: Serve, connect: Connect) -> None:
    one = serve("--redis", redis.url)
    two = serve("--redis", redis.url, data=one.data)
    moderator = connect(one, "moderator")
    other = connect(two, "moderator", key=one.key("moderator"))
    connect(two, "attendee", attendee=one.join())
    connect(one, "attendee", attendee=one.join())

    for client in (moderator, other):
        client.wait_for(
            lambda client: client.view["counts"]["attendees"] == 2 and len(client.view["presence"]["moderators"]) == 2,
            timeout=12,
        )
    two.stop()
    moderator.wait_for(
        lambda client: client.view["counts"]["attendees"] == 1 and len(client.view["presence"]["moderators"]) == 1,
        timeout=12,
    )


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
