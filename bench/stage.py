"""What is measured and what measures it: our server and its peers on one core, load clients on the other."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

import socketio

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BUILD = HERE / "build"
PEERS = HERE / "peers"
sys.path.insert(0, str(ROOT))

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, CLIENT_CORE = CORES[0], CORES[-1]
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def build() -> None:
    """Compile the load client and the C sender, install Node's socket.io where Node is."""
    BUILD.mkdir(exist_ok=True)
    for source in (HERE / "load.c", PEERS / "sender.c"):
        target = BUILD / source.stem
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            subprocess.run(["cc", "-O2", "-o", target, source], check=True)
    installed = PEERS / "node_modules" / "socket.io"
    if shutil.which("npm") and not installed.exists():
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=PEERS, check=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def pinned(core: int, nice: int = 0) -> Any:
    def before() -> None:
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, {core})
        with contextlib.suppress(OSError):
            os.nice(nice)

    return before


class Process:
    """A server under measurement."""

    name = ""

    def __init__(self, arguments: list[str | Path], ready: str = "ready") -> None:
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115
        self.process = subprocess.Popen(
            arguments,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            stdin=subprocess.DEVNULL,
            preexec_fn=pinned(SERVER_CORE),  # noqa: PLW1509 (nothing else runs in the child)
            cwd=ROOT,
            env={key: value for key, value in os.environ.items() if not key.startswith("BENCH_")},
        )
        self.pid = self.process.pid
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.decode().startswith(ready):
                break
        else:
            self.errors.seek(0)
            raise RuntimeError(f"{arguments} did not start: {self.errors.read().decode()}")
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def cpu_s(self) -> float:
        """Processor seconds used so far, by the process's own clock."""
        with contextlib.suppress(OSError):
            return time.clock_gettime((~self.pid << 3) | 2)
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * TICK_S

    def rss_kb(self) -> int:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1])
        return 0

    def stop(self, how: signal.Signals = signal.SIGKILL) -> None:
        self.process.send_signal(how)
        self.process.wait()


class Peer(Process):
    """A server that does nothing but send the same bytes to everybody when it gets a signal."""

    hello = 0
    signal = signal.SIGUSR1

    def __init__(self, name: str, size: int) -> None:
        self.name = name
        self.port = free_port()
        programs: dict[str, list[str | Path]] = {
            "c": [BUILD / "sender"],
            "node": ["node", PEERS / "node.js"],
            "stock": [sys.executable, PEERS / "stock.py"],
        }
        if name == "node":
            self.signal = signal.SIGUSR2
        super().__init__([*programs[name], str(self.port), str(size)])

    def hellos(self, count: int) -> list[str]:
        return ["raw" if self.name == "c" else "40"] * count

    def send(self, number: int) -> None:
        """One event to everybody."""
        del number
        self.process.send_signal(self.signal)


class Ours(Process):
    """The product: the whole server, on a data directory of its own."""

    name = "ours"
    hello = 1

    def __init__(self, data: Path | None = None, port: int | None = None, *options: str) -> None:
        self.desk: socketio.Client | None = None
        self.data = data or Path(tempfile.mkdtemp(prefix="bench-"))
        self.port = port or free_port()
        root = Path(os.environ.get("BENCH_ROOT", ROOT))  # another tree of the product, to compare with
        super().__init__(
            [
                *(sys.executable, root / "run.py", "serve", "--host", "127.0.0.1", "--port", str(self.port)),
                *("--data", str(self.data), "--join-limit", "0", *options),
            ],
            ready="Serving on",
        )
        from moderator.live.identity import Identities, load_secret

        self.identities = Identities(load_secret(self.data, {}))
        self.slug: str = self.get("/api/v1/webinars")["webinars"][0]["slug"]
        self.key = self.identities.key(self.slug, "moderator")

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return json.load(answer)

    def metrics(self) -> dict[str, float]:
        """The metrics without labels, by name."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=30) as answer:
            lines = answer.read().decode().splitlines()
        pairs = (line.split() for line in lines if line and line[0] != "#" and "{" not in line)
        return {name: float(value) for name, value in pairs}

    def post(self, path: str, payload: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/webinars/{self.slug}{path}",
            json.dumps(payload).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def do(self, type: str, **payload: Any) -> Any:
        """A moderator's command."""
        return self.post("/commands", {"type": type, **payload})

    def attendee(self) -> str:
        """The CONNECT packet of a new attendee. Tokens are signed, not stored: minting one here is joining."""
        token = self.identities.mint_attendee(self.slug)
        return "40" + json.dumps({"webinar": self.slug, "role": "attendee", "attendee": token})

    def moderator(self) -> str:
        return "40" + json.dumps({"webinar": self.slug, "role": "moderator", "key": self.key})

    def hellos(self, count: int) -> list[str]:
        return [self.attendee() for _ in range(count)]

    def send(self, number: int) -> None:
        """One patch to everybody: a moderator on a socket gives a minute more, or one less."""
        if self.desk is None:
            self.desk = socketio.Client()
            auth = {"webinar": self.slug, "role": "moderator", "key": self.key}
            self.desk.connect(f"http://127.0.0.1:{self.port}", auth=auth, transports=["websocket"])
        ack = self.desk.call("timer:add", {"seconds": 60 if number % 2 else -60}, timeout=60)
        assert ack["ok"], ack

    def questions(self, count: int) -> list[str]:
        """Public questions, asked by the moderator for the hall."""
        made = [self.do("question:ask", text=f"What of point {n + 1}?", source="room") for n in range(count)]
        ids = [one["question"]["id"] for one in made]
        for at in range(0, count, 50):
            self.do("question:approve", questions=ids[at : at + 50])
        return ids

    def again(self) -> Ours:
        """A new process on the same data and port."""
        return Ours(self.data, self.port)

    def stop(self, how: signal.Signals = signal.SIGKILL) -> None:
        if self.desk is not None:
            self.desk.disconnect()
        super().stop(how)

    def forget(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)


class Load:
    """A load client process; `hellos`: what each of its clients says to connect."""

    def __init__(self, port: int, hello: int, hellos: list[str], *, nice: int = 0) -> None:
        self.process = subprocess.Popen(
            [BUILD / "load", str(port), str(hello)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            preexec_fn=pinned(CLIENT_CORE, nice),  # noqa: PLW1509
        )
        self.lines: queue.Queue[list[str]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.say(*hellos, "")

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            text = line.decode("utf-8", "replace").strip()
            if text.startswith("refused"):
                print(f"  a client was {text}", file=sys.stderr)
            self.lines.put(text.split())
        self.lines.put(["end"])

    def say(self, *lines: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("".join(line + "\n" for line in lines).encode())
        self.process.stdin.flush()

    def line(self, word: str, timeout: float = 120) -> list[str]:
        """The next line that begins so; others are left aside."""
        give_up = time.monotonic() + timeout
        while True:
            try:
                words = self.lines.get(timeout=max(0.01, give_up - time.monotonic()))
            except queue.Empty:
                raise TimeoutError(f"no line {word!r} of the load client within {timeout} s") from None
            if words[0] == word:
                return words
            if words[0] == "end":
                raise RuntimeError("the load client ended")

    def count(self) -> tuple[int, int]:
        """Frames and bytes since the last count."""
        self.say("count")
        words = self.line("count")
        return int(words[1]), int(words[2])

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
