"""The real server as a process of its own, on a free port of 127.0.0.1 and a data directory of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import requests
from click.testing import CliRunner

from moderator.cli import program

ROOT = Path(__file__).resolve().parents[2]
READY_S = 30
"""A deadline, not an expectation: two cores may be busy with other tests."""
STOP_S = 5
"""The contract: SIGTERM to exit within 5 s."""


def environment() -> dict[str, str]:
    """Ours, without what would configure the server behind the test's back."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MODERATOR_") and key != "REDIS_URL"}
    return {**kept, "PYTHONUNBUFFERED": "1", "PYTHONFAULTHANDLER": "1"}


def run(*arguments: str | Path, timeout: float = 60, check: bool = True) -> subprocess.CompletedProcess[str]:
    """`python run.py …` to its end. With `check`, it must exit 0."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *map(str, arguments)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    if check and done.returncode != 0:
        raise AssertionError(f"run.py {' '.join(map(str, arguments))} exited {done.returncode}:\n{done.stderr}")
    return done


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """Start, stop, kill and start again on the same data and port."""

    def __init__(self, folder: Path, *options: str | Path, data: Path | None = None, port: int | None = None) -> None:
        """`folder`: where its output goes. `options`: further arguments of `serve`."""
        self.folder = folder
        self.data = data or folder / "data"
        self.port = port or free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.options = [str(option) for option in options]
        self.forgiven: list[str] = []
        """Texts that may stand in the output although they look like a failure; a test that provokes one names it."""
        self._process: subprocess.Popen[bytes] | None = None
        self._links: dict[str, Any] | None = None

    # Life

    def start(self) -> Server:
        """Start it and wait until /readyz says 200."""
        self.launch()
        self.wait_until_ready()
        return self

    def launch(self) -> None:
        """Start it; `wait_until_ready` has to follow."""
        assert self._process is None, "it runs already"
        self.folder.mkdir(parents=True, exist_ok=True)
        arguments = ["--host", "127.0.0.1", "--port", str(self.port), "--data", str(self.data), *self.options]
        with open(self.folder / "stdout", "ab") as stdout, open(self.folder / "stderr", "ab") as stderr:
            self._process = subprocess.Popen(
                [sys.executable, str(ROOT / "run.py"), "serve", *arguments],
                cwd=ROOT,
                env=environment(),
                stdout=stdout,
                stderr=stderr,
                stdin=subprocess.DEVNULL,
            )

    def stop(self) -> int:
        """SIGTERM; its exit code. Fails if that takes longer than the contract allows."""
        assert self._process is not None, "it does not run"
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGABRT)  # faulthandler says where it hangs
            self._process.wait(STOP_S)
            raise AssertionError(f"it did not stop within {STOP_S} s of SIGTERM\n{self.stderr}") from None
        finally:
            self._process = None

    def kill9(self) -> None:
        """What a power cut does to it."""
        assert self._process is not None, "it does not run"
        self._process.kill()
        self._process.wait(STOP_S)
        self._process = None

    def restart(self, *options: str | Path) -> Server:
        """Stop it if it runs, and start it on the same data and port; `options`, if any, replace the former ones."""
        if self._process is not None:
            assert self.stop() == 0, self.stderr
        if options:
            self.options = [str(option) for option in options]
        return self.start()

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None, "it does not run"
        return self._process.pid

    def finish(self) -> None:
        """The end of a test: it must stop as the contract says, and have said nothing that looks like a failure."""
        try:
            if self._process is not None:
                code = self.stop()
                assert code == 0, f"the server exited {code}\n{self.stderr}"
        finally:
            if self._process is not None:
                self.kill9()
        for line in self.complaints():
            raise AssertionError(f"the server said: {line}\n{self.stderr[-4000:]}")

    def complaints(self) -> list[str]:
        """Lines of the output that no server should print, without the forgiven ones."""
        signs = ("Traceback (most recent call last)", "Exception ignored", "DeprecationWarning", "Fatal Python error")
        lines = (self.stdout + "\n" + self.stderr).splitlines()
        return [
            line
            for line in lines
            if any(sign in line for sign in signs) and not any(ok in line for ok in self.forgiven)
        ]

    # What it says and serves

    @property
    def stdout(self) -> str:
        """All it printed, over all its lives."""
        return _text(self.folder / "stdout")

    @property
    def stderr(self) -> str:
        """All it printed on stderr, over all its lives."""
        return _text(self.folder / "stderr")

    @property
    def links(self) -> dict[str, Any]:
        """`{"webinar", "base", "attendee", "moderator", "screen", "speakers": {slot: url}}` of the oldest webinar."""
        if self._links is None:
            found = self.read_links()
            self._links = found[0] if isinstance(found, list) else found
        return self._links

    def read_links(self, *options: str) -> Any:
        """`run.py links --json` as it stands, asked anew, in this process; forgets what `links` remembered."""
        self._links = None
        unset = {name: None for name in os.environ if name not in environment()}
        told = CliRunner().invoke(program, ["links", "--json", *map(str, self.where), *options], env=unset)
        assert told.exit_code == 0, told.output
        return json.loads(told.stdout)

    @property
    def webinar(self) -> str:
        """The slug of the oldest webinar."""
        return str(self.links["webinar"])

    def key(self, role: str, slot: str | None = None) -> str:
        """The secret of a moderator's, screen's or (with `slot`) speaker's link."""
        link = self.links["speakers"][slot] if role == "speaker" else self.links[role]
        return str(link).rsplit("/k/", 1)[1]

    def base_for(self, role: str, name: str | None = None) -> str:
        """Where a client of this role connects: see `Pair`."""
        return self.base

    def join(self, webinar: str | None = None) -> str:
        """A new attendee's token."""
        answer = requests.post(f"{self.base}/api/v1/webinars/{webinar or self.webinar}/join", timeout=10)
        assert answer.status_code in (200, 201), f"{answer.status_code} {answer.text}"
        return str(answer.json()["attendee"])

    def get(self, path: str, **options: Any) -> requests.Response:
        """GET, without following redirects unless asked to."""
        return requests.get(self.base + path, **{"timeout": 10, "allow_redirects": False, **options})

    def post(self, path: str, **options: Any) -> requests.Response:
        """POST, without following redirects unless asked to."""
        return requests.post(self.base + path, **{"timeout": 10, "allow_redirects": False, **options})

    @property
    def where(self) -> list[str]:
        """The options that lead a command to its data."""
        at = self.options.index("--redis") if "--redis" in self.options else len(self.options)
        return ["--data", str(self.data), *self.options[at : at + 2]]

    def wait_until_ready(self) -> None:
        """Wait until /readyz says 200. Fails when it ends before, or takes too long."""
        assert self._process is not None, "it does not run"
        give_up = time.monotonic() + READY_S
        last = "no answer"
        while time.monotonic() < give_up:
            if self._process.poll() is not None:
                code, self._process = self._process.returncode, None
                raise AssertionError(f"the server exited {code} before it was ready\n{self.stderr}")
            try:
                answer = requests.get(self.base + "/readyz", timeout=2)
                if answer.status_code == 200:
                    return
                last = f"{answer.status_code} {answer.text}"
            except requests.RequestException:
                pass
            time.sleep(0.05)
        self.kill9()
        raise AssertionError(f"the server was not ready within {READY_S} s: {last}\n{self.stderr}")


def _text(path: Path) -> str:
    return path.read_text(errors="replace") if path.exists() else ""
