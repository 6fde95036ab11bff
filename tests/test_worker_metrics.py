"""With `--workers N` whoever asks for /metrics reaches one worker by chance, and is told of all."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from moderator.workers import MetricsRoom
from tests.conftest import Connect, Serve
from tests.support.metrics import Numbers, numbers, until
from tests.support.redis import BINARY, Redis
from tests.support.server import Server

server_test = pytest.mark.server
needs_redis = pytest.mark.skipif(BINARY is None, reason="redis-server is not installed")


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
    until(server, lambda found: found.of("webinar_workers") == 2)
    return server


def children(server: Server) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()]


def metrics_folder(worker: int) -> Path:
    variables = dict(
        entry.split(b"=", 1) for entry in Path(f"/proc/{worker}/environ").read_bytes().split(b"\0") if entry
    )
    return Path(variables[b"MODERATOR_WORKER_METRICS"].decode())


def memory(found: Numbers) -> set[str]:
    return {labels["worker"] for labels in found.named("process_resident_memory_bytes")}


@server_test
@needs_redis
def test_whichever_worker_answers_tells_of_all_and_no_counter_falls_when_one_is_killed(
    pair: Server, redis: Redis, connect: Connect
) -> None:
    attendees = [connect(pair, "attendee") for _ in range(8)]  # the system deals them out
    moderator = connect(pair, "moderator")
    for n, attendee in enumerate(attendees):
        attendee.do("question:ask", {"text": f"Who pays for plant number {n}?"})
    for _ in range(12):  # each on a connection of its own, so the system chooses a worker each time
        found = numbers(pair)
        assert found.of("webinar_connections", role="attendee") == 8
        assert found.of("webinar_connections", role="moderator") == 1
        assert found.of("webinar_commands_total", type="question:ask", result="ok") == 8
        assert found.of("webinar_commit_seconds_count") == 8
        assert found.of("webinar_webinars") == 1
        assert found.of("webinar_worker_starts_total") == 2
        assert memory(found) == {"1", "2"}
    # Each commit is taken over once: by the worker that did not make it.
    found = until(pair, lambda found: found.of("webinar_log_lag_seconds_count") == 8)
    assert 0 <= found.of("webinar_log_lag_seconds_sum") < 60
    assert found.of("webinar_log_unread_seconds") == 0

    before = numbers(pair)
    killed = children(pair)[0]
    os.kill(killed, signal.SIGKILL)
    give_up = time.monotonic() + 20
    while True:  # at every moment, whoever answers
        try:
            found = numbers(pair)
        except requests.ConnectionError:  # it went to the one that was killed
            continue
        for (name, labels), value in before.items():
            if name.endswith(("_total", "_count", "_bucket", "_sum")) and not name.startswith("process_"):
                assert found[name, labels] >= value, (name, labels)
        before = found
        if found.of("webinar_worker_starts_total") == 3 and found.of("webinar_workers") == 2:
            break
        assert time.monotonic() < give_up
        time.sleep(0.05)
    # Those who were at the killed one are gone, and nobody counts them any more.
    here = [client for client in (*attendees, moderator) if client.connected]
    until(pair, lambda found: found.of("webinar_connections") == sum(client.connected for client in here))
    connect(pair, "attendee").do("question:ask", {"text": "And now?"})
    assert numbers(pair).of("webinar_commands_total", type="question:ask", result="ok") == 9

    redis.freeze()
    try:
        until(pair, lambda found: found.of("webinar_log_unread_seconds") > 1)
    finally:
        redis.thaw()
    until(pair, lambda found: found.of("webinar_log_unread_seconds") == 0)

    folder = metrics_folder(children(pair)[0])
    assert (os.stat(folder).st_mode & 0o777) == 0o700
    assert pair.stop() == 0
    assert not folder.exists()


def test_what_killed_parents_left_is_removed_by_the_next(tmp_path: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = tmp_path / f"{MetricsRoom.PREFIX}{gone.pid}-x"
    running = tmp_path / f"{MetricsRoom.PREFIX}{os.getpid()}-x"
    other = tmp_path / "something-else"
    for folder in (left, running, other):
        folder.mkdir()
        (folder / "counter_1.db").touch()
    room = MetricsRoom()
    room.open(tmp_path)
    assert Path(room.folder).parent == tmp_path
    assert not left.exists()
    assert running.exists()
    assert other.exists()
    room.close()
    assert not Path(room.folder).exists()


def test_when_a_worker_ends_its_counts_stay_and_its_gauges_go(tmp_path: Path) -> None:
    room = MetricsRoom()
    room.open(tmp_path)
    names = [f"{kind}_{worker}.db" for kind in ("counter", "histogram", "gauge_livesum") for worker in (1, 11)]
    for name in (*names, "pid-1", "pid-11"):
        Path(room.folder, name).touch()
    room.ended(1)
    left = {path.name for path in Path(room.folder).iterdir()}
    assert left == {*names, "pid-11"} - {"gauge_livesum_1.db"}


def test_without_a_folder_each_worker_tells_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    room = MetricsRoom()
    room.open(tmp_path / "nowhere")
    assert room.folder == ""
    room.ended(1)
    room.close()
