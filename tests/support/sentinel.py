"""A master, its replica and a sentinel that watches them, of a test's own."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import redis

from tests.support.redis import BINARY, Redis
from tests.support.server import free_port

GROUP = "hall"


class Trio:
    """Start; kill the master; see who is promoted."""

    def __init__(self, folder: Path) -> None:
        """`folder`: where their files go."""
        self.folder = folder
        folder.mkdir()
        at_once = ("--repl-diskless-sync-delay", "0")
        self.master = Redis(folder / "master", *at_once)
        self.replica = Redis(folder / "replica", "--replicaof", "127.0.0.1", str(self.master.port), *at_once)
        self.port = free_port()
        self.url = f"redis+sentinel://127.0.0.1:{self.port}/{GROUP}"
        self._sentinel: subprocess.Popen[bytes] | None = None

    def start(self) -> Trio:
        """All three, until the replica follows and the sentinel knows of it."""
        self.master.start()
        self.replica.start()
        self.until(lambda: self.link() == "up")
        (self.folder / "sentinel.conf").write_text(
            f"port {self.port}\nbind 127.0.0.1\ndir {self.folder}\n"
            f"sentinel monitor {GROUP} 127.0.0.1 {self.master.port} 1\n"
            # It would ask for its replicas by itself, within ten seconds.
            f"sentinel known-replica {GROUP} 127.0.0.1 {self.replica.port}\n"
            # A busy machine may hold a master up for a second; that must not look like its end.
            f"sentinel down-after-milliseconds {GROUP} 2000\nsentinel failover-timeout {GROUP} 3000\n"
        )
        with open(self.folder / "sentinel.out", "wb") as out:
            self._sentinel = subprocess.Popen(
                [str(BINARY), str(self.folder / "sentinel.conf"), "--sentinel"], stdout=out, stderr=out
            )
        self.until(self._watched)
        return self

    def _watched(self) -> bool:
        """Whether the sentinel has heard from the replica that it is one and follows."""
        try:
            with contextlib.closing(redis.Redis(port=self.port, decode_responses=True)) as client:
                (facts,) = client.sentinel_slaves(GROUP)
        except (redis.RedisError, ValueError):
            return False
        return facts["role-reported"] == "slave" and facts["master-link-status"] == "ok"

    @property
    def said(self) -> str:
        """What the sentinel printed."""
        return (self.folder / "sentinel.out").read_text(errors="replace")

    def link(self) -> str:
        """Whether the replica follows: up or down."""
        return str(self.replica.client().info("replication")["master_link_status"])  # type: ignore[index]

    def caught_up(self) -> None:
        """Wait until the replica has everything. WAIT is about what its own connection wrote, so that writes last."""
        with self.master.client().client() as client:
            client.set("caught-up", 1)
            assert client.wait(1, 10_000) == 1

    def part(self) -> None:
        """The replica gets nothing any more, and does not know that it should not count."""
        client = self.master.client()
        client.execute_command("ACL", "SETUSER", "default", "-psync", "-sync", "-replconf")
        client.execute_command("CLIENT", "KILL", "TYPE", "replica")
        self.until(lambda: self.link() == "down")

    def kill_master(self) -> None:
        """Until the replica was promoted."""
        self.master.kill9()
        self.until(lambda: self.replica.client().info("replication")["role"] == "master", 40)  # type: ignore[index]

    def until(self, what: Callable[[], bool], timeout: float = 20) -> None:
        """Wait until something holds. A Redis hangs up on everybody when it is promoted: it is asked again."""
        give_up = time.monotonic() + timeout
        while True:
            with contextlib.suppress(redis.ConnectionError):
                if what():
                    return
            assert time.monotonic() < give_up, f"waited {timeout} s in vain" + self.said[-2000:]
            time.sleep(0.05)

    def finish(self) -> None:
        """The end of a test."""
        if self._sentinel is not None:
            self._sentinel.kill()
            self._sentinel.wait()
        self.replica.finish()
        self.master.finish()
