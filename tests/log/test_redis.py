"""What the log in Redis promises beyond the contract of all logs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from moderator.log import redis_script as keys
from moderator.log.base import LogConflict, LogGone, LogLost, LogUnavailable, LogUncertain
from moderator.log.redis import RedisLog, open_log
from moderator.log.redis_health import Persistence
from moderator.log.redis_way import Way, check_url, readable
from tests.log.conftest import needs_redis
from tests.support.redis import Redis
from tests.support.sentinel import Trio
from tests.support.server import free_port

pytestmark = needs_redis


@pytest.fixture
def opened(redis: Redis) -> Iterator[Callable[[], RedisLog]]:
    """Open the log on this test's Redis, any number of times at once."""
    logs: list[RedisLog] = []

    def open_one() -> RedisLog:
        logs.append(open_log(redis.unix_url))
        return logs[-1]

    yield open_one
    for log in logs:
        log.close()


def until_settled(log: RedisLog, webinar: str, seq: int, body: bytes, at: int) -> str:
    """Repeat an append as the protocol says, to its end."""
    give_up = time.monotonic() + 15
    while time.monotonic() < give_up:
        try:
            log.append(webinar, seq, body, at)
        except LogUncertain:
            time.sleep(0.05)
            continue
        except LogConflict:
            return "conflict"
        return "ok"
    raise AssertionError("it was never settled")


def test_of_two_writers_one_gets_a_number_and_both_read_the_same(opened: Callable[[], RedisLog]) -> None:
    one, two = opened(), opened()
    one.create("acids", b"1", 1)
    list(two.read("acids"))

    one.append("acids", 2, b"one", 2)
    with pytest.raises(LogConflict):
        two.append("acids", 2, b"two", 2)
    two.append("acids", 3, b"two", 3)

    assert one.epoch == two.epoch
    assert list(one.read("acids")) == list(two.read("acids"))


def test_an_append_that_was_sent_and_not_answered_finds_itself(redis: Redis, opened: Callable[[], RedisLog]) -> None:
    log = opened()
    log.create("acids", b"1", 1)
    log.append("acids", 2, b"2", 2)  # the script is known, the connection stands
    redis.freeze()
    try:
        with pytest.raises(LogUncertain):
            log.append("acids", 3, b"3", 3)
    finally:
        redis.thaw()

    assert until_settled(log, "acids", 3, b"3", 3) == "ok"
    assert [commit.body for commit in log.read("acids")] == [b"1", b"2", b"3"]


def test_an_append_in_doubt_learns_that_another_took_its_number(
    redis: Redis, opened: Callable[[], RedisLog], monkeypatch: pytest.MonkeyPatch
) -> None:
    log, other = opened(), opened()
    log.create("acids", b"1", 1)
    list(other.read("acids"))
    with monkeypatch.context() as patch:

        def lose(*command: object) -> object:
            raise LogUncertain("the answer got lost on the way there")

        patch.setattr(log.way(), "call", lose)
        with pytest.raises(LogUncertain):
            log.append("acids", 2, b"mine", 2)
    other.append("acids", 2, b"theirs", 2)

    assert until_settled(log, "acids", 2, b"mine", 2) == "conflict"
    assert [commit.body for commit in log.read("acids")] == [b"1", b"theirs"]


def test_a_doubt_is_not_ended_by_a_redis_that_is_away_or_empty(redis: Redis, opened: Callable[[], RedisLog]) -> None:
    log = opened()
    log.create("acids", b"1", 1)
    log.append("acids", 2, b"2", 2)
    redis.freeze()
    with pytest.raises(LogUncertain):
        log.append("acids", 3, b"3", 3)
    redis.kill9()
    with pytest.raises(LogUncertain):
        log.append("acids", 3, b"3", 3)
    redis.start(empty=True)
    with pytest.raises(LogUncertain):
        log.append("acids", 3, b"3", 3)
    redis.bring_back()

    assert until_settled(log, "acids", 3, b"3", 3) == "ok"
    assert log.last("acids") == 3


def test_an_append_that_could_not_be_sent_is_not_there(redis: Redis, opened: Callable[[], RedisLog]) -> None:
    log = opened()
    log.create("acids", b"1", 1)
    redis.kill9()

    with pytest.raises(LogUnavailable) as raised:
        log.append("acids", 2, b"2", 2)

    assert not isinstance(raised.value, LogUncertain)
    redis.start()
    assert log.last("acids") == 1


def test_a_log_that_is_emptied_is_lost_until_it_is_back(redis: Redis, opened: Callable[[], RedisLog]) -> None:
    log = opened()
    log.create("acids", b"1", 1)
    redis.kill9()
    redis.start(empty=True)

    for attempt in (lambda: log.append("acids", 2, b"2", 2), lambda: log.create("b", b"", 1), log.webinars):
        with pytest.raises(LogLost, match="Put its data back"):
            attempt()
    assert "is empty" in log.health()["message"]
    with pytest.raises(LogLost):
        open_log(redis.unix_url, expected=log.epoch)

    redis.bring_back()
    log.append("acids", 2, b"2", 2)
    assert log.health()["ok"] is True


def test_a_lost_tail_is_not_written_over(redis: Redis, opened: Callable[[], RedisLog]) -> None:
    log = opened()
    log.create("acids", b"1", 1)
    for seq in (2, 3, 4):
        log.append("acids", seq, b"x", seq)
    client = redis.client()  # as after a failover to a replica that had not got everything
    rows = client.xrange(keys.stream("acids"))
    client.delete(keys.stream("acids"))
    for id, fields in rows[:2]:
        client.xadd(keys.stream("acids"), fields, id=id)

    for seq in (3, 5):
        with pytest.raises(LogLost, match="lost the newest commits of acids"):
            log.append("acids", seq, b"y", seq)
    assert log.health()["ok"] is False


def test_a_follower_hears_of_commits_webinars_and_rewritten_ones(opened: Callable[[], RedisLog]) -> None:
    one, two = opened(), opened()
    assert two.follow({}, 0.1).webinars == []
    one.create("acids", b"1", 1)
    assert two.follow({}, 5).webinars == ["acids"]
    list(two.read("acids"))

    heard: list[bytes] = []

    def listen() -> None:
        known = {"acids": 1}
        while known["acids"] < 4:
            for commit in two.follow(known, 2).commits.get("acids", []):
                heard.append(commit.body)
                known["acids"] = commit.seq

    listener = threading.Thread(target=listen)
    listener.start()
    for seq in (2, 3, 4):
        one.append("acids", seq, b"%d" % seq, seq)
    listener.join(10)
    assert heard == [b"2", b"3", b"4"]

    one.rewrite("acids", [(2, b"-")])
    assert two.follow({"acids": 4}, 5).stale == {"acids"}
    with pytest.raises(LogGone):
        two.append("acids", 5, b"of an old fold", 5)
    assert [commit.body for commit in two.read("acids")] == [b"1", b"-", b"3", b"4"]
    two.append("acids", 5, b"5", 5)

    one.erase("acids")
    assert two.follow({"acids": 5}, 5).webinars == []
    one.create("acids", b"anew", 9)
    with pytest.raises(LogGone):
        two.append("acids", 2, b"of the old one", 2)


def test_while_it_is_copied_a_webinar_is_read_only(opened: Callable[[], RedisLog]) -> None:
    log = opened()
    log.create("acids", b"1", 1)
    with log.frozen("acids"), pytest.raises(LogUnavailable, match="copied"):
        log.append("acids", 2, b"2", 2)
    log.append("acids", 2, b"2", 2)


def test_its_clock_is_that_of_redis(redis: Redis) -> None:
    log = open_log(redis.unix_url)
    seconds, micros = redis.client().time()  # type: ignore[misc]
    assert log.now() == pytest.approx(seconds * 1000 + micros // 1000, abs=50)
    log.close()


@pytest.mark.parametrize(
    ("given", "durable", "said"),
    [
        (Persistence("7.0", "yes", "always"), True, "survives a crash of Redis and of its machine"),
        (Persistence("7.0", "yes", "everysec"), False, "a power cut there can take the last two seconds"),
        (Persistence("7.2", "yes", "everysec"), True, "a power cut there can take the last two seconds"),
        (Persistence("7.0", "yes", "no"), False, "half a minute".replace("half a", "the last half")),
        (Persistence("7.0", "no", "everysec", save="3600 1"), False, "everything since its last snapshot is lost"),
        (Persistence("7.0", "no", "everysec"), False, "it keeps nothing on disk"),
        (Persistence("7.0", "yes", "always", maxmemory=1, policy="allkeys-lru"), False, "throw the log away"),
        (Persistence(), False, "does not say"),
        (Persistence("7.0", "yes", "always", replicas=1), True, "a replica that takes over may lack the last moments"),
    ],
)
def test_it_says_what_an_acknowledgement_is_worth(given: Persistence, durable: bool, said: str) -> None:
    assert given.durable is durable
    assert said in given.worth()


def test_it_asks_redis_and_refuses_what_is_not_durable(redis: Redis) -> None:
    log = open_log(redis.unix_url, require_durable=True)
    assert "appendfsync always" in log.worth()
    log.close()
    redis.client().config_set("appendfsync", "everysec")
    if not log.persistence.can_wait:
        with pytest.raises(LogUnavailable, match="--require-durable"):
            open_log(redis.unix_url, require_durable=True)
    open_log(redis.unix_url).close()


def test_addresses_are_checked_and_shown_without_their_password() -> None:
    for good in ("redis://h:1/0", "rediss://:s@h", "unix:///s", "redis+sentinel://a:1,b:2/group", "redis+cluster://h"):
        check_url(good)
    for bad in ("http://h", "h:6379", "", "redis+sentinel://a:1"):
        with pytest.raises(ValueError):
            check_url(bad)
    assert readable("rediss://ann:pa%40ss@host:6379/1") == "rediss://host:6379/1"
    with pytest.raises(LogUnavailable, match="cannot be reached") as raised:
        open_log(f"redis://:hidden@127.0.0.1:{free_port()}/0")
    assert "hidden" not in raised.value.message


def test_it_works_on_a_cluster(tmp_path: Path) -> None:
    server = Redis(tmp_path / "cluster", "--cluster-enabled", "yes")
    server.start()
    try:
        client = server.client()
        client.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
        while b"cluster_state:ok" not in bytes(client.execute_command("CLUSTER", "INFO")):
            time.sleep(0.05)
        log = open_log(f"redis+cluster://127.0.0.1:{server.port}")
        log.create("acids", b"1", 1)
        log.append("acids", 2, b"2", 2)
        log.rewrite("acids", [(1, b"-")])
        assert [commit.body for commit in log.read("acids")] == [b"-", b"2"]
        assert log.follow({"acids": 1}, 1).commits["acids"][0].seq == 2
        log.erase("acids")
        log.close()
    finally:
        server.finish()


def test_a_failover_by_sentinels_is_followed(tmp_path: Path) -> None:
    """What an acknowledgement was worth: all of it, because the replica had everything when the master died."""
    trio = Trio(tmp_path / "trio")
    try:
        trio.start()
        log = open_log(trio.url)
        log.create("acids", b"1", 1)
        log.append("acids", 2, b"2", 2)
        trio.caught_up()
        trio.master.kill9()
        give_up = time.monotonic() + 30
        while True:
            try:
                log.append("acids", 3, b"3", 3)
                break
            except LogUnavailable:
                assert time.monotonic() < give_up, trio.said[-2000:]
                time.sleep(0.1)
        assert [commit.body for commit in log.read("acids")] == [b"1", b"2", b"3"]
        assert trio.replica.client().info("replication")["role"] == "master"
        log.close()
    finally:
        trio.finish()


def test_a_way_that_is_closed_can_be_closed_again(redis: Redis) -> None:
    way = Way(redis.unix_url)
    assert way.call("PING") == b"PONG"
    way.close()
    way.close()
