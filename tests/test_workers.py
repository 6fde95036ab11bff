"""`--workers`: one port, a parent that replaces the dead, a clean end; and the commands on a log in Redis."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from moderator.argv import many_workers
from tests.conftest import Connect, Serve
from tests.contract.raw import Raw
from tests.support.redis import BINARY, Redis
from tests.support.server import Server, free_port, run

pytestmark = [pytest.mark.server, pytest.mark.skipif(BINARY is None, reason="redis-server is not installed")]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    server = Redis(tmp_path / "redis", fsync="everysec")
    server.start()
    yield server
    server.finish()


@pytest.fixture
def pair(redis: Redis, serve: Serve) -> Server:
    """Two workers."""
    server = serve("--redis", redis.url, "--workers", "2")
    give_up = time.monotonic() + 20
    while "2 workers share the port" not in server.stdout:
        assert time.monotonic() < give_up
        time.sleep(0.05)
    return server


def workers(server: Server) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()]


@pytest.mark.parametrize(
    ("arguments", "environ", "many"),
    [
        (["serve", "--workers", "2"], {}, True),
        (["serve", "--workers=4"], {}, True),
        (["serve"], {"MODERATOR_WORKERS": "3"}, True),
        (["serve", "--workers", "1"], {"MODERATOR_WORKERS": "3"}, False),
        (["serve", "--workers", "2"], {"MODERATOR_WORKER": "1:0:3:4"}, False),
        (["serve"], {}, False),
    ],
)
def test_it_knows_when_it_is_the_parent(arguments: list[str], environ: dict[str, str], many: bool) -> None:
    assert many_workers(arguments, environ) is many


def test_more_than_one_worker_needs_redis() -> None:
    done = run("serve", "--workers", "2", check=False)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "--redis" in done.stderr


def test_a_redis_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    for more in ([], ["--workers", "2"]):
        at = ["--port", str(free_port()), "--data", str(tmp_path / "data"), "--host", "127.0.0.1"]
        done = run("serve", *at, "--redis", f"redis://127.0.0.1:{free_port()}/0", *more, check=False)
        assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1), done.stderr
        assert "cannot be reached" in done.stderr


def test_one_greeting_and_what_an_ack_is_worth(pair: Server) -> None:
    assert pair.stdout.count("Serving on") == 1
    assert "appendfsync everysec" in pair.stdout
    assert len(workers(pair)) == 2


def test_the_port_cannot_be_shared_with_strangers(pair: Server, redis: Redis, tmp_path: Path) -> None:
    at = ["--port", str(pair.port), "--host", "127.0.0.1", "--data", str(tmp_path / "other")]
    for more in ([], ["--redis", redis.url], ["--redis", redis.url, "--workers", "2"]):
        done = run("serve", *at, *more, check=False)
        assert done.returncode == 2
        assert "in use" in done.stderr


def test_a_dead_worker_is_replaced(pair: Server) -> None:
    before = workers(pair)
    os.kill(before[0], signal.SIGKILL)
    give_up = time.monotonic() + 10
    while len(set(workers(pair)) | set(before)) < 3:
        assert time.monotonic() < give_up
        time.sleep(0.05)
    assert pair.get("/healthz").status_code == 200


def test_workers_end_with_their_parent_even_when_it_is_killed(pair: Server) -> None:
    children = workers(pair)
    pair.kill9()
    give_up = time.monotonic() + 8
    while any(Path(f"/proc/{pid}").exists() for pid in children):
        assert time.monotonic() < give_up
        time.sleep(0.05)
    with socket.socket() as probe:  # nobody listens any more; connections that were closed may linger
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", pair.port))
        probe.listen()


def test_everybody_sees_what_anybody_does_whichever_worker_they_are_on(pair: Server, connect: Connect) -> None:
    moderators = [connect(pair, "moderator") for _ in range(6)]  # with six, both workers have some
    attendees = [connect(pair, "attendee") for _ in range(6)]
    moderators[0].do("settings:change", {"moderation": "post"})
    for n, attendee in enumerate(attendees):
        attendee.do("question:ask", {"text": f"Who pays for plant number {n}?"})
    for client in (*moderators, *attendees):
        client.wait_for(lambda client: len(client.view["questions"]) == 6)
    done = moderators[1].do("question:air", {"question": "q1"})
    for client in (*moderators, *attendees):
        client.wait_for(lambda client: client.view.get("live") == "q1")
    moderators[5].do("undo", {"of": done["seq"]})
    for client in moderators:
        client.wait_for(lambda client: "live" not in client.view)


def test_the_same_id_on_another_worker_gets_the_first_answer(pair: Server, connect: Connect) -> None:
    token = pair.join()
    clients = [connect(pair, "attendee", attendee=token) for _ in range(6)]
    acks = [client.send("question:ask", {"text": "Only once, please?", "id": "only-once-1"}) for client in clients]
    assert all(ack == acks[0] for ack in acks)
    assert acks[0]["ok"]


def test_who_saw_more_on_another_worker_never_falls_back(redis: Redis, serve: Serve, connect: Connect) -> None:
    here = serve("--redis", redis.url)
    there = serve("--redis", redis.url, data=here.data)
    desk = connect(here, "moderator")
    desk.do("settings:change", {"moderation": "post"})
    fans = [(Raw(there), there.join()) for _ in range(20)]
    assert there.pid is not None
    os.kill(there.pid, signal.SIGSTOP)  # when it goes on, its fans and the news are there together
    try:
        for n in range(30):
            desk.do("question:ask", {"text": f"Who pays for plant number {n}?", "source": "room"})
        saw = desk.seq
        for fan, token in fans:
            since = {"epoch": desk.epoch, "seq": saw}
            auth = {"webinar": there.webinar, "role": "attendee", "attendee": token, "since": since}
            fan.send("40" + json.dumps(auth), '421["question:vote",{"question":"q30"}]')
    finally:
        os.kill(there.pid, signal.SIGCONT)
    for fan, _ in fans:
        first = fan.until("42")
        assert first is not None
        event, told = json.loads(first[2:])
        assert (event, told["seq"] >= saw) == ("patch", True), first
        answer = fan.until("431")
        assert answer is not None
        assert json.loads(answer[3:])[0]["ok"], answer
        fan.close()


def test_the_commands_work_on_a_log_in_redis(redis: Redis, serve: Serve, tmp_path: Path) -> None:
    server = serve("--redis", redis.url)
    at = ["--data", str(server.data), "--redis", redis.url]
    slug = server.webinar
    assert json.loads(run("links", "--json", *at).stdout)["webinar"] == slug
    assert json.loads(run("replay", slug, *at).stdout)["seq"] == 1
    out = tmp_path / "out.json"
    run("export", slug, "--format", "json", "--out", out, *at)
    assert json.loads(out.read_text())
    programme = tmp_path / "second.txt"
    programme.write_text("Second meeting\n09:00 - 09:30 Welcome\n09:30 - 10:30 Debate\n")
    run("import", programme, "--webinar", "second", *at)
    programme.write_text("Second meeting\n09:00 - 09:30 Welcome\n09:30 - 10:00 Talk\n10:00 - 10:30 Debate\n")
    run("import", programme, "--webinar", "second", *at)
    assert len(json.loads(run("replay", "second", *at).stdout)["view"]["slots"]) == 3
    run("erase", slug, "--personal-data", *at)
    run("erase", "second", *at)
    assert [one["webinar"] for one in [json.loads(run("links", "--json", *at).stdout)]] == [slug]


def test_a_webinar_is_copied_from_one_log_to_the_other_and_back(
    redis: Redis, serve: Serve, connect: Connect, tmp_path: Path
) -> None:
    server = serve()  # the embedded log, running
    moderator = connect(server, "moderator")
    moderator.do("timer:start")
    moderator.do("question:ask", {"text": "Does it survive the move?", "source": "room"})
    there = ["--from", f"sqlite:{server.data}", "--to", redis.url]
    # The copy knows the new log by its epoch, in a --data of its own.
    said = run("copy", *there, "--data", tmp_path / "a").stdout
    assert f"{server.webinar}: 3 commits" in said

    again = run("copy", *there, "--data", tmp_path / "a", check=False)
    assert again.returncode == 2
    assert "already" in again.stderr
    moderator.do("timer:next")  # the source goes on

    run("copy", "--from", redis.url, "--to", f"sqlite:{tmp_path / 'back'}", "--data", tmp_path / "a")
    views = [
        json.loads(run("replay", server.webinar, "--until", "3", "--data", data).stdout)["view"]
        for data in (server.data, tmp_path / "back")
    ]
    assert views[0] == views[1]
    moved = serve("--redis", redis.url, data=server.data.parent / "moved")
    assert moved.webinar == server.webinar


def test_sighup_replaces_the_workers_one_after_the_other(pair: Server) -> None:
    before = set(workers(pair))
    os.kill(pair.pid, signal.SIGHUP)
    give_up = time.monotonic() + 30
    while set(workers(pair)) & before or len(workers(pair)) < 2:
        try:
            assert pair.get("/healthz").status_code == 200
        except requests.ConnectionError:  # it was in the queue of a listener in the very moment that this was closed
            assert pair.get("/healthz").status_code == 200
        assert time.monotonic() < give_up
        time.sleep(0.1)
