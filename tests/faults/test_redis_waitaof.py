"""Where Redis can wait until an entry is on the disk (7.2 and later, Valkey), `--require-durable` has it wait."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from moderator.log import redis as redis_log
from moderator.log.base import LogUnavailable, LogUncertain
from moderator.log.redis import open_log
from tests.conftest import Connect, Serve
from tests.support.client import assert_in_sync
from tests.support.redis import NEWER, Redis

pytestmark = pytest.mark.skipif(NEWER is None, reason="no Redis of 7.2 or later is installed")


@pytest.fixture
def newer(tmp_path: Path) -> Iterator[Redis]:
    """It syncs its file every second, so an answer alone says nothing of the disk."""
    server = Redis(tmp_path / "newer", fsync="everysec", binary=NEWER)
    server.start()
    yield server
    server.finish()


def waited(newer: Redis) -> int:
    told: dict[str, Any] = newer.client().info("commandstats")
    return int(told.get("cmdstat_waitaof", {}).get("calls", 0))


def test_each_append_waits_for_the_disk_where_that_is_required(newer: Redis) -> None:
    log = open_log(newer.url, require_durable=True)
    assert "WAITAOF" in log.worth()
    log.create("moss", b"1", 1)
    log.append("moss", 2, b"2", 2)
    assert waited(newer) == 2
    newer.kill9()
    newer.start()
    assert [commit.seq for commit in log.read("moss")] == [1, 2]
    log.close()

    log = open_log(newer.url)
    assert "last two seconds" in log.worth()
    log.append("moss", 3, b"3", 3)
    assert waited(newer) == 0  # since it was started again
    log.close()


@pytest.mark.parametrize(
    ("broken", "whole", "said"),
    [(("appendfsync", "no"), ("appendfsync", "everysec"), "did not sync its file in time"),
     (("appendonly", "no"), ("appendonly", "yes"), "WAITAOF")],
)  # fmt: skip
def test_an_append_that_is_not_on_the_disk_in_time_is_in_doubt_until_it_is(
    newer: Redis, monkeypatch: pytest.MonkeyPatch, broken: Any, whole: Any, said: str
) -> None:
    log = open_log(newer.url, require_durable=True)
    log.create("moss", b"1", 1)
    newer.client().config_set(*broken)
    monkeypatch.setattr(redis_log, "WAIT_AOF_MS", 200)
    for _ in range(2):
        with pytest.raises(LogUncertain, match=said):
            log.append("moss", 2, b"2", 2)
    newer.client().config_set(*whole)
    monkeypatch.setattr(redis_log, "WAIT_AOF_MS", 2900)
    until_done(lambda: log.append("moss", 2, b"2", 2))
    assert [commit.body for commit in log.read("moss")] == [b"1", b"2"]  # once
    log.close()


def until_done(act: Any) -> None:
    """Repeat what is in doubt, as a room does."""
    give_up = time.monotonic() + 30
    while True:
        try:
            act()
        except LogUncertain:
            assert time.monotonic() < give_up
            time.sleep(0.05)
        else:
            return


def test_a_file_that_is_never_synced_is_not_durable_however_long_one_waits(tmp_path: Path) -> None:
    server = Redis(tmp_path / "never", fsync="no", binary=NEWER)
    server.start()
    try:
        with pytest.raises(LogUnavailable, match=r"appendfsync no: .* Set appendonly yes, appendfsync always"):
            open_log(server.url, require_durable=True)
    finally:
        server.finish()


@pytest.mark.server
def test_a_command_is_answered_once_it_is_on_the_disk_and_not_before(
    newer: Redis, serve: Serve, connect: Connect
) -> None:
    server = serve("--redis", newer.url, "--require-durable")
    assert "WAITAOF" in server.stdout
    assert server.get("/readyz").json()["durable"] is True
    moderator = connect(server, "moderator")
    before = waited(newer)
    moderator.do("timer:start")
    assert waited(newer) > before

    newer.client().config_set("appendfsync", "no")
    acks: list[dict[str, Any]] = []
    moderator.post("timer:next", {"id": "not-on-the-disk"}, acks.append)
    moderator.wait_for(lambda client: "did not sync" in client.view["presence"].get("log", ""), timeout=20)
    # It may be in the log, so nothing is said of it; what comes after it is surely not.
    refused = moderator.send("timer:add", {"seconds": 60, "id": "after-that"})
    assert refused["error"]["code"] == "unavailable"
    assert acks == []

    newer.client().config_set("appendfsync", "everysec")
    moderator.wait_for(lambda client: "log" not in client.view["presence"], timeout=20)
    give_up = time.monotonic() + 20
    while not acks:
        assert time.monotonic() < give_up
        time.sleep(0.05)
    assert acks[0]["ok"]
    moderator.do("timer:add", {"seconds": 60, "id": "after-that"})
    assert_in_sync(moderator)
