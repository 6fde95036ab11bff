"""Every log, for the tests of what all of them promise. A further one joins by a maker in `MAKERS`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from moderator.log import redis as redis_log
from moderator.log import sqlite as sqlite_log
from moderator.log.base import Log
from tests.support.redis import BINARY, Redis

MakeLog = Callable[[], Log]
"""Opens the log of this test; again after `close()`, with what it held."""
Opener = Callable[[Path, Redis], Log]


def _sqlite(folder: Path, redis: Redis) -> Log:
    return sqlite_log.open_log(folder)


def _redis(folder: Path, redis: Redis) -> Log:
    return redis_log.open_log(redis.unix_url)


MAKERS: dict[str, Opener] = {"sqlite": _sqlite, "redis": _redis}
needs_redis = pytest.mark.skipif(BINARY is None, reason="redis-server is not installed")


@pytest.fixture(scope="session")
def shared_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """One redis-server for the tests of the contract; each finds it empty."""
    server = Redis(tmp_path_factory.mktemp("redis") / "files", fsync="everysec")
    if BINARY is not None:
        server.start()
    yield server
    server.finish()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    """A redis-server of this test's own, which it may kill; every answer means that the entry is on the disk."""
    server = Redis(tmp_path / "redis")
    server.start()
    yield server
    server.finish()


@pytest.fixture(params=["sqlite", pytest.param("redis", marks=needs_redis)])
def make_log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeLog]:
    """Open the same log any number of times, one after the other."""
    server: Redis | None = None
    if request.param == "redis":
        server = request.getfixturevalue("shared_redis")
        assert server is not None
        server.client().flushall()
    with ExitStack() as stack:

        def make() -> Log:
            log = MAKERS[request.param](tmp_path / "data", server)  # type: ignore[arg-type]
            stack.callback(log.close)
            return log

        yield make


@pytest.fixture
def log(make_log: MakeLog) -> Log:
    """A new, empty log."""
    return make_log()
